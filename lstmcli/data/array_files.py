"""NumPy's array files: each is one sequence, of vectors or of images."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from lstmcli.data.layout import Layout
from lstmcli.data.selection import Observations
from lstmcli.data.table import Rows
from lstmcli.errors import DataError, Fault, Place
from lstmcli.records import Array, Sequences, Task

SUFFIX = ".npy"


def read_array_files(paths: Sequence[str], task: Task | None) -> Iterator[Observations]:
    """The sequence of each file, named as it, without targets: those stand in a folder's labels."""
    if task is not None:
        help = "put the files into a folder with `labels.csv`, or into sub-folders named by their classes"
        raise DataError(Fault("`.npy` files have no targets", Place(paths[0]), help))
    files = ArrayFiles()
    for path in paths:
        yield files.read(path, Path(path).name.removesuffix(SUFFIX)).sequences, None


class ArrayFiles:
    """Files with the same channels."""

    def __init__(self) -> None:
        self._first: Rows | None = None

    def read(self, path: str, name: str) -> Rows:
        """The steps of a file as rows: S-by-C, or images S-by-h-by-w(-by-C).

        A column stands for a place of an image: first along its height, then its width, then its channels.
        Raises DataError if it holds no such array of finite numbers, or other channels than the first file.
        """
        values = _columns(_read(path), path)
        wrong = ~np.isfinite(values).all(axis=1)
        if wrong.any():
            message = f"step {wrong.argmax() + 1} has a value that is no finite number"
            raise DataError(Fault(message, Place(path)))
        S, C = values.shape
        sequences = Sequences(values, np.array([0, S]), (name,), places=((path, 1),))
        layout = Layout(names=("",) * C, features=tuple(range(C)))
        rows = Rows(sequences, None, layout, path, np.arange(1, S + 1))
        self._first = self._first or rows
        if len(self._first.layout.names) != C:
            message = f"there are {C} channels, but {len(self._first.layout.names)} in {self._first.file}"
            raise DataError(Fault(message, Place(path)))
        return rows


def _read(path: str) -> Array:
    try:
        with open(path, "rb") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    except FileNotFoundError:
        raise DataError(Fault("there is no such file", Place(path))) from None
    except OSError as error:
        raise DataError(Fault(f"this cannot be read: {error.strerror}", Place(path))) from None
    except ValueError:
        raise DataError(Fault("this is no whole `.npy` file of numbers", Place(path))) from None
    if array.dtype.kind not in "biuf":
        raise DataError(Fault("this does not hold real numbers", Place(path)))
    return array


def _columns(array: Array, path: str) -> Array:
    """float32[S, h w C]."""
    if array.ndim not in (1, 2, 3, 4) or not array.size:
        message = f"the array is {'-by-'.join(map(str, array.shape)) or 'a single number'}"
        help = "a sequence is S-by-C, a sequence of images S-by-h-by-w or S-by-h-by-w-by-C"
        raise DataError(Fault(message, Place(path), help))
    if array.ndim == 4:
        array = array.transpose(0, 3, 2, 1)
    elif array.ndim == 3:
        array = array.transpose(0, 2, 1)
    return np.ascontiguousarray(array.reshape(len(array), -1), dtype=np.float32)
