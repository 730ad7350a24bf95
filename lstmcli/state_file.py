"""The states of sequences that go on, to a file and back for the same network."""

import hashlib
from pathlib import Path

import numpy as np

from lstmcli.carried_states import CarriedStates
from lstmcli.errors import Fault, ModelError
from lstmcli.graph import Network
from lstmcli.modelfile.states import AGAIN, StoredStates, read_states, write_states


def write_carried(path: Path, states: CarriedStates, network: Network) -> None:
    """Store where each sequence stands; raises ModelError if the file cannot be written."""
    names = states.names
    taken = states.take(names)
    own = {
        node.name: dict(zip(node.states, taken[node.name], strict=True)) for node in network.graph.stateful
    }
    write_states(path, StoredStates(_digest(network), names, own))


def read_carried(path: Path, network: Network) -> CarriedStates:
    """Where each sequence stands; no sequence has been met if there is no such file.

    Raises ModelError if the file is damaged or has the states of another network.
    """
    states, stored = CarriedStates(network), read_states(path)
    if stored is None:
        return states
    if stored.network != _digest(network):
        help = "`--reset-state` forgets them; or name another file for this network's"
        raise ModelError(Fault(f"`{path}` has the states of another network", None, help))
    count = len(stored.names)
    if len(set(stored.names)) < count:
        raise ModelError(Fault(f"`{path}` does not hold together: a sequence is there twice", None, AGAIN))
    found = {}
    for node in network.graph.stateful:
        arrays = [stored.states.get(node.name, {}).get(name) for name in node.states]
        sizes = [(count, *network.weights[node.name][name].shape) for name in node.states]
        for array, size, name in zip(arrays, sizes, node.states, strict=True):
            if array is None or array.shape != size or not np.isfinite(array).all():
                message = f"`{path}` does not hold together: `/States/{node.name}/{name}` is not what it was"
                raise ModelError(Fault(message, None, AGAIN))
        found[node.name] = tuple(array for array in arrays if array is not None)
    states.put(stored.names, found)
    return states


def _digest(network: Network) -> str:
    """What no network with other layers or other weights has."""
    found = hashlib.sha256()
    for node in network.graph.nodes:
        found.update(f"{node.name}\0{node.layer.word}\0".encode())
        for name, array in sorted(network.weights[node.name].items()):
            found.update(f"{name}\0{array.shape}\0".encode())
            found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()
