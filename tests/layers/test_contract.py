"""What every layer has to keep to, tried on every example of every layer of `LAYERS`."""

import re
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from gradients import directional_check
from layers.example import COUNT, ONCE
from layers.examples import CASES
from layers.networks import (
    answers,
    build,
    options,
    random_sequences,
    random_targets,
    randomize,
    read,
    signal_of_size,
)

from lstmcli.graph import Network
from lstmcli.kernels.memory import Memory
from lstmcli.layers import LAYERS
from lstmcli.layers.layer import Mode, Role, SizeError
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.minibatches import make_mini_batch
from lstmcli.modelfile import write_model
from lstmcli.network_file import read_network, to_model
from lstmcli.records import Signal, Size, Steps
from lstmcli.training.pass_over import learn_from

LENGTHS = (5, 1, 3, 0, 4)
"""Of the sequences that go in; one has no step that counts."""
NO_STEPS = len(LENGTHS) * (0,)
"""Of what layers with strides or without padding leave of a short piece of sequences."""


def examples(cases):
    ids = [re.sub(r"\W+", "-", example.text).strip("-") for _, example in cases]
    return pytest.mark.parametrize(("layer", "example"), cases, ids=ids)


TIMED = [case for case in CASES if any(size.steps is not None for size in case[1].sizes)]
INSIDE = [case for case in CASES if not issubclass(case[0], OutputLayer | SequenceInput)]
every_example = examples(CASES)
every_example_inside = examples(INSIDE)
every_padding = pytest.mark.parametrize("padding", ["masked left", "masked right", "data"])
every_mode = pytest.mark.parametrize("training", [True, False], ids=["training", "prediction"])


class Stand:
    """A layer made from an example's text, with its weights, inputs and state, all random."""

    def __init__(
        self, layer, example, *, dtype=np.float32, padding="masked right", training=True, lengths=LENGTHS
    ):
        network = randomize(build(example.layers, dtype=dtype))
        made = [node for node in network.graph.nodes if type(node.layer) is layer]
        self.node = next(node for node in made if node.sizes_in == example.sizes)
        self.layer, self.weights = self.node.layer, network.weights[self.node.name]
        side = "left" if padding == "masked left" else "right"
        # What goes into an input layer are the columns of the data.
        sizes = self.node.sizes_in or (Size(self.layer.columns, Steps()),)
        self.xs = tuple(
            signal_of_size(size, lengths, side=side, dtype=dtype, seed=k) for k, size in enumerate(sizes)
        )
        if padding == "data":
            last = max(lengths)
            self.xs = tuple(
                x._replace(start=np.zeros_like(x.start), stop=np.full_like(x.stop, last)) for x in self.xs
            )
        random, states = np.random.default_rng(2), self.node.parameters(Role.STATE)
        self.state = tuple(random.standard_normal((len(LENGTHS), *p.shape)).astype(dtype) for p in states)
        self.training = training

    def forward(self, arrays=None, weights=None, saves=True, memory=None):
        """The pass for these data arrays and weights, or its own; in this memory or a new one."""
        random = np.random.default_rng(3) if self.training else None
        xs = self.xs
        if arrays is not None:
            xs = tuple(x.with_data(a) for x, a in zip(xs, arrays, strict=True))
        weights = self.weights if weights is None else weights
        return self.layer.forward(weights, xs, self.state, Mode(random, saves, memory or Memory()))

    def everything(self):
        """The bits of all that goes in."""
        signals = (part for x in self.xs for part in x)
        return bits(*signals, *self.weights.values(), *self.state)

    def seeds(self, result):
        """A gradient for each output that can have one."""
        random = np.random.default_rng(4)
        return tuple(
            None if size == COUNT else random.standard_normal(y.data.shape).astype(y.data.dtype)
            for y, size in zip(result.outputs, self.node.sizes_out, strict=True)
        )


def bits(*arrays):
    return [array.tobytes() for array in arrays]


def output_bits(result):
    return bits(*(y.data for y in result.outputs), *result.state)


