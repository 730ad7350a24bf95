"""The encoding of MAT-files of version 7.3: HDF5 whose attributes name the MATLAB class of everything in it.

MATLAB stores its first dimension fastest, HDF5 its last, so an array of MATLAB's shape (4H, C) lies in the
file as (C, 4H). MATLAB has no arrays of fewer than two dimensions: where one is stored, the attribute
`Dimensions` (0 or 1) remembers that it was a number or a vector.
"""

import io
from collections.abc import Sequence
from typing import Any

import h5py
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstmcli.signature import USER_BLOCK

_REFERENCES = "#refs#"
_DTYPES = {"single": "<f4", "double": "<f8", "logical": "u1", "char": "<u2"}
_INT_DECODE = {"logical": 1, "char": 2}


class MalformedError(Exception):
    """The file is HDF5, but something in it is not what it should be. The text says what."""


def create(buffer: io.BytesIO) -> h5py.File:
    """An empty file in memory; its user block is left for `header`, to be written when it is closed."""
    # HDF5 1.8 is the oldest that MATLAB still reads and a fixed format keeps the bytes the same everywhere.
    return h5py.File(buffer, "w", userblock_size=USER_BLOCK, libver=("earliest", "v108"))


def header(program: str) -> bytes:
    """The first 128 bytes of a MAT-file of version 7.3, without MATLAB's date: equal content, equal bytes."""
    text = f"MATLAB 7.3 MAT-file, Platform: {program}, HDF5 schema 1.00 ."
    return text.encode("ascii").ljust(116) + bytes(8) + b"\x00\x02IM"


def write_struct(parent: h5py.Group, name: str) -> h5py.Group:
    """A struct without fields yet."""
    group = parent.create_group(name)
    group.attrs["MATLAB_class"] = np.bytes_("struct")
    return group


def write_numbers(
    parent: h5py.Group, name: str, values: ArrayLike, matlab_class: str, row: bool = False
) -> None:
    """An array of MATLAB's shape, any number of dimensions.

    A vector of length n is n-by-1 in MATLAB, or 1-by-n where `row`; a number is 1-by-1.
    matlab_class : `single`, `double` or `logical`
    """
    array = np.asarray(values, dtype=_DTYPES[matlab_class])
    shape = array.shape if array.ndim >= 2 else (1, array.size) if row else (array.size, 1)
    dataset = _write(parent, name, array.reshape(shape), matlab_class)
    if array.ndim < 2:
        dataset.attrs["Dimensions"] = np.uint8(array.ndim)


def write_text(parent: h5py.Group, name: str, text: str) -> h5py.Dataset:
    """A char row of UTF-16 code units; an empty text is 0-by-0 as MATLAB's ''."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return _write(parent, name, units.reshape((1, -1) if text else (0, 0)), "char")


def write_cell(parent: h5py.Group, name: str, texts: Sequence[str]) -> None:
    """A cell of texts: references, one below the other in the file, to texts in `#refs#`."""
    references = parent.file.require_group(_REFERENCES)
    if "a" not in references:
        # MATLAB keeps this name for the [] that unset cells point to.
        _write(references, "a", np.zeros((0, 0)), "canonical empty")
    if not texts:
        _write(parent, name, np.zeros((0, 0)), "cell")
        return
    cell = np.empty((1, len(texts)), dtype=h5py.ref_dtype)
    for k, text in enumerate(texts):
        cell[0, k] = write_text(references, str(len(references)), text).ref
    _write(parent, name, cell, "cell")


def write_value(parent: h5py.Group, name: str, value: object) -> None:
    """A number, truth value or text, or a list of one of these, as double, logical, char or cell.

    Raises TypeError for anything else.
    """
    if isinstance(value, str):
        write_text(parent, name, value)
        return
    if isinstance(value, list | tuple) and value and all(isinstance(item, str) for item in value):
        write_cell(parent, name, value)
        return
    array = np.asarray(value)
    if array.ndim > 1 or (array.size and array.dtype.kind not in "biuf"):
        raise TypeError(f"`{name}` is neither numbers nor texts: {value!r}")
    write_numbers(parent, name, array, "logical" if array.dtype.kind == "b" else "double", row=True)


def _write(parent: h5py.Group, name: str, array: NDArray[Any], matlab_class: str) -> h5py.Dataset:
    data = np.ascontiguousarray(array.T) if array.size else np.array(array.shape, dtype="<u8")
    dataset = parent.create_dataset(name, data=data, track_times=False)
    dataset.attrs["MATLAB_class"] = np.bytes_(matlab_class)
    if matlab_class in _INT_DECODE:
        dataset.attrs["MATLAB_int_decode"] = np.int32(_INT_DECODE[matlab_class])
    if not array.size:
        dataset.attrs["MATLAB_empty"] = np.uint8(1)
    return dataset


def open_bytes(data: bytes) -> h5py.File:
    """A file in memory, for reading: no lock is taken and nothing on disk changes under the reader."""
    return h5py.File(io.BytesIO(data), "r")


def child(group: h5py.Group, name: str, kind: type) -> Any:
    """The group or dataset of this name. Raises MalformedError if it is missing or of another kind."""
    path = f"{group.name.rstrip('/')}/{name}"
    link = group.get(name, getlink=True)
    if link is None:
        raise MalformedError(f"it has no `{path}`")
    # A link to another file, or a dataset kept in one, would make a model read what is not the model's.
    if not isinstance(link, h5py.HardLink):
        raise MalformedError(f"`{path}` is not in the file itself")
    node = group[name]
    if not isinstance(node, kind):
        raise MalformedError(f"`{path}` must be a {kind.__name__.lower()}")
    return node


def read_numbers(group: h5py.Group, name: str, dtype: type) -> NDArray[Any]:
    """The array of this name in MATLAB's shape, or with the 0 or 1 dimensions it was written with."""
    return numbers_of(child(group, name, h5py.Dataset), dtype)


