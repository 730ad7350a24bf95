"""Arrays as sequences and targets. One sequence is an array with time first, several are a list of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstmcli.data.array_files import columns_of
from lstmcli.data.selection import concatenate
from lstmcli.data.sizes import check_alike, show_sides
from lstmcli.errors import DataError, Fault, Place, counted
from lstmcli.records import Array, Sequences

Data = ArrayLike | Sequence[ArrayLike]
"""One sequence, T-by-C (steps by channels; of one channel also T; of images T-by-h-by-w-by-C), or a list of
several.
"""


def is_list(data: Any) -> bool:
    """Whether this is several sequences, or something for each of several."""
    return isinstance(data, list | tuple) or (isinstance(data, np.ndarray) and data.dtype == object)


def sequences_of(data: Data, columns: int, name: str) -> Sequences:
    """The sequences, named 1, 2, ...; columns : how many a network takes; name : of the data in messages.

    Raises DataError for what is no array of finite numbers, has its channels first, or is several in one.
    """
    items = list(data) if is_list(data) else [data]  # type: ignore[arg-type]
    if not items:
        raise DataError(Fault(f"`{name}` is empty"))
    pieces = [_sequence(item, n, place_of(name, n, data), columns) for n, item in enumerate(items)]
    for piece in pieces:
        check_alike(piece, pieces[0])
    return concatenate(pieces)


def place_of(name: str, n: int, data: Any) -> Place:
    """Where the n-th sequence is: `X[3]`, or `X` where there is one alone."""
    return Place(f"{name}[{n}]" if is_list(data) else name)


def numbers_of(item: Any, where: Place) -> Array:
    """An array of finite real numbers; raises DataError."""
    if np.ma.is_masked(item):
        # NumPy would take what lies below the mask.
        item = item.astype(np.float64).filled(np.nan)
    try:
        array = np.asarray(item)
    except ValueError:
        array = np.empty(0, object)
    if array.dtype.kind not in "biuf":
        raise DataError(Fault("this is not an array of real numbers", where))
    with np.errstate(over="ignore"):
        finite = np.isfinite(array.astype(np.float32))
    if not finite.all():
        step = int(np.flatnonzero(~finite.reshape(len(np.atleast_1d(array)), -1).all(axis=1))[0])
        what = (
            "that is too large for single precision"
            if np.isfinite(array).all()
            else "that is no finite number"
        )
        raise DataError(Fault(f"step {step + 1} has a value {what}", where))
    return array


def _sequence(item: Any, n: int, where: Place, columns: int) -> Sequences:
    array = numbers_of(item, where)
    values, shape = columns_of(array, where)
    help = _way_out(array, columns) if values.shape[1] != columns else None
    if help is not None:
        message = f"this is {show_sides(array.shape)}, but the network takes {counted(columns, 'channel')}"
        raise DataError(Fault(message, where, help))
    offsets = np.array([0, len(values)])
    return Sequences(values, offsets, (str(n + 1),), places=((where.file, None),), shape=shape)


def _way_out(array: Array, columns: int) -> str | None:
    """What to give instead of channels first, or of several sequences in one array; None if it is neither."""
    if array.ndim < 3 and len(array) == columns:
        turned = "`X.T`" if array.ndim == 2 else "`X[None]` for one step"
        return f"a sequence is T-by-C, steps by channels (in MATLAB C-by-T): give {turned}"
    if array.ndim == 3 and array.shape[2] == columns:
        return "several sequences are a list of T-by-C arrays: give `list(X)`"
    return None


def joined(answers: list[Array], per_step: bool, several: bool) -> NDArray[Any] | list[Any]:
    """What a caller gets: of each sequence its steps, in a list if it gave one, or a row of one array."""
    if not per_step:
        return np.stack(answers)
    return answers if several else answers[0]
