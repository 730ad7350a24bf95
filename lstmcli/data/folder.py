"""Folders of tables or arrays: each file is one sequence, labelled by a table, by sub-folders, or inside."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lstmcli.data.array_files import SUFFIX, ArrayFiles
from lstmcli.data.cells import BLANKS, is_missing, missing_fault, split_row
from lstmcli.data.classes import class_order, unknown_class
from lstmcli.data.declaration import DataSection
from lstmcli.data.layout import ONE_SEQUENCE, column_names, find_column, find_delimiter, positions_of
from lstmcli.data.left_out import LeftOut
from lstmcli.data.parse import ragged_fault
from lstmcli.data.sources import line_blocks, list_folder
from lstmcli.data.table import Rows, Table
from lstmcli.data.targets import once_only
from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place
from lstmcli.records import Targets, Task

SUFFIXES = (".csv.gz", ".csv", SUFFIX)
LABELS, DEFAULT = "labels.csv", "label"
"""The table of labels, and its column of them where none is named."""

Label = tuple[str, Place]


def read_folders(
    folders: Sequence[str], columns: DataSection, task: Task | None, left_out: LeftOut | None = None
) -> Iterator[Rows | None]:
    """The rows of each CSV in the folders, in the order of names; each file is one sequence of its name, with
    None behind it.

    Where a folder has no CSV itself those of its sub-folders are read, named `sub-folder/file`; names begin
    with the folder if there are several. Labels come from `labels.csv` if it has the column named for them
    (default `label`), else from the names of sub-folders if no column is named, else from that column.
    Arrays have no columns: whatever is named, their labels come from `labels.csv` or sub-folders.
    Raises DataError for the faults of all files in one, but of rows that `left_out` counts.
    """
    files: dict[str, Path] = {}
    labels: dict[str, Label] = {}
    for folder in folders:
        prefix = f"{folder.rstrip('/')}/" if len(folders) > 1 else ""
        found = find_files(Path(folder))
        files |= {prefix + name: path for name, path in found.items()}
        if task is not None and task.classification:
            labels |= {
                prefix + name: label for name, label in _find_labels(Path(folder), found, columns).items()
            }
    _check_one_form(files)
    if not labels:
        yield from _read_files(files, columns, task, left_out)
        return
    assert task is not None
    if task.per_step:
        _, where = next(iter(labels.values()))
        place = Place(folders[0] if where.row is None else where.file)
        raise DataError(once_only(task, place, "each file"))
    faults = [Fault("the file has no label", Place(str(files[name]))) for name in files if name not in labels]
    classes = task.classes or class_order({label for label, _ in labels.values()})
    faults += [unknown_class(label, classes, at) for label, at in labels.values() if label not in classes]
    if faults:
        raise DataError(faults)
    for rows in _read_files(files, columns, None, left_out):
        if rows is None:
            yield None
            continue
        number = classes.index(labels[rows.sequences.ids[0]][0])
        values = np.full(len(rows.numbers), number, np.int32)
        yield replace(rows, targets=Targets(values, classes, per_step=True))


def _check_one_form(files: dict[str, Path]) -> None:
    """Raise DataError where some files have columns and times, and others have not."""
    first = next(iter(files.values()))
    for path in files.values():
        if _is_array(path) != _is_array(first):
            message = f"this is a {'`.npy` file' if _is_array(path) else 'table'}, but {first} is not"
            raise DataError(Fault(message, Place(str(path)), "the files of a folder must have one form"))


def _is_array(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIX)


def _read_files(
    files: dict[str, Path], columns: DataSection, task: Task | None, left_out: LeftOut | None
) -> Iterator[Rows | None]:
    faults: list[Fault] = []
    table, arrays = Table(columns, task, apart=False, left_out=left_out), ArrayFiles(columns, task)
    for name, path in files.items():
        try:
            first: str | None = None
            for rows in [arrays.read(str(path), name)] if _is_array(path) else table.read(str(path), None):
                if rows is None:
                    continue
                first = first or rows.sequences.ids[0]
                _check_one_sequence(rows, first)
                if not faults:
                    yield replace(rows, sequences=replace(rows.sequences, ids=(name,)))
            if not faults:
                yield None
        except DataError as error:
            faults += error.faults
        # Without a layout the other files would repeat the first one's faults.
        if len(faults) > MOST_FAULTS or (faults and table.layout is None):
            break
    if faults:
        raise DataError(faults)


def _check_one_sequence(rows: Rows, first: str) -> None:
    """Raise DataError where the column of sequences has another name than the file's first row."""
    others = [n for n, id in enumerate(rows.sequences.ids) if id != first]
    if not others:
        return
    column = rows.layout.sequence
    assert column is not None
    row = int(rows.numbers[rows.sequences.offsets[others[0]]])
    message = f"a file of a folder is one sequence, but column `{rows.layout.names[column]}` changes"
    files = f"`{Path(rows.file).parent}/*.csv`"
    help = f"name the files themselves ({files}) to read them as long tables; {ONE_SEQUENCE}"
    raise DataError(Fault(message, rows.layout.place(rows.file, row, column), help))


