"""NumPy's array files: each is one sequence, of vectors or of images."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.declaration import DataSection
from lstmcli.data.layout import Layout
from lstmcli.data.selection import Observations
from lstmcli.data.sizes import check_alike, show_sides
from lstmcli.data.table import Rows
from lstmcli.data.targets import not_in_arrays
from lstmcli.errors import DataError, Fault, Place
from lstmcli.records import Array, Sequences, Task

SUFFIX = ".npy"


def read_array_files(paths: Sequence[str], columns: DataSection, task: Task | None) -> Iterator[Observations]:
    """The sequence of each file, named as it, without targets: those stand in a folder's labels.

    Raises DataError as `ArrayFiles` does.
    """
    files = ArrayFiles(columns, task)
    for path in paths:
        yield files.read(path, Path(path).name.removesuffix(SUFFIX)).sequences, None


class ArrayFiles:
    """Files with time steps of one size.

    Raises DataError where targets are looked for, unless the features are to answer.
    """

    def __init__(self, columns: DataSection, task: Task | None) -> None:
        self._task = None if task is None or (columns.forecasts and not task.classification) else task
        self._first: Sequences | None = None

    def read(self, path: str, name: str) -> Rows:
        """The steps of a file as rows: S-by-C, or images S-by-h-by-w(-by-C).

        A column stands for a place of an image: first along its height, then its width, then its channels.
        Raises DataError if it holds no such array of finite numbers, or of another size than the first file.
        """
        if self._task is not None:
            raise DataError(not_in_arrays(self._task, Place(path)))
        values, shape = columns_of(_read(path), Place(path))
        wrong = ~np.isfinite(values).all(axis=1)
        if wrong.any():
            message = f"step {wrong.argmax() + 1} has a value that is no finite number"
            raise DataError(Fault(message, Place(path)))
        S, C = values.shape
        sequences = Sequences(values, np.array([0, S]), (name,), places=((path, None),), shape=shape)
        self._first = self._first or sequences
        check_alike(sequences, self._first)
        layout = Layout(names=("",) * C, features=tuple(range(C)))
        return Rows(sequences, None, layout, path, np.arange(1, S + 1))


def _read(path: str) -> Array:
    try:
        with open(path, "rb") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise DataError(Fault(f"this cannot be read: {error.strerror}", Place(path))) from None
    except ValueError:
        raise DataError(Fault("this is no whole `.npy` file of numbers", Place(path))) from None
    if array.dtype.kind not in "biuf":
        raise DataError(Fault("this does not hold real numbers", Place(path)))
    return array


def columns_of(array: Array, where: Place) -> tuple[NDArray[np.float32], tuple[int, ...] | None]:
    """A sequence as float32[S, h w C], and (h, w, C) of images; raises DataError for other sides."""
    if array.ndim not in (1, 2, 3, 4) or not array.size:
        message = f"the array is {show_sides(array.shape) or 'a single number'}"
        help = "a sequence is S-by-C, a sequence of images S-by-h-by-w or S-by-h-by-w-by-C"
        raise DataError(Fault(message, where, help))
    shape = None
    if array.ndim > 2:
        array = array.reshape(*array.shape[:3], -1)
        shape = array.shape[1:]
        array = array.transpose(0, 3, 2, 1)
    return np.ascontiguousarray(array.reshape(len(array), -1), dtype=np.float32), shape
