"""Any form of data a user names, read at once or in blocks of whole sequences."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from lstmcli.data.columns import Columns
from lstmcli.data.folder import read_folders
from lstmcli.data.long_table import whole_sequences
from lstmcli.data.selection import Observations, concatenate, concatenate_targets
from lstmcli.data.table import Table
from lstmcli.data.ts import read_cases
from lstmcli.data.windows import cut_windows
from lstmcli.errors import DataError, Fault
from lstmcli.records import Targets, Task


def read_sequences(
    paths: Sequence[str], columns: Columns, task: Task | None, stdin: BinaryIO | None = None
) -> Observations:
    """All sequences of the data with their targets; arguments and errors are those of `read_blocks`."""
    blocks = list(read_blocks(paths, columns, task, stdin))
    targets = [block for _, block in blocks if block is not None]
    sequences = concatenate([block for block, _ in blocks])
    return sequences, concatenate_targets(targets) if targets else None


def read_blocks(
    paths: Sequence[str], columns: Columns, task: Task | None, stdin: BinaryIO | None = None
) -> Iterator[Observations]:
    """The data in blocks of whole sequences, each as soon as its sequences are complete.

    paths : long tables (`-` is stdin), folders, or `.ts` files, one form at a time
    task : what targets are looked for; None for none. Windows are cut only with a task. Where its classes
        are None a block's targets know the classes read so far, which `concatenate_targets` brings together
    stdin : the bytes of `-`, by default those of the process

    Raises DataError for everything that is wrong in the data, with file, row and column.
    """
    cut = task is not None and (columns.window is not None or columns.horizon is not None)
    constant = task is not None and not task.per_step and not cut
    for sequences, targets in _read_form(paths, columns, task, constant, stdin):
        if cut and task is not None:
            yield cut_windows(sequences, targets, columns, task)
        elif constant and targets is not None:
            first = sequences.offsets[:-1]
            yield sequences, Targets(targets.values[first], targets.names, per_step=False)
        else:
            yield sequences, targets


def _read_form(
    paths: Sequence[str], columns: Columns, task: Task | None, constant: bool, stdin: BinaryIO | None
) -> Iterator[Observations]:
    """Whole sequences with a target for each step, from whichever form the paths have."""
    if not paths:
        raise DataError(Fault("no data is given"))
    forms = [_form(path) for path in paths]
    if len(set(forms)) > 1:
        other = next(k for k, form in enumerate(forms) if form != forms[0])
        message = f"`{paths[0]}` is a {forms[0]} and `{paths[other]}` is a {forms[other]}"
        raise DataError(Fault(message, None, "several files are read as one, so they must have one form"))
    if forms[0] == "`.ts` file":
        return read_cases(paths, columns, task)
    if forms[0] == "folder":
        return whole_sequences(read_folders(paths, columns, task), constant)
    table = Table(columns, task)
    return whole_sequences(chain.from_iterable(table.read(path, stdin) for path in paths), constant)


def _form(path: str) -> str:
    if path != "-" and Path(path).is_dir():
        return "folder"
    return "`.ts` file" if path.lower().endswith((".ts", ".ts.gz")) else "table"
