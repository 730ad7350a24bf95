"""What of a layer is wanted: which hidden units, and which sequences."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lstmcli.cli.usage import UsageFaultError
from lstmcli.data.cells import split_row
from lstmcli.errors import DataError, Fault, Place, counted, did_you_mean, listed
from lstmcli.prediction import Prediction
from lstmcli.records import Sequences

Found = Iterator[tuple[Sequences, Iterable[Prediction]]]
_RANGE = re.compile(r"(\d{1,9})(?::(\d{1,9}))?", re.ASCII)


def chosen_units(text: str | None, there: int) -> list[int]:
    """The numbers of units, from 0, that `1:10,12` names, in its order; without a text all there are.

    Raises UsageFaultError.
    """
    if text is None:
        return list(range(there))
    units: list[int] = []
    for part in text.split(","):
        found = _RANGE.fullmatch(part.strip())
        first, last = (int(end or found[1]) for end in found.groups()) if found else (0, 0)
        if not 1 <= first <= last:
            message = f"`--units` takes units and ranges of them, got `{text}`"
            raise UsageFaultError(Fault(message, None, "write `3`, `1:10` or `1:5,8`"))
        if last > there:
            raise UsageFaultError(Fault(f"`--units` names unit {last}, but there are {there}"))
        units += range(first - 1, last)
    return units


def chosen_ids(texts: Sequence[str]) -> list[str]:
    """The ids in some rows of CSV; raises UsageFaultError for what is no row."""
    try:
        return [id for text in texts for id in split_row(text, ",", Place("--ids")) or [""]]
    except DataError as error:
        raise UsageFaultError(error.faults[0]) from None


def chosen_sequences(found: Found, ids: Sequence[str]) -> Found:
    """What was found of the sequences with these ids, or of all without any; stops when all are there.

    Raises DataError at the end for ids that are in no sequence.
    """
    wanted, known = dict.fromkeys(ids), dict[str, None]()
    for sequences, predictions in found:
        if not ids:
            yield sequences, predictions
            continue
        yield sequences, (p for p in predictions if sequences.ids[p.row] in wanted)
        known |= dict.fromkeys(sequences.ids)
        if wanted.keys() <= known.keys():
            return
    for id in wanted:
        if id not in known:
            some = listed(known, 5)
            help = did_you_mean(id, known) or f"the data has {counted(len(known), 'sequence')}: {some}"
            raise DataError(Fault(f"there is no sequence `{id}`", None, help))
