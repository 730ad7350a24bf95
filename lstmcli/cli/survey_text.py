"""What was understood of data, as a person reads it and as a program does."""

import json
from collections.abc import Iterator, Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

import numpy as np

from lstmcli.cli.columns import cut_short, print_columns
from lstmcli.cli.streams import result
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.data.left_out import MISSING, NO_NUMBER, Gap
from lstmcli.data.sizes import show_shape
from lstmcli.data.sources import source_name
from lstmcli.errors import cells, counted
from lstmcli.spec.properties import properties_of
from lstmcli.starter.fitting import MEND, fitting_template, what_first
from lstmcli.survey.figures import channel_figures, class_counts, length_bins, response_figures
from lstmcli.survey.remarks import remarks

if TYPE_CHECKING:
    from lstmcli.survey.figures import Channel
    from lstmcli.survey.survey import Survey

BAR = 36
"""Cells of the longest bar."""
MOST_LINES = 24
"""Of a table that are shown to a person."""
FORMS = {"table": "a table", "folder": "a folder", "`.ts` file": "a .ts file", "MAT-file": "a MAT-file"}


def print_survey(found: "Survey") -> None:
    """Print everything in words, tables and bars, for 80 columns."""
    channels = [] if found.sequences.words is not None else channel_figures(found.sequences)
    _print_columns(found)
    _print_sequences(found)
    if channels:
        result(f"\n{_size(found)}")
        _print_figures(channels)
    else:
        _print_words(found)
    _print_targets(found)
    _print_left_out(found)
    notes = remarks(found, channels)
    if notes:
        result()
    for note in notes:
        result(f"note: {note}")
    print_fitting(found)


def print_fitting(found: "Survey", more: Sequence[str] = ()) -> None:
    """Print how a spec for this data is begun, or what to do first; more : flags that go with it."""
    result()
    if found.unread_rows is not None:
        result(MEND)
    first = what_first(found)
    if first is not None:
        result(f"first {first}")
        return
    words = " ".join(map(quote, (*_command(found), *more)))
    result(f"fits: {words}")


def _print_columns(found: "Survey") -> None:
    """The files, and what is read from which column."""
    names = ", ".join(map(source_name, found.paths[:3])) + (", ..." if len(found.paths) > 3 else "")
    form = FORMS.get(found.form, f"a {found.form}")
    if len(found.paths) > 1:
        form = f"{len(found.paths)} files, read as one{' table' if found.form == 'table' else ''}"
    columns = f" of {counted(len(found.names), 'column')}" if found.names else ""
    result(f"{names}: {form}{columns}")
    for word, value in _read_as(found).items():
        text = value if isinstance(value, str) else ", ".join(value)
        reason = f" (guessed: {found.guesses[word]})" if word in found.guesses else ""
        result(f"  {word:<11}{cut_short(text, 66)}{reason}")


def _read_as(found: "Survey") -> dict[str, Any]:
    """Word of the section -> column or columns."""
    columns, channels = found.columns, found.sequences.channels
    read: dict[str, Any] = {"sequence": columns.sequence} if columns.sequence in found.names else {}
    for word in ("time", "words", "features", "labels", "responses"):
        value = channels if word == "features" and channels else getattr(columns, word)
        if value not in (None, NONE):
            read[word] = value
    return read


def _print_sequences(found: "Survey") -> None:
    lengths = found.sequences.lengths
    low, high, steps = int(lengths.min()), int(lengths.max()), int(lengths.sum())
    noun = "word" if found.sequences.words is not None else "step"
    result()
    if low == high:
        total = f", {counted(steps, noun)} in all" if len(lengths) > 1 else ""
        result(f"{counted(len(lengths), 'sequence')} of {counted(low, noun)}{total}")
        return
    many = f"{counted(len(lengths), 'sequence')} of {low} to {high} {noun}s"
    result(f"{many} (median {np.median(lengths):g}), {steps} in all")
    bins = length_bins(lengths)
    _print_bars([(f"{b.low}-{b.high}" if b.low < b.high else str(b.low), b.sequences) for b in bins])


def _print_words(found: "Survey") -> None:
    words = found.sequences.words or ()
    counts = np.bincount(found.sequences.values[:, 0].astype(np.int64), minlength=len(words) + 1)[1:]
    result(f"\n{counted(len(words), 'different word')}, most often")
    often = np.argsort(-counts, kind="stable")[:8].tolist()
    _print_bars([(words[k], int(counts[k])) for k in often])


def _size(found: "Survey") -> str:
    if found.sequences.shape is not None and len(found.sequences.shape) > 1:
        return show_shape(found.sequences.shape)
    return counted(found.sequences.values.shape[1], "channel")


def _print_figures(channels: "Sequence[Channel]") -> None:
    rows = [["", "min", "mean", "max", "std", ""]]
    for c in channels[:MOST_LINES]:
        numbers = (c.min, c.mean, c.max, c.std)
        rows.append(
            [f"  {cut_short(c.name, 24)}", *map(_short, numbers), "constant" if c.is_constant else ""]
        )
    print_columns(rows)
    if len(channels) > MOST_LINES:
        result(f"  ... and {len(channels) - MOST_LINES} more")


