"""The features of a table where nobody names them: every column of numbers that is not for something else."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from lstmcli.data.cells import (
    BLANKS,
    FILL_IN,
    is_missing,
    is_number,
    is_number_elsewhere,
    missing_fault,
    number_fault,
    shorten,
)
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.errors import Fault, Place, listed

Unread = tuple[tuple[str, str], ...]
"""Names and first cells of columns."""
_NEARLY = re.compile(r"\W{0,2}\d")
"""How a cell begins that may have been meant as a number: `20.5 C`, `$3`, `-5 %`."""
_WITH_UNIT = re.compile(r"([+-]?[\d.]+(?:[eE][+-]?\d+)?)([ \t\xa0\u202f]*)([^\W\d_]\S*|[%‰°\"'€$£¥]\S*)")
SHOWN = 3


class Default(NamedTuple):
    """The columns that nobody names, by their positions: of numbers, without a value yet, and of text."""

    features: tuple[int, ...]
    undecided: tuple[int, ...]
    texts: tuple[int, ...]

    def unread(self, names: Sequence[str], cells: Sequence[str]) -> Unread:
        """Those that are no features; cells : of the first row."""
        return tuple((names[c], cells[c].strip(BLANKS)) for c in sorted(self.undecided + self.texts))


def default_features(names: Sequence[str], cells: Sequence[str], columns: DataSection) -> Default:
    """The columns that are not for something else, by their cells in the first row."""
    taken = {columns.sequence, columns.time, columns.labels, *(columns.responses or ())} - {NONE}
    free = [column for column, name in enumerate(names) if name not in taken]
    features = tuple(column for column in free if is_number(cells[column]))
    undecided = tuple(column for column in free if is_missing(cells[column]))
    return Default(features, undecided, tuple(c for c in free if c not in features + undecided))


def default_feature_faults(
    names: Sequence[str], cells: Sequence[str], found: Default, first: Place, delimiter: str
) -> list[Fault]:
    """What is wrong with the first row, which is at `first`, if these are to be the features.

    A number with a decimal comma or marks of thousands is a fault: its column would be left out unseen.
    """
    faults = []
    for column in found.features:
        if not names[column]:
            help = "give it one, or name the `features`; pandas writes no such column with `index=False`"
            faults.append(Fault("a column of numbers has no name", Place(first.file, 1, column + 1), help))
    for column in found.texts:
        where = replace(first, column=column + 1, name=names[column])
        fault = number_fault(cells[column], where, delimiter) if is_number_elsewhere(cells[column]) else None
        if fault is not None:
            faults.append(replace(fault, help=f"{fault.help}; if it is text, name the `features`"))
    if faults or found.features:
        return faults
    if found.undecided:
        places = [replace(first, column=column + 1, name=names[column]) for column in found.undecided]
        return [missing_fault("", where, FILL_IN) for where in places]
    unread = found.unread(names, cells)
    message = "no column of numbers is left for the features"
    return [Fault(message, Place(first.file), tell_unread(unread) if unread else None)]


def tell_unread(unread: Unread, with_unit: Collection[str] | None = None) -> str:
    """A sentence on columns that are not read; first cells show why where they are nearly numbers.

    with_unit : the columns whose cells all have the same unit, by default those whose first cell has one
    """
    if with_unit is None:
        with_unit = {name for name, cell in unread if unit_of(cell)}
    names = [name for name, _ in unread]
    cells = {name: shorten(cell) for name, cell in unread if _NEARLY.match(cell)}
    its = "its" if len(unread) == 1 else "their"
    told = f"not read, as {its} cells are no plain numbers: {listed(names, SHOWN, cells)}"
    units = [name for name in names if name in with_unit]
    if units:
        its, one = ("its unit", "a number") if len(units) == 1 else ("their units", "numbers")
        told += f"; without {its} {listed(units, SHOWN)} would be {one}"
    return told


def unit_of(cell: str) -> str:
    """The unit of a number that has one: `20.5 C`, `12%`; "" if it has none, as room `12a` has not."""
    found = _WITH_UNIT.fullmatch(cell)
    if found is None or not is_number(found[1]):
        return ""
    number, blank, unit = found.groups()
    return unit if blank or "." in number or not unit[0].isalpha() else ""
