"""What every layer has to keep to, tried on every example of every layer of `LAYERS`."""

import re

import numpy as np
import pytest
from gradients import directional_check
from layers.examples import CASES, EXAMPLES, TIMELESS, around
from layers.networks import (
    answers,
    build,
    node_of,
    options,
    random_sequences,
    random_signal,
    random_targets,
    randomize,
    read,
)

from lstmcli.errors import SpecError
from lstmcli.graph import Network
from lstmcli.layers import LAYERS
from lstmcli.layers.layer import Mode, Role
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.minibatches import make_mini_batch
from lstmcli.modelfile import write_model
from lstmcli.network_file import read_network, to_model
from lstmcli.records import Signal, Size
from lstmcli.training.pass_over import learn_from

LENGTHS = (5, 1, 3, 0, 4)


def examples(cases):
    ids = [re.sub(r"\W+", "-", text).strip("-") for _, text in cases]
    return pytest.mark.parametrize(("layer", "text"), cases, ids=ids)


every_example = examples(CASES)
every_example_before_the_end = examples([case for case in CASES if not issubclass(case[0], OutputLayer)])
every_padding = pytest.mark.parametrize("padding", ["masked left", "masked right", "data"])


def stand(layer, text, *, dtype=np.float32, time=True, padding="masked right"):
    """The layer made from its text, with its weights, an input and a state, all random."""
    network = randomize(build(around(layer, text), dtype=dtype))
    node = node_of(network, layer.word)
    side = "left" if padding == "masked left" else "right"
    x = random_signal(LENGTHS, node.size_in.channels or 4, side=side, dtype=dtype, time=time)
    if padding == "data":
        x = x._replace(start=np.zeros_like(x.start), stop=np.full_like(x.stop, max(LENGTHS)))
    random = np.random.default_rng(2)
    state = tuple(
        random.standard_normal((len(LENGTHS), *p.shape)).astype(dtype) for p in node.parameters(Role.STATE)
    )
    return node, network.weights[node.name], x, state


def bits(*arrays):
    return [array.tobytes() for array in arrays]


def test_every_layer_has_an_example():
    assert set(EXAMPLES) == set(LAYERS)
    assert all(EXAMPLES.values())


@every_example
def test_the_output_has_the_size_that_propagate_gives(layer, text):
    for time in (True, False) if layer in TIMELESS else (True,):
        node, weights, x, state = stand(layer, text, time=time)
        want = node.layer.propagate(Size(x.data.shape[-1], time))
        got = node.layer.forward(weights, x, state, Mode())
        steps = (max(LENGTHS),) if want.time else ()
        assert got.output.data.shape == (*steps, len(LENGTHS), want.channels)
        assert got.output.data.dtype == np.float32
        assert [part.shape for part in got.state] == [part.shape for part in state]
        assert all(part.dtype == np.float32 for part in got.state)


@every_example
def test_parameters_have_matlab_names_and_are_initialized_in_their_shapes(layer, text):
    network = build(around(layer, text))
    node = node_of(network, layer.word)
    parameters = node.parameters()
    assert all(re.fullmatch(r"([A-Z][a-z0-9]+)+", p.name) for p in parameters)
    assert len({p.name for p in parameters}) == len(parameters)
    arrays = network.weights[node.name]
    assert {name: array.shape for name, array in arrays.items()} == {p.name: p.shape for p in parameters}
    assert all(array.dtype == np.float32 and array.flags.carray for array in arrays.values())
    assert all(np.isfinite(array).all() for array in arrays.values())


@every_example_before_the_end
@every_padding
def test_gradients_are_those_of_the_forward_pass(layer, text, padding):
    node, weights, x, state = stand(layer, text, dtype=np.float64, padding=padding)
    names = [p.name for p in node.parameters(Role.LEARNABLE)]

    def run(data, *learnables):
        arrays = {**weights, **dict(zip(names, learnables, strict=True))}
        return node.layer.forward(arrays, x.with_data(data), state, Mode(np.random.default_rng(3)))

    at = [x.data, *(weights[name] for name in names)]
    result = run(*at)
    dy = np.random.default_rng(4).standard_normal(result.output.data.shape)
    back = node.layer.backward(weights, result.saved, dy, need_dx=True)
    assert set(back.gradients) == set(names)
    gradients = [back.gradients[name] for name in names]
    if layer is SequenceInput:
        assert back.dx is None
        return
    directional_check(
        lambda *arrays: float((run(*arrays).output.data * dy).sum()),
        at,
        [back.dx, *gradients],
        np.random.default_rng(5),
    )
    without = node.layer.backward(weights, run(*at).saved, dy, need_dx=False)
    assert bits(*(without.gradients[name] for name in names)) == bits(*gradients)