def _print_targets(found: "Survey") -> None:
    targets = found.targets
    if targets is None:
        return
    each = "one a step" if targets.per_step else "one a sequence"
    if not found.classification:
        result(f"\n{counted(len(targets.names), 'response')}, {each}")
        _print_figures(response_figures(targets))
        return
    result(f"\n{counted(len(targets.names), 'class', 'classes')}, {each}")
    rows = list(zip(targets.names, class_counts(targets).tolist(), strict=True))
    _print_bars(rows[:MOST_LINES])
    if len(rows) > MOST_LINES:
        result(f"  ... and {len(rows) - MOST_LINES} more")


def _print_bars(rows: Sequence[tuple[str, int]]) -> None:
    names = [cut_short(name, 24) for name, _ in rows]
    width, digits = max(map(cells, names)), max(len(str(count)) for _, count in rows)
    most = max(count for _, count in rows)
    for name, (_, count) in zip(names, rows, strict=True):
        bar = "█" * max(round(BAR * count / most), 1 if count else 0)
        result(f"  {' ' * (width - cells(name))}{name}  {count:>{digits}} {bar}".rstrip())


def _print_left_out(found: "Survey") -> None:
    out = found.left_out
    if not out.rows:
        return
    result(f"\nnot in these figures: {counted(out.rows, 'row')} that training refuses")
    for (kind, column), gap in out.gaps.items():
        result(f"  {_gap(kind, column, gap)}")


def _gap(kind: str, column: str | None, gap: Gap) -> str:
    """One kind of fault: `c3: 7 values are missing (rows 5, 9, 12, ...)`."""
    several = len({place.file for place in gap.places}) > 1
    rows = ", ".join(f"{place.file} {place.row}" if several else str(place.row) for place in gap.places)
    rows = f"{'row' if gap.count == 1 else 'rows'} {rows}{', ...' if gap.count > len(gap.places) else ''}"
    verb = "is" if gap.count == 1 else "are"
    if kind == MISSING:
        return f"{column}: {counted(gap.count, 'value')} {verb} missing ({rows})"
    if kind == NO_NUMBER:
        noun = "number" if gap.count == 1 else "numbers"
        return f"{column}: {counted(gap.count, 'value')} {verb} no finite {noun} ({rows})"
    return (
        f"{counted(gap.count, 'row')} {'has' if gap.count == 1 else 'have'} another number of fields ({rows})"
    )


def _command(found: "Survey") -> list[str]:
    """The words that begin a spec for this data, with what the user has said of its columns."""
    words = ["lstmcli", "init", fitting_template(found)]
    words += [word for path in found.paths for word in ("--data", path)]
    for word, item in properties_of(DataSection).items():
        value = getattr(found.columns, word)
        if word in ("train", "validation", "test") or word in found.guesses or value in (None, item.default):
            continue
        values = (
            value if isinstance(value, tuple) else (str(value).lower() if isinstance(value, bool) else value,)
        )
        words += [part for single in values for part in (f"--{word}", str(single))]
    return words


def _short(number: float) -> str:
    return f"{number:.4g}"


def print_json(found: "Survey") -> None:
    """Print everything as one JSON object on one line."""
    result(json.dumps(dict(_as_json(found)), ensure_ascii=False))


def _as_json(found: "Survey") -> Iterator[tuple[str, Any]]:
    sequences, targets, lengths = found.sequences, found.targets, found.sequences.lengths
    channels = [] if sequences.words is not None else channel_figures(sequences)
    yield "files", list(found.paths)
    yield "form", found.form.replace("`", "")
    yield "columns", _read_as(found)
    yield "guessed", found.guesses
    yield "sequences", len(sequences)
    yield "steps", int(lengths.sum())
    yield (
        "lengths",
        {"min": int(lengths.min()), "median": float(np.median(lengths)), "max": int(lengths.max())},
    )
    yield "histogram", [b._asdict() for b in length_bins(lengths)]
    yield "shape", list(sequences.shape) if sequences.shape is not None else None
    yield "channels", [{**vars(c), "constant": c.is_constant} for c in channels]
    yield "words", None if sequences.words is None else len(sequences.words)
    yield "targets", None if targets is None else "each step" if targets.per_step else "each sequence"
    if targets is not None and found.classification:
        yield "classes", dict(zip(targets.names, class_counts(targets).tolist(), strict=True))
    elif targets is not None:
        yield "responses", [vars(c) for c in response_figures(targets)]
    yield "left_out", found.left_out.rows
    yield (
        "gaps",
        [
            {
                "kind": kind,
                "column": column,
                "count": gap.count,
                "first": [vars(place) for place in gap.places],
            }
            for (kind, column), gap in found.left_out.gaps.items()
        ],
    )
    yield "notes", remarks(found, channels)
    yield "template", None if what_first(found) else fitting_template(found)
