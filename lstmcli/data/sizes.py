"""The size of a time step of data, which all of it has."""

from lstmcli.errors import DataError, Fault, Place, counted
from lstmcli.records import Sequences


def show_shape(shape: tuple[int, ...]) -> str:
    """A shape (height, width, channels) in words: `24-by-24 images of 3 channels`."""
    *spatial, channels = shape
    return f"{show_sides(spatial)} images of {counted(channels, 'channel')}"


def show_sides(shape: tuple[int, ...] | list[int]) -> str:
    """A size as MATLAB says it: `24-by-24`."""
    return "-by-".join(map(str, shape))


def check_alike(sequences: Sequences, first: Sequences) -> None:
    """Raise DataError where the time steps of a file have another size than those of the first one."""
    if _size(sequences) == _size(first):
        return
    message = f"this has {_show(sequences)}, but {first.places[0][0]} has {_show(first)}"
    raise DataError(Fault(message, Place(sequences.places[0][0])))


def _size(sequences: Sequences) -> tuple[int, tuple[int, ...] | None]:
    return sequences.values.shape[1], sequences.shape


def _show(sequences: Sequences) -> str:
    if sequences.shape is not None:
        return show_shape(sequences.shape)
    return counted(sequences.values.shape[1], "channel")
