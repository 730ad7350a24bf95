"""What our HDF5 files begin with: the format's name and version, and the program that wrote them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import h5py
import numpy as np

from lstmcli.errors import Fault, ModelError
from lstmcli.modelfile import mat73
from lstmcli.version import __version__

PROGRAM = f"lstmcli {__version__}"
DAMAGE = (OSError, LookupError, RuntimeError, ValueError, TypeError, ArithmeticError, MemoryError)
"""What h5py raises on a damaged file depends on which byte is damaged."""


@contextmanager
def encoding(name: str, version: int, encoded: io.BytesIO) -> Iterator[h5py.File]:
    """A file of this format to be filled in; when it is left `encoded` holds its bytes."""
    with mat73.create(encoded) as file:
        file.attrs["Format"] = np.bytes_(name)
        file.attrs["FormatVersion"] = np.int32(version)
        file.attrs["CreatedBy"] = np.bytes_(PROGRAM)
        yield file
    header = mat73.header(PROGRAM)
    encoded.getbuffer()[: len(header)] = header


@contextmanager
def decoding(data: bytes, path: str, name: str, version: int, what: str, again: str) -> Iterator[h5py.File]:
    """The bytes of the file `path` of this format, open in memory; takes no lock and runs nothing from it.

    what : what such a file is called, as in `is not a model file`; again : what helps if it is damaged
    Raises ModelError for another format, a newer version, and whatever is wrong with what is read inside.
    """
    try:
        with mat73.open_bytes(data) as file:
            _check_format(file, path, name, version, what)
            yield file
    except mat73.MalformedError as error:
        raise ModelError(Fault(f"`{path}` is not a valid {what}: {error}", help=again)) from error
    except DAMAGE as error:
        raise ModelError(Fault(f"`{path}` is damaged or cut short", help=again)) from error


def is_of_format(data: bytes, name: str) -> bool:
    """Whether these are the bytes of a file of this format that can be opened."""
    try:
        with mat73.open_bytes(data) as file:
            return _text_attribute(file, "Format") == name
    except (*DAMAGE, mat73.MalformedError):
        return False


def _check_format(file: h5py.File, path: str, name: str, version: int, what: str) -> None:
    found = _text_attribute(file, "Format")
    if found != name:
        help = f"it is one of `{found}`" if found else "it is an HDF5 file of another program"
        help = f"{help}: its attribute `Format` is not `{name}`"
        raise ModelError(Fault(f"`{path}` is not a {what}", help=help))
    written = int(file.attrs["FormatVersion"])
    if written > version:
        raise ModelError(
            Fault(
                f"`{path}` was written by a newer lstmcli (format {written}; this one reads up to {version})",
                help=f"update lstmcli; the file was written by {_text_attribute(file, 'CreatedBy')}",
            )
        )


def _text_attribute(file: h5py.File, name: str) -> str:
    value = file.attrs.get(name, b"")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