def real_steps(signal, size):
    """Which steps of which observations count: bool[T, B]; without a time axis all: bool[B]."""
    if size.steps is None:
        return np.ones(len(signal.start), bool)
    t = np.arange(len(signal.data))[:, None]
    return (signal.start <= t) & (t < signal.stop)


def test_every_layer_has_an_example():
    assert {layer for layer, _ in CASES} == set(LAYERS)


@every_example
@every_mode
@pytest.mark.parametrize("lengths", [LENGTHS, NO_STEPS], ids=["some steps", "no steps"])
def test_outputs_have_the_sizes_that_propagate_gives(layer, example, training, lengths):
    stand = Stand(layer, example, training=training, lengths=lengths)
    got = stand.forward()
    sizes = stand.node.sizes_out
    assert len(got.outputs) == len(sizes)
    assert layer in (SequenceInput,) or len(stand.layer.input_ports) == len(example.sizes)
    for y, size in zip(got.outputs, sizes, strict=True):
        steps = () if size.steps is None else (size.steps.of(max(lengths)),)
        if size != COUNT:
            assert y.data.shape == (*steps, len(LENGTHS), *size.spatial[::-1], size.channels)
            assert y.data.dtype == np.float32
        if size.steps is not None:
            assert (y.stop - y.start).tolist() == [size.steps.of(n) if n else 0 for n in lengths]
            assert (y.start >= 0).all()
            assert (y.stop <= steps[0]).all()
    assert [part.shape for part in got.state] == [part.shape for part in stand.state]
    assert all(part.dtype == np.float32 for part in got.state)


@every_example
def test_parameters_have_matlab_names_and_are_initialized_in_their_shapes(layer, example):
    network = build(example.layers)
    for node in (node for node in network.graph.nodes if type(node.layer) is layer):
        parameters = node.parameters()
        assert all(re.fullmatch(r"([A-Z][a-z0-9]+)+", p.name) for p in parameters)
        assert len({p.name for p in parameters}) == len(parameters)
        arrays = network.weights[node.name]
        assert {name: a.shape for name, a in arrays.items()} == {p.name: p.shape for p in parameters}
        assert all(array.dtype == np.float32 and array.flags.carray for array in arrays.values())
        assert all(np.isfinite(array).all() for array in arrays.values())


@every_example_inside
@every_padding
@every_mode
def test_gradients_are_those_of_the_forward_pass(layer, example, padding, training):
    stand = Stand(layer, example, dtype=np.float64, padding=padding, training=training)
    weights = stand.weights
    names = [p.name for p in stand.node.parameters(Role.LEARNABLE)]
    moving = [k for k, size in enumerate(stand.node.sizes_in) if size != COUNT]
    data = [x.data for x in stand.xs]

    def run(*at):
        arrays = list(data)
        for k, array in zip(moving, at, strict=False):
            arrays[k] = array
        return stand.forward(arrays, {**weights, **dict(zip(names, at[len(moving) :], strict=True))})

    def product(result, seeds):
        return float(
            sum((y.data * d).sum() for y, d in zip(result.outputs, seeds, strict=True) if d is not None)
        )

    at = [*(data[k] for k in moving), *(weights[name] for name in names)]
    result = run(*at)
    seeds = stand.seeds(result)
    back = stand.layer.backward(weights, result.saved, seeds, need_dx=True)
    assert set(back.gradients) == set(names)
    gradients = [*(back.dxs[k].copy() for k in moving), *(back.gradients[name].copy() for name in names)]
    directional_check(lambda *at: product(run(*at), seeds), at, gradients, np.random.default_rng(5))
    without = stand.layer.backward(weights, run(*at).saved, seeds, need_dx=False)
    assert bits(*(without.gradients[name] for name in names)) == bits(*gradients[len(moving) :])


