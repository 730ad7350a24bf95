"""States of sequences that go on <-> one HDF5 file that is a MAT-file of version 7.3, as a model is."""

import io
import json
import os
import stat
from dataclasses import dataclass

import h5py
import numpy as np

from lstmcli.errors import Fault, ModelError
from lstmcli.modelfile import mat73
from lstmcli.modelfile.atomic import write_atomically
from lstmcli.modelfile.format import decoding, encoding
from lstmcli.records import Array
from lstmcli.signature import START, is_hdf5

FORMAT = "lstmcli states"
FORMAT_VERSION = 1

NETWORK = "Network"
SEQUENCES = "Sequences"
STATES = "States"
WHAT = "file of states"
AGAIN = "remove it to begin anew, or name another file"


@dataclass(frozen=True)
class StoredStates:
    """What the file holds.

    network : tells the network whose states these are from any other
    names : of the N sequences
    states : layer -> `HiddenState`, `CellState` -> float32[N, n]
    """

    network: str
    names: tuple[str, ...]
    states: dict[str, dict[str, Array]]


def write_states(path: str | os.PathLike[str], stored: StoredStates) -> None:
    """Store the states, whole or not at all; equal ones give equal bytes. Raises ModelError.

    Arrays are n-by-N for MATLAB; the names are a list in JSON, for jsondecode.
    """
    buffer = io.BytesIO()
    with encoding(FORMAT, FORMAT_VERSION, buffer) as file:
        mat73.write_text(file, NETWORK, stored.network)
        # One text: a cell is an HDF5 object for each name.
        mat73.write_text(file, SEQUENCES, json.dumps(stored.names, ensure_ascii=False))
        layers = mat73.write_struct(file, STATES)
        for layer, arrays in sorted(stored.states.items()):
            group = mat73.write_struct(layers, layer)
            for name, array in sorted(arrays.items()):
                mat73.write_numbers(group, name, array.T, "single")
    write_atomically(path, buffer.getvalue())


def read_states(path: str | os.PathLike[str]) -> StoredStates | None:
    """The stored states; None if there is no such file. Raises ModelError if it is damaged or another's."""
    name = os.fspath(path)
    try:
        # Opening a pipe would wait for whoever writes into it.
        data = _read(name) if stat.S_ISREG(os.stat(name).st_mode) else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ModelError(Fault(f"cannot read `{name}`: {error.strerror}")) from error
    if not data:
        raise ModelError(Fault(f"`{name}` is not a {WHAT}", help="name one, or a file that is not there yet"))
    with decoding(data, name, FORMAT, FORMAT_VERSION, WHAT, AGAIN) as hdf5:
        layers = mat73.child(hdf5, STATES, h5py.Group)
        return StoredStates(
            network=mat73.read_text(hdf5, NETWORK),
            names=_names(mat73.read_text(hdf5, SEQUENCES)),
            states={layer: _layer(mat73.child(layers, layer, h5py.Group)) for layer in layers},
        )


def _read(name: str) -> bytes:
    """The bytes of a file; none of one that is no HDF5, however long it is."""
    with open(name, "rb") as file:
        start = file.read(START)
        return start + file.read() if is_hdf5(start) else b""


def _names(text: str) -> tuple[str, ...]:
    names = json.loads(text)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise mat73.MalformedError(f"`/{SEQUENCES}` is no list of names")
    return tuple(names)


def _layer(group: h5py.Group) -> dict[str, Array]:
    return {name: np.ascontiguousarray(mat73.read_numbers(group, name, np.float32).T) for name in group}