@every_example
@every_padding
def test_gradients_of_the_loss_are_those_of_the_network(layer, text, padding):
    network = randomize(build(around(layer, text), dtype=np.float64))
    sequences = random_sequences([n for n in LENGTHS if n], 4)
    side = "left" if padding == "masked left" else "right"
    batch = make_mini_batch(
        sequences,
        random_targets(network, sequences),
        np.arange(len(sequences)),
        options(sequence_padding_direction=side),
    )
    states = network.graph.initial_states(network.weights, len(sequences))
    nodes = network.graph.nodes
    owners = [(node.name, p.name) for node in nodes for p in node.parameters(Role.LEARNABLE)]

    def learn(*learnables):
        weights = {layer: dict(arrays) for layer, arrays in network.weights.items()}
        for (owner, name), array in zip(owners, learnables, strict=True):
            weights[owner][name] = array
        changed = Network(network.graph, weights)
        return learn_from(changed, batch, states, padding != "data", Mode(np.random.default_rng(3)))

    at = [network.weights[owner][name] for owner, name in owners]
    gradients = learn(*at).gradients
    assert [(owner, name) for owner in gradients for name in gradients[owner]] == owners
    directional_check(
        lambda *arrays: learn(*arrays).loss.mean,
        at,
        [gradients[owner][name] for owner, name in owners],
        np.random.default_rng(5),
    )


@every_example
def test_prediction_is_repeatable_and_changes_nothing(layer, text):
    node, weights, x, state = stand(layer, text)
    before = bits(x.data, x.start, x.stop, *weights.values(), *state)
    first = node.layer.forward(weights, x, state, Mode())
    again = node.layer.forward(weights, x, state, Mode())
    assert bits(first.output.data, *first.state) == bits(again.output.data, *again.state)
    assert bits(x.data, x.start, x.stop, *weights.values(), *state) == before


@every_example_before_the_end
def test_the_backward_pass_changes_nothing_that_comes_in(layer, text):
    node, weights, x, state = stand(layer, text)
    before = bits(x.data, x.start, x.stop, *weights.values(), *state)
    result = node.layer.forward(weights, x, state, Mode())
    dy = np.ones_like(result.output.data)
    node.layer.backward(weights, result.saved, dy, need_dx=True)
    assert bits(x.data, x.start, x.stop, *weights.values(), *state) == before
    assert bits(dy) == bits(np.ones_like(dy))


@every_example
def test_answers_are_the_same_where_nothing_is_saved(layer, text):
    node, weights, x, state = stand(layer, text)
    with_all = node.layer.forward(weights, x, state, Mode())
    without = node.layer.forward(weights, x, state, Mode(saves=False))
    assert bits(with_all.output.data, *with_all.state) == bits(without.output.data, *without.state)


@pytest.mark.parametrize(("layer", "text"), [case for case in CASES if case[0] in TIMELESS])
def test_the_output_without_a_time_axis_is_that_of_a_single_step(layer, text):
    node, weights, x, state = stand(layer, text, time=False)
    step = Signal(x.data[None], np.zeros_like(x.start), np.ones_like(x.stop))
    got = node.layer.forward(weights, x, state, Mode()).output.data
    assert bits(got) == bits(node.layer.forward(weights, step, state, Mode()).output.data[0])


@pytest.mark.parametrize("layer", sorted(set(LAYERS) - TIMELESS - {SequenceInput}, key=LAYERS.index))
def test_a_layer_over_time_needs_a_time_axis(layer):
    (text, *_) = EXAMPLES[layer]
    with pytest.raises(SpecError) as caught:
        build(f"sequenceInput: 4, lstm: {{NumHiddenUnits: 3, OutputMode: last, Name: a}}, {text}, regression")
    (fault,) = caught.value.faults
    assert re.fullmatch(rf"{layer.word} `\w+` needs a time axis, but lstm `a` .*", fault.message)
    assert fault.help == "give lstm `a` the `OutputMode` sequence"


@every_example
def test_a_stored_network_predicts_the_same(layer, text, tmp_path):
    spec = read(around(layer, text))
    network = randomize(build(around(layer, text)))
    path = tmp_path / "model.h5"
    write_model(path, to_model(spec, network, {}))
    stored = read_network(path).network
    sequences = random_sequences([4, 1, 7], 4)
    assert [node.layer for node in stored.graph.nodes] == [node.layer for node in network.graph.nodes]
    for name, arrays in network.weights.items():
        assert {k: bits(v) for k, v in stored.weights[name].items()} == {
            k: bits(v) for k, v in arrays.items()
        }
    assert bits(*answers(stored, sequences)) == bits(*answers(network, sequences))
