"""Templates and data: which one fits, and what another one lacks."""

from dataclasses import replace
from shlex import quote

from lstmcli.data.cells import FILL_IN, WAYS
from lstmcli.data.declaration import DataSection
from lstmcli.data.sources import source_name
from lstmcli.data.targets import not_named
from lstmcli.errors import DataError, Fault, Place, counted, did_you_mean, listed
from lstmcli.records import Targets, Task
from lstmcli.starter.names import FORECAST, LABEL, LABELS, ONE, SEVERAL, TEXT, VIDEO
from lstmcli.starter.templates import Template
from lstmcli.survey.survey import Survey, survey
from lstmcli.survey.wide_table import recipe, tell_wide

MEND = f"first fill in or leave out the rows that cannot be read, {WAYS}"


def fitting_template(found: Survey) -> str:
    """The name of the template for data like this."""
    if found.sequences.words is not None:
        return TEXT
    if found.targets is None:
        return FORECAST
    if not found.classification:
        return SEVERAL if found.targets.per_step else ONE
    if found.sequences.shape is not None and not found.targets.per_step:
        return VIDEO
    return LABELS if found.targets.per_step else LABEL


def refuse_unfit(found: Survey, template: str) -> None:
    """Raise DataError if no spec can be begun before something is done about the data."""
    _refuse_unread_rows(found)
    _refuse_wide(found)
    _refuse_short(found, template)


def _refuse_unread_rows(found: Survey) -> None:
    """Raise DataError if there are rows that cannot be read."""
    fault = found.unread_rows
    if fault is not None and found.left_out.rows > 1:
        command = " ".join(map(quote, ("lstmcli", "inspect", *found.paths)))
        way_out = fault.help if fault.help == FILL_IN else "; ".join(filter(None, (fault.help, MEND)))
        fault = replace(fault, help=f"{way_out}; `{command}` counts them by column")
    if fault is not None:
        raise DataError(fault)


def _told_wide(found: Survey) -> str | None:
    """What is said if each row looks like a whole sequence, and nobody has named the features; else None."""
    return tell_wide(found) if found.columns.features is None else None


def _told_short(found: Survey, template: str) -> str | None:
    """What to do first if sequences have fewer steps than a template needs; None if they have enough."""
    columns, sequences = found.columns, found.sequences
    if template == FORECAST and columns.horizon is None:
        columns = replace(columns, horizon=1)
    if int(sequences.lengths.min()) >= columns.shortest:
        return None
    if _come_again(found):
        return (
            f"sort the rows by `{columns.sequence}`, each sequence in its order (a stable sort keeps it): "
            "a sequence is consecutive rows; only `lstmcli predict --stream` takes rows in any order"
        )
    none = ", or say `--sequence none`" if columns.sequence in found.names else ""
    return f"leave out sequences of fewer than {counted(columns.shortest, 'step')}{none}"


def _refuse_short(found: Survey, template: str) -> None:
    """Raise DataError if sequences are too short because their rows lie between those of others."""
    told = _told_short(found, template)
    if told is not None and _come_again(found):
        single = counted(int(found.sequences.lengths.min()), "step")
        message = f"{len(found.sequences)} sequences whose names come again, the shortest of {single}"
        raise DataError(Fault(message, Place(source_name(found.paths[0])), told))


def what_first(found: Survey) -> str | None:
    """What to do before a spec is begun; None if the data is as it should be."""
    if _told_wide(found) is not None:
        return f"make a row of each step:\n{recipe(found)}"
    return _told_short(found, fitting_template(found))


def _come_again(found: Survey) -> bool:
    return found.form == "table" and len(set(found.sequences.ids)) < len(found.sequences)


def _refuse_wide(found: Survey) -> None:
    """Raise DataError if no template fits, as each row looks like a whole sequence."""
    told = _told_wide(found)
    if told is not None:
        help = f"`{recipe(found)}` does so; if a row is one step, say `--sequence none`"
        raise DataError(Fault(told, Place(source_name(found.paths[0])), help))


def survey_for(
    template: Template, paths: tuple[str, ...], columns: DataSection, given: set[str], stdin: bytes | None
) -> Survey:
    """The data as a template reads it; raises DataError if it is at fault or lacks what is needed."""
    known = set(given) if template.takes == "words" else given | {"words"}
    asked = None
    if template.classification is None:
        known |= {"labels", "responses"}
        asked, columns = columns.responses, replace(columns, responses=None)
    found = survey(paths, columns, known, stdin, classification=template.classification)
    if template.classification is None:
        # Some forms of data have targets that nobody has to name.
        found = replace(found, targets=None)
    channels = found.sequences.channels or ()
    if template.classification is False and found.targets is None and len(channels) > 1:
        columns = replace(found.columns, responses=channels[-1:])
        reasons = {**found.guesses, "responses": "the last column of numbers"}
        found = replace(survey(paths, columns, {*known, *reasons}, stdin), guesses=reasons)
    refuse_unfit(found, template.name)
    where = Place(source_name(paths[0]))
    if template.takes == "words" and found.sequences.words is None:
        raise DataError(
            Fault("no column looks like texts of several words", where, "name it: `--words COLUMN`")
        )
    if template.takes == "images" and found.sequences.shape is None:
        help = "images are in `.npy` files, S-by-h-by-w-by-C, or in a MAT-file, h-by-w-by-C-by-S"
        raise DataError(Fault("the data are no images", where, help))
    if template.classification is not None and found.targets is None:
        task = Task(classification=template.classification, per_step=template.per_step)
        raise DataError(
            not_named(found.columns, task, "variable" if found.form == "MAT-file" else "column", where)
        )
    return found if asked is None else _answering(found, asked)


def _answering(found: Survey, responses: tuple[str, ...]) -> Survey:
    """Series of whose features only these are forecast; raises DataError for those that are none."""
    channels, columns, where = found.sequences.channels, found.columns, Place(source_name(found.paths[0]))
    if channels is None:
        help = "leave out `--responses`: all channels are forecast"
        raise DataError(Fault("the channels have no names", where, help))
    check_are_inputs(responses, channels, where)
    if responses == channels:
        return found
    values = found.sequences.values[:, [channels.index(name) for name in responses]]
    guessed = {} if columns.features else {"features": "all columns of numbers"}
    return replace(
        found,
        columns=replace(columns, features=channels, responses=responses),
        guesses={**found.guesses, **guessed},
        targets=Targets(values, responses, per_step=True),
    )


def check_are_inputs(responses: tuple[str, ...], features: tuple[str, ...], where: Place | None) -> None:
    """Raise DataError for a column that is to be forecast and is no input."""
    for name in responses:
        if name not in features:
            help = did_you_mean(name, features) or f"the features are {listed(features)}"
            raise DataError(Fault(f"`{name}` is no feature: what is forecast is an input, too", where, help))
