"""The variables of a MAT-file that somebody else wrote: numbers, texts, and cells of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from lstmcli.errors import Fault, ModelError
from lstmcli.modelfile import mat73
from lstmcli.records import Array
from lstmcli.signature import is_hdf5

Value = Array | str | list[Any]
"""Numbers in MATLAB's shape, one line of text, or the values of a cell array in MATLAB's order."""

NUMERIC = {
    "double",
    "single",
    "logical",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
}


class Variables:
    """The variables of a file; MAT-files older than version 7.3 are read by SciPy.

    kinds : name -> MATLAB's class, by name
    Raises ModelError if it is no MAT-file or damaged, OSError if it cannot be opened.
    """

    def __init__(self, path: Path):
        self.path = path
        data = path.read_bytes()
        opened = _open_new if is_hdf5(data) else _open_old
        try:
            kinds, self._read = opened(data, path)
        except (OSError, LookupError, RuntimeError, ValueError) as error:
            raise ModelError(Fault(f"`{path}` is damaged, or no MAT-file")) from error
        self.kinds = dict(sorted(kinds.items()))

    def read(self, name: str) -> Value:
        """The value of a variable; raises ModelError if it is of a class that only MATLAB can read."""
        try:
            return self._read(name)
        except mat73.MalformedError as error:
            raise ModelError(Fault(f"`{self.path}`: {error}")) from None
        except (OSError, LookupError, RuntimeError, ValueError) as error:
            raise ModelError(Fault(f"`{name}` of `{self.path}` is damaged or cut short")) from error


Opened = tuple[dict[str, str], Callable[[str], Value]]


def _open_new(data: bytes, path: Path) -> Opened:
    file = mat73.open_bytes(data)
    kinds = {name: mat73.class_of(file[name]) for name in file if not name.startswith("#")}
    return kinds, lambda name: _new_value(mat73.child(file, name, h5py.Dataset), name)


def _new_value(dataset: Any, name: str) -> Value:
    if not isinstance(dataset, h5py.Dataset):
        raise mat73.MalformedError(f"`{name}` holds what is no array")
    kind = mat73.class_of(dataset)
    if kind == "char":
        return mat73.text_of(dataset)
    if kind == "cell":
        return [_new_value(cell, name) for cell in mat73.cells_of(dataset)]
    _require_numeric(kind, name)
    return mat73.numbers_of(dataset, np.float64)


def _open_old(data: bytes, path: Path) -> Opened:
    try:
        from scipy.io import loadmat, whosmat
    except ModuleNotFoundError:
        help = "`pip install scipy`, or save it with -v7.3"
        raise ModelError(Fault("a MAT-file older than version 7.3 needs SciPy", None, help)) from None

    def read(name: str) -> Value:
        _require_numeric(kinds[name], name, "cell", "char")
        return _old_value(_tried(lambda: loadmat(str(path), variable_names=[name]))[name], name)

    kinds = {name: kind for name, _, kind in _tried(lambda: whosmat(str(path)))}
    return kinds, read


def _tried(read: Callable[[], Any]) -> Any:
    """What SciPy reads; whatever it raises where a file is damaged comes as a ValueError."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception as error:
        raise ValueError(str(error)) from error


def _old_value(array: Any, name: str) -> Value:
    if array.dtype == object:
        return [_old_value(np.asarray(cell), name) for cell in array.ravel(order="F")]
    if array.dtype.kind == "U":
        return str(array.ravel()[0]) if array.size else ""
    _require_numeric("object" if array.dtype.kind not in "biuf" else "double", name)
    numbers: Array = array.astype(np.float64)
    return numbers


def _require_numeric(kind: str, name: str, *others: str) -> None:
    if kind not in NUMERIC | set(others):
        message = f"`{name}` is a {kind}, which only MATLAB can read"
        help = f"save numbers or texts: `{name} = cellstr({name})`" if kind == "categorical" else None
        raise ModelError(Fault(message, None, help or "save it as numbers, texts or a cell of them"))
