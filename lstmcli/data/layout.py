"""The layout of a text table: its delimiter, the names of its columns, and what each column is for."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lstmcli.data.cells import is_missing, is_number
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.data.default_features import Default, Unread, default_feature_faults, default_features
from lstmcli.data.targets import not_named
from lstmcli.errors import DataError, Fault, Place, did_you_mean, listed
from lstmcli.records import Task

DELIMITERS = "\t;,"
NO_NAMES = "`header: false`, or `--header false`, if it is data; names for the columns if it is a header"
NAMES = "leave it out, or use `header: true` or `--header true` and these names for the columns"
STEPS = "if a row is a whole sequence, make a row of each of its steps first"
IN_ROWS = 20
"""Columns from which a row may be a sequence, and not a step of many channels."""
ONE_SEQUENCE = "`sequence: none`, or `--sequence none`, reads a file as one sequence"
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Layout:
    """What the columns of a table are for, by their positions from 0.

    features, responses : read as numbers
    sequence, time, labels, words : read as text
    undecided : columns without any value so far, which become features' fault if a number turns up
    unread : the columns that would be features if they were numbers
    """

    names: tuple[str, ...]
    features: tuple[int, ...]
    responses: tuple[int, ...] = ()
    sequence: int | None = None
    time: int | None = None
    labels: int | None = None
    words: int | None = None
    undecided: tuple[int, ...] = ()
    unread: Unread = ()

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The columns that are read as numbers, each once."""
        return tuple(dict.fromkeys(self.features + self.responses))

    @cached_property
    def texts(self) -> tuple[int, ...]:
        """The columns that are read as text, each once."""
        given = (self.sequence, self.time, self.labels, self.words, *self.undecided)
        return tuple(dict.fromkeys(column for column in given if column is not None))

    @cached_property
    def channels(self) -> tuple[str, ...] | None:
        """The names of the features; None where words are read."""
        return tuple(self.names[column] for column in self.features) or None

    def place(self, file: str, row: int, column: int) -> Place:
        """The place of a cell for a message."""
        return Place(file, row, column + 1, self.names[column])


def find_delimiter(first: str, second: str | None = None) -> str:
    """The delimiter of a table by its first two lines.

    A delimiter that both rows have equally often; if several are (numbers with a decimal comma between
    semicolons), tab before semicolon before comma. If none is, the most frequent of the first line.
    """

    counts = {delimiter: _QUOTED.sub("", first).count(delimiter) for delimiter in DELIMITERS}
    for delimiter, found in counts.items():
        if second is not None and found and _QUOTED.sub("", second).count(delimiter) == found:
            return delimiter
    best = max(counts.values())
    return next(d for d in reversed(DELIMITERS) if counts[d] == best)


def column_names(fields: Sequence[str], header: bool, file: str, help: str = NO_NAMES) -> tuple[str, ...]:
    """The names of the columns by the fields of the first row; `help` is for numbers in place of names.

    Numbers are names only where three columns or more are counted from 0 or 1, as tables without names are
    often written: fewer are as likely the first row of data.

    Raises DataError if the row is empty, two columns have one name, or a header is a row of data.
    """
    if not fields:
        raise DataError(Fault("the row is empty", Place(file, 1)))
    if not header:
        return tuple(_numbers(len(fields)))
    names = tuple(field.strip() for field in fields)
    counted = [str(number) for number in range(len(names) + 1)]
    are_names = len(names) >= 3 and list(names) in (counted[:-1], counted[1:])
    if all(map(is_number, names)) and not are_names:
        help += f"; {STEPS}" if len(names) > IN_ROWS else ""
        raise DataError(Fault("the first row has numbers in place of names", Place(file, 1), help))
    first = positions_of(names)
    faults = [
        Fault(
            f"two columns have the name `{name}`",
            Place(file, 1, column + 1, name),
            help if is_number(name) else None,
        )
        for column, name in enumerate(names)
        if name and first[name] < column
    ]
    if faults:
        raise DataError(faults)
    return names


