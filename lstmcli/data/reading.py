"""Any form of data a user names, read at once or in blocks of whole sequences."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import BinaryIO

from lstmcli.data.array_files import read_array_files
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.data.folder import read_folders
from lstmcli.data.left_out import LeftOut
from lstmcli.data.long_table import whole_sequences
from lstmcli.data.selection import Observations, concatenate, concatenate_targets
from lstmcli.data.sources import check_there
from lstmcli.data.table import Begin, Rows, Table
from lstmcli.data.ts import read_cases
from lstmcli.errors import DataError, Fault
from lstmcli.records import Targets, Task

_ENDINGS = {"`.ts` file": (".ts", ".ts.gz"), "MAT-file": (".mat",), "`.npy` file": (".npy",)}


def read_sequences(
    paths: Sequence[str],
    columns: DataSection,
    task: Task | None,
    stdin: BinaryIO | None = None,
    left_out: LeftOut | None = None,
) -> Observations:
    """All sequences of the data with their targets; arguments and errors are those of `read_blocks`."""
    blocks = list(read_blocks(paths, columns, task, stdin, left_out))
    targets = [block for _, block in blocks if block is not None]
    sequences = concatenate([block for block, _ in blocks])
    return sequences, concatenate_targets(targets) if targets else None


def read_blocks(
    paths: Sequence[str],
    columns: DataSection,
    task: Task | None,
    stdin: BinaryIO | None = None,
    left_out: LeftOut | None = None,
) -> Iterator[Observations]:
    """The data in blocks of whole sequences, each as soon as its sequences are complete.

    paths : long tables (`-` is stdin), folders, `.ts`, `.mat` or `.npy` files, one form at a time
    task : what targets are looked for; None for none. A series that `columns` says to cut comes whole, with
        a target for each step, or none where the features are to answer. Where the task's classes are None
        a block's targets know the classes read so far, which `concatenate_targets` brings together
    stdin : the bytes of `-`, by default those of the process
    left_out : counts the rows of tables that cannot be read, which are at fault without it

    Raises DataError for everything that is wrong in the data, with file, row and column.
    """
    constant = task is not None and not task.per_step and not columns.cuts
    for sequences, targets in _read_form(paths, columns, task, constant, stdin, left_out):
        if constant and targets is not None:
            first = sequences.offsets[:-1]
            yield sequences, Targets(targets.values[first], targets.names, per_step=False)
        else:
            yield sequences, targets


def _read_form(
    paths: Sequence[str],
    columns: DataSection,
    task: Task | None,
    constant: bool,
    stdin: BinaryIO | None,
    left_out: LeftOut | None,
) -> Iterator[Observations]:
    """Whole sequences with a target for each step, from whichever form the paths have."""
    if not paths:
        raise DataError(Fault("no data is given"))
    check_there(paths)
    forms = [form_of(path) for path in paths]
    if len(set(forms)) > 1:
        other = next(k for k, form in enumerate(forms) if form != forms[0])
        message = f"`{paths[0]}` is a {forms[0]} and `{paths[other]}` is a {forms[other]}"
        raise DataError(Fault(message, None, "several files are read as one, so they must have one form"))
    if forms[0] == "`.ts` file":
        return read_cases(paths, columns, task)
    if forms[0] == "MAT-file":
        from lstmcli.data.mat import read_mat_files

        return read_mat_files(paths, columns, task)
    if forms[0] == "`.npy` file":
        return read_array_files(paths, columns, task)
    if forms[0] == "folder":
        return whole_sequences(read_folders(paths, columns, task, left_out), constant)
    table = Table(columns, task, left_out=left_out)
    rows = (table.read(path, stdin, name) for path, name in zip(paths, _names(paths, columns), strict=True))
    return whole_sequences(chain.from_iterable(rows), constant)


def read_rows(
    paths: Sequence[str],
    columns: DataSection,
    left_out: LeftOut | None = None,
    stdin: BinaryIO | None = None,
    begin: Begin | None = None,
) -> Iterator[Rows]:
    """The rows of tables as they come, with no wait for the end of a sequence, and without targets.

    left_out : counts the rows that cannot be read, which are at fault without it
    begin : is told the layout as soon as it is known, which may be before any row
    Raises DataError as `read_blocks` does, and for data that has no rows of numbers.
    """
    check_there(paths)
    for path in paths:
        if (form := form_of(path)) != "table":
            raise DataError(Fault(f"`{path}` is a {form}", None, "rows are streamed from CSV files or stdin"))
    table = Table(columns, None, left_out=left_out, begin=begin)
    for path, name in zip(paths, _names(paths, columns), strict=True):
        yield from filter(None, table.read(path, stdin, name))


def of_part(paths: Sequence[str], columns: DataSection, part: str) -> DataSection:
    """The columns of a part of the data: of MAT-files `XTest` for `test` where training has `XTrain`.

    part : train, validation or test
    """
    if part == "train" or not all(form_of(path) == "MAT-file" for path in paths):
        return columns

    def renamed(name: str) -> str:
        return name.removesuffix("Train") + part.capitalize() if name.endswith("Train") else name

    features, responses = (
        None if names is None else tuple(map(renamed, names))
        for names in (columns.features, columns.responses)
    )
    labels = None if columns.labels is None else renamed(columns.labels)
    return replace(columns, features=features, labels=labels, responses=responses, part=part.capitalize())


def tell_joined(
    paths: Sequence[str], columns: DataSection, places: Iterable[tuple[str, int | None]]
) -> str | None:
    """What is said if tables of several files came to a single sequence, which may not have been meant.

    places : those of the sequences read, which windows and parts in time of a sequence share
    """
    tables = len(paths) > 1 and all(form_of(path) == "table" for path in paths)
    if not tables or columns.sequence == NONE or len(set(places)) != 1:
        return None
    return (
        f"all rows of the {len(paths)} files are one sequence, as no column `{columns.sequence}` tells "
        "them apart; `--sequence none` makes one of each file"
    )


def _names(paths: Sequence[str], columns: DataSection) -> list[str | None]:
    """The name of the one sequence of each file, where files are told apart and not their rows."""
    return [str(number) if columns.sequence == NONE else None for number in range(1, len(paths) + 1)]


def form_of(path: str) -> str:
    """What a path holds: a table, a folder, a `.ts` file, a MAT-file or a `.npy` file."""
    if path != "-" and os.path.isdir(path):
        return "folder"
    return next((form for form, ends in _ENDINGS.items() if path.lower().endswith(ends)), "table")