def numbers_of(dataset: h5py.Dataset, dtype: type) -> NDArray[Any]:
    """The array, as `read_numbers`."""
    raw = _raw(dataset)
    if raw.dtype.kind not in "fiu" or class_of(dataset) in ("char", "cell"):
        raise MalformedError(f"`{dataset.name}` must hold numbers")
    array = np.zeros(_empty_shape(dataset, raw)) if _is_empty(dataset) else raw.T
    dimensions = dataset.attrs.get("Dimensions")
    if dimensions is not None:
        array = array.reshape(() if dimensions == 0 else -1)
    with np.errstate(over="ignore"):
        return np.array(array, dtype=dtype, order="C")


def read_text(group: h5py.Group, name: str) -> str:
    """The text of this name."""
    return text_of(child(group, name, h5py.Dataset))


def read_cell(group: h5py.Group, name: str) -> list[str]:
    """The texts of the cell of this name."""
    return [text_of(cell) for cell in cells_of(child(group, name, h5py.Dataset))]


def cells_of(dataset: h5py.Dataset) -> list[Any]:
    """What the cells of an array of them refer to, in MATLAB's order. HDF5 would look for their names in the
    whole file.
    """
    raw = _raw(dataset)
    if _is_empty(dataset) and class_of(dataset) == "cell":
        return []
    if h5py.check_ref_dtype(dataset.dtype) is not h5py.Reference:
        raise MalformedError(f"`{dataset.name}` must be a cell")
    file = dataset.file
    return [file[reference] for reference in raw.ravel()]


def read_value(group: h5py.Group, name: str) -> object:
    """What `write_value` wrote; whole numbers come back as int."""
    matlab_class = class_of(child(group, name, h5py.Dataset))
    if matlab_class == "char":
        return read_text(group, name)
    if matlab_class == "cell":
        return read_cell(group, name)
    array = read_numbers(group, name, np.bool_ if matlab_class == "logical" else np.float64)
    values = [int(x) if isinstance(x, float) and x.is_integer() else x for x in array.ravel().tolist()]
    return values[0] if array.ndim != 1 and array.size == 1 else values


def _raw(dataset: h5py.Dataset) -> NDArray[Any]:
    if dataset.is_virtual or dataset.external:
        raise MalformedError(f"`{dataset.name}` is not in the file itself")
    if dataset.dtype.kind not in "fiu" and h5py.check_ref_dtype(dataset.dtype) is None:
        raise MalformedError(f"`{dataset.name}` must hold numbers, text or a cell of texts")
    # A damaged size must not ask for more memory than the file can fill.
    if dataset.size is None or dataset.size * dataset.dtype.itemsize > dataset.file.id.get_filesize():
        raise MalformedError(f"`{dataset.name}` is larger than the file")
    return np.asarray(dataset[()])


def class_of(dataset: h5py.Dataset | h5py.Group) -> str:
    """MATLAB's class of a variable; empty where another program wrote it."""
    value = dataset.attrs.get("MATLAB_class", b"")
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)


def _is_empty(dataset: h5py.Dataset) -> bool:
    return bool(dataset.attrs.get("MATLAB_empty", 0))


def _empty_shape(dataset: h5py.Dataset, raw: NDArray[Any]) -> tuple[int, ...]:
    shape = tuple(int(n) for n in raw.ravel())
    if 0 not in shape:
        raise MalformedError(f"`{dataset.name}` is marked as empty, but is {'-by-'.join(map(str, shape))}")
    return shape


def text_of(dataset: object) -> str:
    """The text of a dataset."""
    if not isinstance(dataset, h5py.Dataset) or class_of(dataset) != "char":
        raise MalformedError(f"`{getattr(dataset, 'name', dataset)}` must be text")
    raw = _raw(dataset)
    if _is_empty(dataset):
        return ""
    if raw.dtype != np.uint16 or max(raw.shape, default=1) != raw.size:
        raise MalformedError(f"`{dataset.name}` must be one line of UTF-16 text")
    return raw.astype("<u2").tobytes().decode("utf-16-le", "surrogatepass")