def find_layout(
    names: tuple[str, ...],
    cells: Sequence[str],
    first: Place,
    delimiter: str,
    columns: DataSection,
    task: Task | None,
) -> Layout:
    """What each column is for, by its name and its cell in the first row of data, which is at `first`.

    Without a task targets are not looked for. A column of words is no column of sequences, and the only one
    that goes in. Raises DataError for every column that is not there (but for an optional one of times), for
    a task without targets, for a column that is both number and text, if no feature is left, if a table
    without header has one, and for numbers that are written otherwise where nobody names the features.
    """
    faults: list[Fault] = []
    file, positions = Place(first.file), positions_of(names)

    def find(name: str, help: str | None = None) -> int:
        return find_column(name, positions, file, faults, help)

    def find_all(word: str, wanted: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(find(name, _repeated(word, name, positions)) for name in wanted)

    sequence, time, labels, words = None, None, None, None
    named = columns.sequence not in (NONE, columns.words)
    if named and (columns.sequence in names or columns.sequence != DataSection.sequence):
        help = None if columns.sequence in positions else _nearest(columns.sequence, names)
        sequence = find(columns.sequence, f"{ONE_SEQUENCE}; {help}")
    if columns.time != NONE and (columns.time in names or not columns.time_optional):
        time = find(columns.time)
    responses: tuple[int, ...] = ()
    if task is not None and task.classification:
        if columns.labels is not None:
            labels = find(columns.labels)
        else:
            faults.append(not_named(columns, task, "column", file))
    elif task is not None:
        responses = find_all("responses", columns.responses or ())
        if not responses and (columns.horizon is None or columns.words is not None):
            faults.append(not_named(columns, task, "column", file))
    default = Default((), (), ())
    features: tuple[int, ...] = ()
    if columns.words is not None:
        words = find(columns.words)
    elif columns.features is not None:
        features = find_all("features", columns.features)
    else:
        default = default_features(names, cells, columns)
        features = default.features
    if not faults and not columns.header and first.row == 1 and words is None:
        numbers = (*features, *responses, *default.undecided)
        if not any(is_number(cells[column]) or is_missing(cells[column]) for column in numbers):
            faults.append(Fault("the first row has names in place of numbers", first, NAMES))
    if not faults and columns.features is None and columns.words is None:
        faults += default_feature_faults(names, cells, default, first, delimiter)
    texts = {sequence: "sequence", time: "time", labels: "labels", words: "words"}
    for use, numbers in (("features", features), ("responses", responses)):
        for column in numbers:
            if column >= 0 and column in texts:
                message = f"column `{names[column]}` is given as {texts[column]} and as {use}"
                faults.append(Fault(message, file))
    if faults:
        raise DataError(faults)
    unread = default.unread(names, cells)
    return Layout(names, features, responses, sequence, time, labels, words, default.undecided, unread)


def find_column(
    name: str, positions: Mapping[str, int], file: Place, faults: list[Fault], help: str | None = None
) -> int:
    """The position of a column; -1 and one more fault if it is not there, helped by `help` or the nearest."""
    if name in positions:
        return positions[name]
    faults.append(Fault(f"there is no column `{name}`", file, help or _nearest(name, positions)))
    return -1


def positions_of(names: tuple[str, ...]) -> dict[str, int]:
    """Where each name stands first, in their order."""
    found: dict[str, int] = {}
    for column, name in enumerate(names):
        found.setdefault(name, column)
    return found


def _numbers(count: int) -> list[str]:
    """The names of columns without a header."""
    return [str(number) for number in range(1, count + 1)]


def _nearest(name: str, names: Collection[str]) -> str:
    """The help that names the nearest column, or all."""
    shown = listed(names, 20)
    if list(names) == _numbers(len(names)):
        return f"without a header the columns are {shown}"
    if any(map(is_number, names)):
        return f"is the row of names missing? the first row has {shown}"
    return did_you_mean(name, names) or f"the columns are {shown}"


def _repeated(word: str, name: str, names: Collection[str]) -> str | None:
    """The help for several columns given as one."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1 or not all(part in names for part in parts):
        return None
    flags = " ".join(f"--{word} {part}" for part in parts)
    return f"several columns are a list, `{word}: [{', '.join(parts)}]`, or flags, `{flags}`"