def find_files(folder: Path) -> dict[str, Path]:
    """Sequence name -> file, in the order of names."""
    files = _tables_in(folder)
    if not files:
        inner = [entry for entry in list_folder(folder) if entry.is_dir() and entry.name[0] != "."]
        files = {f"{sub.name}/{name}": path for sub in inner for name, path in _tables_in(sub).items()}
    if not files:
        raise DataError(Fault("there is no CSV or `.npy` file in this folder", Place(str(folder))))
    return files


def _tables_in(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in list_folder(folder):
        name = _sequence_name(path.name)
        if name == path.name or path.name == LABELS or path.name[0] == "." or not path.is_file():
            continue
        if name in files:
            message = f"two files have the name `{name}`: {files[name].name} and {path.name}"
            raise DataError(Fault(message, Place(str(folder))))
        files[name] = path
    return files


def _sequence_name(file: str) -> str:
    suffix = next((suffix for suffix in SUFFIXES if file.lower().endswith(suffix)), "")
    return file[: len(file) - len(suffix)]


def _find_labels(folder: Path, files: dict[str, Path], columns: DataSection) -> dict[str, Label]:
    """Sequence name -> label and where it is written; empty if labels are in a column of the files."""
    inside = columns.labels is not None and not all(map(_is_array, files.values()))
    if (folder / LABELS).is_file():
        labels = _read_labels(str(folder / LABELS), columns.labels, inside)
        if labels:
            return labels
    if inside:
        return {}
    return {
        name: (name.split("/")[0].strip(BLANKS), Place(str(path)))
        for name, path in files.items()
        if "/" in name
    }


def _read_labels(file: str, named: str | None, inside: bool) -> dict[str, Label]:
    """The rows of `labels.csv`; empty if the files may have labels inside, and it has no column named so."""
    lines = (
        "\n".join(block.text.decode() for block in line_blocks(file, None)).replace("\r\n", "\n").split("\n")
    )
    delimiter = find_delimiter(*lines[:2])
    label_name = named or DEFAULT
    help = f"{LABELS} has a column `file` with names of files and a column `{label_name}`"
    labels: dict[str, Label] = {}
    faults: list[Fault] = []
    names: tuple[str, ...] = ()
    for row, line in enumerate(lines, 1):
        where = Place(file, row)
        cells = split_row(line, delimiter, where)
        if row == 1:
            names = column_names(cells, True, file, help)
            if inside and named not in names:
                return {}
            if label_name not in names and DEFAULT in names:
                label_name = DEFAULT
            file_column = find_column("file", positions_of(names), Place(file), faults, help)
            label_column = find_column(label_name, positions_of(names), Place(file), faults, help)
            if faults:
                break
            continue
        if len(cells) != len(names):
            faults.append(ragged_fault(len(cells), len(names), where))
            continue
        name, label = (cells[column].strip(BLANKS) for column in (file_column, label_column))
        name = _sequence_name(name)
        where = Place(file, row, label_column + 1, names[label_column])
        if is_missing(label):
            faults.append(missing_fault(label, where))
        elif name in labels and labels[name][0] != label:
            faults.append(Fault(f"`{name}` has two labels, `{labels[name][0]}` and `{label}`", where))
        labels[name] = (label, where)
    if faults:
        raise DataError(faults)
    return labels
