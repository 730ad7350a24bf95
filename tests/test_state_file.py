"""The file of states: it comes back as it was, for its own network alone."""

import os

import h5py
import mat73
import numpy as np
import pytest
from layers.networks import build, randomize

from lstmcli.carried_states import CarriedStates
from lstmcli.errors import ModelError
from lstmcli.graph import Network
from lstmcli.modelfile.states import read_states
from lstmcli.state_file import carried_from, write_carried

LAYERS = "sequenceInput: 3, lstm: 4, gru: 2, fullyConnected: 2, regression"
NAMES = ("a", "", 'b, "c"\nd', "é\0😀")


def read_carried(path, network):
    stored = read_states(path)
    assert stored is not None
    return carried_from(stored, path, network)


def filled(network, names=NAMES):
    states, random = CarriedStates(network), np.random.default_rng(1)
    first = network.graph.initial_states(network.weights, len(names))
    states.put(
        names,
        {
            layer: tuple(random.standard_normal(array.shape).astype(np.float32) for array in arrays)
            for layer, arrays in first.items()
        },
    )
    return states


def bits(states, names=NAMES):
    return [array.tobytes() for arrays in states.take(names).values() for array in arrays]


@pytest.fixture
def network():
    return randomize(build(LAYERS))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s.h5"


@pytest.mark.parametrize("names", [NAMES, (), ("1",), tuple(map(str, range(1000)))])
def test_states_come_back(network, path, names):
    states = filled(network, names)
    write_carried(path, states, network)
    again = read_carried(path, network)
    assert again.names == names
    assert bits(again, names) == bits(states, names)
    first = path.read_bytes()
    write_carried(path, again, network)
    assert path.read_bytes() == first


def test_no_file_is_where_nobody_was_met(network, path):
    assert read_states(path) is None


def test_states_that_are_not_finite_come_back_too(network, path):
    states = filled(network, ("sound", "odd"))
    taken = states.take(("odd",))
    taken["lstm"][1][:] = np.inf
    states.put(("odd",), taken)
    write_carried(path, states, network)
    assert bits(read_carried(path, network), ("sound", "odd")) == bits(states, ("sound", "odd"))


def test_others_read_matlabs_shapes(network, path):
    states = filled(network, ("p", "q", "r"))
    write_carried(path, states, network)
    found = mat73.loadmat(str(path))
    hidden, cell = states.take(("p", "q", "r"))["lstm"]
    assert found["Sequences"] == '["p", "q", "r"]'
    np.testing.assert_array_equal(found["States"]["lstm"]["HiddenState"], hidden.T)
    np.testing.assert_array_equal(found["States"]["lstm"]["CellState"], cell.T)


@pytest.mark.parametrize(
    "other",
    [
        "sequenceInput: 3, lstm: 4, gru: 2, relu, fullyConnected: 2, regression",
        LAYERS.replace("lstm: 4", "lstm: {NumHiddenUnits: 4, StateActivationFunction: relu}"),
        LAYERS.replace("gru: 2", "gru: {NumHiddenUnits: 2, ResetGateMode: before-multiplication}"),
        LAYERS,
    ],
)
def test_states_of_another_network_are_refused(network, path, other):
    write_carried(path, filled(network), network)
    changed = randomize(build(other))
    if other == LAYERS:
        weights = {name: dict(arrays) for name, arrays in network.weights.items()}
        weights["lstm"]["Bias"] = np.nextafter(weights["lstm"]["Bias"], np.float32(9))
        changed = Network(network.graph, weights)
    with pytest.raises(ModelError, match="has the states of another network"):
        read_carried(path, changed)


def test_damage_is_a_fault_or_states_of_the_same_sequences(network, path):
    """Wherever bytes are lost or changed, nothing else is raised and nothing is of another size."""
    states = filled(network)
    write_carried(path, states, network)
    sound, random = path.read_bytes(), np.random.default_rng(0)
    shapes = [array.shape for arrays in states.take(NAMES).values() for array in arrays]
    refused = 0
    for _ in range(300):
        data = bytearray(sound)
        at = int(random.integers(len(data)))
        if random.random() < 0.3:
            del data[at:]
        else:
            data[at] ^= int(random.integers(1, 256))
        path.write_bytes(data)
        try:
            again = read_carried(path, network)
        except ModelError:
            refused += 1
        else:
            assert len(again) == len(NAMES)
            assert [a.shape for arrays in again.take(again.names).values() for a in arrays] == shapes
    assert refused > 30


def replace_dataset(file, name, values):
    del file[name]
    file[name] = values


def write_text(file, name, text):
    kinds = dict(file[name].attrs)
    replace_dataset(file, name, np.frombuffer(text.encode("utf-16-le"), "<u2").reshape(-1, 1))
    file[name].attrs.update(kinds)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda f: replace_dataset(f, "States/lstm/HiddenState", np.zeros((5, 4))),
            "HiddenState` is not what",
        ),
        (lambda f: write_text(f, "Sequences", "[1, 2, 3, 4]"), "is no list of names"),
        (lambda f: f.__delitem__("States/gru"), "`/States/gru/HiddenState` is not what it was"),
        (lambda f: f.attrs.modify("FormatVersion", np.int32(2)), "was written by a newer lstmcli"),
        (lambda f: f.attrs.modify("Format", np.bytes_("lstmcli network")), "is not a file of states"),
    ],
)
def test_what_does_not_hold_together_is_refused(network, path, change, message):
    write_carried(path, filled(network), network)
    with h5py.File(path, "r+") as file:
        change(file)
    with pytest.raises(ModelError, match=message):
        read_carried(path, network)


def test_a_sequence_that_is_there_twice_is_refused(network, path, monkeypatch):
    states = filled(network, ("a", "b"))
    monkeypatch.setattr(CarriedStates, "names", property(lambda self: ("a", "a")))
    write_carried(path, states, network)
    with pytest.raises(ModelError, match="a sequence is there twice"):
        read_carried(path, network)


@pytest.mark.parametrize("other", ["/dev/zero", "pipe", "."])
def test_what_is_no_file_is_not_waited_for(tmp_path, monkeypatch, other):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with pytest.raises(ModelError, match="is not a file of states"):
        read_states(other)


def test_nothing_is_left_of_a_write_that_fails(network, path, monkeypatch):
    states = filled(network)
    write_carried(path, states, network)
    before = path.read_bytes()
    monkeypatch.setattr(
        "os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(ModelError, match="No space left"):
        write_carried(path, filled(network, ("z",)), network)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["s.h5"]
