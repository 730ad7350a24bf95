"""Variables of MAT-files as sequences: matrices or images, one behind the other along time."""

from typing import Any

import numpy as np

from lstmcli.data.sizes import show_sides
from lstmcli.errors import DataError, Fault
from lstmcli.modelfile.variables import NUMERIC, Value
from lstmcli.records import Array


def arrays_of(value: Value, name: str) -> list[Array]:
    """The arrays of a cell, or a single one; raises DataError for others than of 2 to 4 dimensions."""
    items: list[Any] = value if isinstance(value, list) else [value]
    for n, item in enumerate(items, 1):
        if not isinstance(item, np.ndarray) or item.ndim not in (2, 3, 4) or not item.size:
            message = f"`{name}{{{n}}}` must be a matrix of numbers, or images one behind the other"
            raise DataError(Fault(message, None, f"the classes of numbers are {', '.join(sorted(NUMERIC))}"))
    if not items:
        raise DataError(Fault(f"`{name}` is empty"))
    if not isinstance(value, list) and items[0].ndim == 3:
        help = f"make it a cell of matrices: `{name} = squeeze(num2cell({name}, [1 2]))`"
        raise DataError(Fault(f"`{name}` is one array of three dimensions", None, help))
    return items


def with_time_first(arrays: list[Array], name: str) -> tuple[list[Array], tuple[int, ...] | None]:
    """[S, columns] of each, and (height, width, channels) of images.

    Of matrices the side that differs is time; where none does MATLAB's C-by-S is meant. Among sequences of
    images one of a single frame has lost its last dimensions, as MATLAB keeps none of 1 at the end.
    Raises DataError if sizes differ otherwise.
    """
    most = max(array.ndim for array in arrays)
    heights, widths = ({array.shape[side] for array in arrays} for side in (0, 1))
    if most == 2 and len(heights) > 1 and len(widths) == 1:
        return arrays, None
    whole: list[Array] = [array.reshape(array.shape + (1,) * (most - array.ndim)) for array in arrays]
    first = whole[0].shape
    for n, array in enumerate(whole):
        if array.shape[:-1] != first[:-1]:
            sides, wanted = show_sides(arrays[n].shape), show_sides(arrays[0].shape)
            message = f"`{name}{{{n + 1}}}` is {sides}, but `{name}{{1}}` is {wanted}"
            help = "images have the same height, width and channels, h-by-w-by-C-by-S"
            if most == 2:
                help = "sequences have the same channels, C-by-S or all S-by-C"
            raise DataError(Fault(message, None, help))
    steps = [array.reshape(-1, array.shape[-1], order="F").T for array in whole]
    return steps, None if most == 2 else (*first[:-1], 1)[:3]