@every_example_inside
def test_a_gradient_may_come_from_one_output_alone(layer, example):
    stand = Stand(layer, example, dtype=np.float64)
    seeds = stand.seeds(stand.forward())
    whole = [k for k, seed in enumerate(seeds) if seed is not None]
    sums = None
    for k in whole:
        alone = tuple(seed if port == k else None for port, seed in enumerate(seeds))
        back = stand.layer.backward(stand.weights, stand.forward().saved, alone, need_dx=True)
        found = [dx for dx in back.dxs if dx is not None] + list(back.gradients.values())
        sums = (
            [a.copy() for a in found] if sums is None else [a + b for a, b in zip(sums, found, strict=True)]
        )
    together = stand.layer.backward(stand.weights, stand.forward().saved, seeds, need_dx=True)
    wanted = [dx for dx in together.dxs if dx is not None] + list(together.gradients.values())
    for got, want in zip(sums, wanted, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)


@every_example
@every_padding
def test_gradients_of_the_loss_are_those_of_the_network(layer, example, padding):
    network = randomize(build(example.layers, dtype=np.float64))
    sequences = random_sequences([n for n in LENGTHS if n], network.graph.columns)
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
def test_a_pass_is_repeatable_and_changes_nothing(layer, example):
    stand = Stand(layer, example)
    before = stand.everything()
    first = output_bits(stand.forward())
    assert output_bits(stand.forward()) == first
    assert stand.everything() == before


@every_example_inside
def test_the_backward_pass_changes_nothing_that_comes_in(layer, example):
    stand = Stand(layer, example)
    before = stand.everything()
    result = stand.forward()
    seeds = stand.seeds(result)
    given = [d for d in seeds if d is not None]
    kept = bits(*given)
    stand.layer.backward(stand.weights, result.saved, seeds, need_dx=True)
    assert stand.everything() == before
    assert bits(*given) == kept


@every_example
@every_mode
def test_answers_are_the_same_where_nothing_is_saved(layer, example, training):
    stand = Stand(layer, example, training=training)
    assert output_bits(stand.forward()) == output_bits(stand.forward(saves=False))


@every_example_inside
@every_mode
@pytest.mark.parametrize("padding", ["masked left", "masked right"])
def test_masked_steps_change_nothing(layer, example, padding, training):
    """Neither what counts of the outputs nor any gradient."""
    found = []
    for value in (0.0, 7.5):
        stand = Stand(layer, example, padding=padding, training=training)
        arrays = []
        for x, size in zip(stand.xs, stand.node.sizes_in, strict=True):
            data = x.data.copy()
            data[~real_steps(x, size)] = value
            arrays.append(data)
        result = stand.forward(arrays)
        counted = [real_steps(y, size) for y, size in zip(result.outputs, stand.node.sizes_out, strict=True)]
        ys = [y.data[real] for y, real in zip(result.outputs, counted, strict=True)]
        own = bits(*ys, *result.state)
        seeds = stand.seeds(result)
        for seed, real in zip(seeds, counted, strict=True):
            if seed is not None:
                seed[~real] = 0
        back = stand.layer.backward(stand.weights, result.saved, seeds, need_dx=True)
        for dx, x, size in zip(back.dxs, stand.xs, stand.node.sizes_in, strict=True):
            assert dx is None or (dx[~real_steps(x, size)] == 0).all()
        dxs = [dx for dx in back.dxs if dx is not None]
        found.append((own, bits(*dxs, *back.gradients.values())))
    assert found[0] == found[1]


@every_example_inside
@pytest.mark.parametrize("padding", ["masked left", "masked right"])
def test_a_masked_sequence_has_the_answer_it_has_alone(layer, example, padding):
    stand = Stand(layer, example, padding=padding, training=False)
    result = stand.forward()
    together = [(y.data.copy(), y.start, y.stop) for y in result.outputs]
    for b, length in enumerate(LENGTHS):
        if length == 0:
            continue
        xs = []
        for x, size in zip(stand.xs, stand.node.sizes_in, strict=True):
            own = x.data[b : b + 1] if size.steps is None else x.data[x.start[b] : x.stop[b], b : b + 1]
            xs.append(Signal(own, np.zeros(1, np.int32), np.full(1, length, np.int32)))
        state = tuple(part[b : b + 1] for part in stand.state)
        alone = stand.layer.forward(stand.weights, tuple(xs), state, Mode())
        for (data, start, stop), y, size in zip(together, alone.outputs, stand.node.sizes_out, strict=True):
            mine = data[b : b + 1] if size.steps is None else data[start[b] : stop[b], b : b + 1]
            assert bits(mine) == bits(y.data)


