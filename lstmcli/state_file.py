"""The states of sequences that go on, to a file and back for the same network."""

import hashlib
from pathlib import Path

import numpy as np

from lstmcli.carried_states import CarriedStates
from lstmcli.errors import Fault, ModelError
from lstmcli.graph import Network
from lstmcli.modelfile.states import AGAIN, StoredStates, write_states
from lstmcli.spec.properties import properties_of


def write_carried(path: Path, states: CarriedStates, network: Network) -> None:
    """Store where each sequence stands; raises ModelError if the file cannot be written."""
    names = states.names
    taken = states.take(names)
    own = {
        node.name: dict(zip(node.states, taken[node.name], strict=True)) for node in network.graph.stateful
    }
    write_states(path, StoredStates(_digest(network), names, own))


def carried_from(stored: StoredStates, path: Path, network: Network) -> CarriedStates:
    """Where each sequence stands, by what the file holds.

    Raises ModelError if that does not hold together, or they are the states of another network.
    """
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
            if array is None or array.shape != size:
                message = f"`{path}` does not hold together: `/States/{node.name}/{name}` is not what it was"
                raise ModelError(Fault(message, None, AGAIN))
        found[node.name] = tuple(array for array in arrays if array is not None)
    states = CarriedStates(network)
    states.put(stored.names, found)
    return states


def _digest(network: Network) -> str:
    """What no network has with other layers, connections, properties or weights."""
    found = hashlib.sha256()
    for node in network.graph.nodes:
        arrays = {parameter.attribute for parameter in node.parameters()}
        declared = properties_of(type(node.layer))
        plain = {
            word: getattr(node.layer, item.name) for word, item in declared.items() if item.name not in arrays
        }
        found.update(f"{node.layer.word}\0{plain}\0{list(map(tuple, node.wires))}\0".encode())
        for name, array in sorted(network.weights[node.name].items()):
            found.update(f"{name}\0{array.shape}\0".encode())
            found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()
