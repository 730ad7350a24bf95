"""Tables with a whole sequence in each row, where a row should be one of its steps."""

from collections.abc import Sequence
from itertools import pairwise
from shlex import quote

import numpy as np

from lstmcli.data.declaration import NONE
from lstmcli.data.layout import IN_ROWS, STEPS
from lstmcli.errors import listed
from lstmcli.records import Sequences
from lstmcli.survey.survey import Survey
from lstmcli.survey.values import EVIDENCE

SEEN = 2000
"""Rows that are compared, at most."""
CLOSER = 2.0
"""Times as much as along a row values must differ from row to row, if a row is a sequence; and"""
APART = 1.5
"""times as much as from their mean, where rows that have nothing to do with one another differ twice as much
(all in mean squares).
"""
SHOWN = 3

_DIGITS = "0123456789"
MOST_DIGITS = 9
"""That count, of a name."""


def tell_wide(found: Survey) -> str | None:
    """A sentence on a table that looks as if each row were a sequence; None if it does not.

    Rows are steps beyond doubt where `sequence` is none, or where a sequence has several rows.
    """
    columns, sequences = found.columns, found.sequences
    steps = columns.sequence in found.names and sequences.lengths.max() > 1
    if found.form != "table" or columns.sequence == NONE or steps:
        return None
    counted_up = sequence_in_a_row(sequences)
    if not counted_up:
        return None
    return (
        f"{len(counted_up)} columns count up, {listed(counted_up, SHOWN)}, and differ less along a row "
        f"than from row to row: {STEPS}"
    )


def recipe(found: Survey) -> str:
    """The command that makes a row of each step of such a table; its other columns are said in each row."""
    counted_up = sequence_in_a_row(found.sequences)
    first, count = found.names.index(counted_up[0]), len(counted_up)
    names = {column: name for column, name in enumerate(found.names) if not 0 <= column - first < count}
    if not found.columns.header and _is_class(found.sequences, counted_up[0]):
        names, first, count = {**names, first: "label"}, first + 1, count - 1
    header = ",".join(["sequence", "x", *names.values()]).replace("\\", "\\\\").replace('"', '\\"')
    fields = "".join(f", ${column + 1}" for column in names)
    number = "NR - 1" if found.columns.header else "NR"
    rows = f"{{for (i = {first + 1}; i <= {first + count}; i++) print {number}, $i{fields}}}"
    # Who has saved it on Windows has another end of lines.
    ends = '{sub(/\\r$/, "")}'
    begin = f'NR == 1 {{print "{header}"; next}}' if found.columns.header else f'BEGIN {{print "{header}"}}'
    delimiter = quote(found.delimiter.replace("\t", "\\t"))
    file = "" if found.paths[0] == "-" else f" {quote(found.paths[0])}"
    before = ""
    if file and found.paths[0].lower().endswith(".gz"):
        before, file = f"gzip -dc{file} | ", ""
    return f"{before}awk -F{delimiter} -v OFS=, {quote(f'{ends} {begin} {rows}')}{file} > long.csv"


def sequence_in_a_row(sequences: Sequences) -> tuple[str, ...]:
    """The channels that look like the steps of one sequence in each row; none if they do not.

    Their names count up, values differ less along a row than from row to row, and a row is not like the one
    before it, as it is where sensors are measured again and again.
    """
    names = sequences.channels or ()
    first, stop = _longest_count(names)
    x = sequences.values[:SEEN, first:stop].astype(np.float64)
    if stop - first < IN_ROWS or len(x) < EVIDENCE:
        return ()
    along, down = (float(np.median(np.square(np.diff(x, axis=axis)).mean(axis=0))) for axis in (1, 0))
    is_wide = down > CLOSER * along and down > APART * float(np.median(x.var(axis=0)))
    return names[first:stop] if is_wide else ()


def _is_class(sequences: Sequences, name: str) -> bool:
    """Whether a channel is of whole numbers, and no other one is."""
    whole = (sequences.values == np.rint(sequences.values)).all(axis=0)
    return bool(whole[(sequences.channels or ()).index(name)] and whole.sum() == 1)


def _longest_count(names: Sequence[str]) -> tuple[int, int]:
    """Where the longest run of names that count up, such as `t_1`, `t_2`, ..., begins, and where it ends."""
    longest, first = (0, 0), 0
    parts = [_counted(name) for name in names]
    for k, (part, after) in enumerate(pairwise([*parts, None])):
        if part and after and part[0] == after[0] and part[1] + 1 == after[1]:
            continue
        longest, first = max(longest, (first, k + 1), key=lambda run: run[1] - run[0]), k + 1
    return longest


def _counted(name: str) -> tuple[str, int] | None:
    """A name as what stands before its number, and the number; None if it does not end in one."""
    digits = min(len(name) - len(name.rstrip(_DIGITS)), MOST_DIGITS)
    return (name[:-digits], int(name[-digits:])) if digits else None