@examples([case for case in INSIDE if ONCE not in case[1].sizes])
@every_mode
def test_no_steps_at_all_are_as_steps_of_which_none_counts(layer, example, training):
    """States and statistics stay, pooling over all of time gives 0, and no learnable has a gradient."""
    full, masked = Stand(layer, example, training=training), Stand(layer, example, training=training)
    masked.xs = tuple(x._replace(start=0 * x.start, stop=0 * x.stop) for x in masked.xs)
    empty = Stand(layer, example, training=training, lengths=NO_STEPS)
    used, answers = Memory(), []
    # What this leaves in the memory must not come back.
    before = full.forward(memory=used)
    full.layer.backward(full.weights, before.saved, full.seeds(before), need_dx=True)
    for stand, memory in ((masked, Memory()), (empty, used)):
        result = stand.forward(memory=memory)
        seeds = tuple(
            None if size == COUNT else np.full_like(y.data, 1 if size.steps is None else 0)
            for y, size in zip(result.outputs, stand.node.sizes_out, strict=True)
        )
        back = stand.layer.backward(stand.weights, result.saved, seeds, need_dx=True)
        for dx, x in zip(back.dxs, stand.xs, strict=True):
            assert dx is None or dx.shape == x.data.shape
        for name, gradient in back.gradients.items():
            assert gradient.shape == stand.weights[name].shape
            assert (gradient == 0).all()
        for name, statistic in result.statistics.items():
            assert bits(statistic) == bits(stand.weights[name])
        assert bits(*result.state) == bits(*stand.state)
        ys = [y.data for y, size in zip(result.outputs, stand.node.sizes_out, strict=True) if not size.steps]
        dxs = [dx for dx, size in zip(back.dxs, stand.node.sizes_in, strict=True) if not size.steps]
        answers.append((*ys, *dxs))
    for got, want in zip(*answers, strict=True):
        np.testing.assert_array_equal(got, want)


@examples([case for case in INSIDE if ONCE in case[1].sizes])
def test_the_output_without_a_time_axis_is_that_of_a_single_step(layer, example):
    stand = Stand(layer, example, training=False)
    ones = np.ones(len(LENGTHS), np.int32)
    steps = tuple(Signal(x.data[None], 0 * ones, ones) for x in stand.xs)
    got = [y.data.copy() for y in stand.forward().outputs]
    again = stand.layer.forward(stand.weights, steps, (), Mode())
    assert bits(*got) == bits(*(y.data[0] for y in again.outputs))


@every_example_inside
def test_a_size_that_a_layer_cannot_take_is_refused(layer, example):
    """Vectors without a time axis are refused, or there is an example of them."""
    made = Stand(layer, example).layer
    sizes = tuple(replace(size, steps=None, folded=False) for size in example.sizes)
    if any(size.steps is None for kind, other in CASES if kind is layer for size in other.sizes[:1]):
        assert all(size.steps is None for size in made.propagate(sizes))
    elif sizes[0].spatial:
        # No layer gives images without a time axis: there can be no example of what takes them.
        with suppress(SizeError):
            assert all(size.steps is None for size in made.propagate(sizes))
    else:
        with pytest.raises(SizeError, match=r"^(needs|takes)"):
            made.propagate(sizes)


@every_example
def test_a_stored_network_predicts_the_same(layer, example, tmp_path):
    spec = read(example.layers)
    network = randomize(build(example.layers))
    path = tmp_path / "model.h5"
    write_model(path, to_model(spec, network, {}))
    stored = read_network(path).network
    sequences = random_sequences([4, 1, 7], network.graph.columns)
    assert [node.layer for node in stored.graph.nodes] == [node.layer for node in network.graph.nodes]
    for name, arrays in network.weights.items():
        assert {k: bits(v) for k, v in stored.weights[name].items()} == {
            k: bits(v) for k, v in arrays.items()
        }
    assert bits(*answers(stored, sequences)) == bits(*answers(network, sequences))
