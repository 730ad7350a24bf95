"""addition: the sum of inputs that agree in size, and residual networks made with it."""

from dataclasses import replace

import numpy as np
import pytest
from gradients import directional_check
from layers.example import IMAGES, ONCE, VECTORS
from layers.joining import join, joining, normal
from layers.networks import build, options, random_sequences, random_targets, randomize, signal_of_size
from layers.test_sequence_folding import fault_of
from training.sessions import start

from lstmcli.graph import Network
from lstmcli.layers.addition import Addition
from lstmcli.layers.layer import Mode, Role, SizeError
from lstmcli.minibatches import make_mini_batch
from lstmcli.records import Data, Steps, Targets
from lstmcli.training.pass_over import learn_from

PROPERTIES = "Name NumInputs"
REQUIRED = ("NumInputs: 2",)
EXAMPLES = (
    joining("addition: {NumInputs: 2, inputs: [b, a]}", VECTORS),
    joining("addition: {NumInputs: 3, inputs: [b, a, b]}", VECTORS, 3),
    joining("addition: {NumInputs: 2, inputs: [a, b]}", IMAGES),
    joining("addition: {NumInputs: 2, inputs: [a, b]}", ONCE),
)

RESIDUAL = """sequenceInput: {InputSize: 3, Name: x}, fullyConnected: {OutputSize: 5, Name: entry},
    gelu, fullyConnected: {OutputSize: 5, Name: inner},
    addition: {NumInputs: 2, Name: first, inputs: [inner, entry]}, swish,
    lstm: {NumHiddenUnits: 5, Name: memory},
    addition: {NumInputs: 3, Name: second, inputs: [memory, first, entry]}, fullyConnected: 3,
    addition: {NumInputs: 2, Name: third, inputs: [fc, x]}, regression"""
"""Every sum has inputs that others take, too: the network's own input, a layer's output taken three times."""


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_sum_and_its_gradients(count):
    arrays = [normal(5, 3, 4, seed=k) for k in range(count)]
    y, gradients = join(Addition(num_inputs=count, name="sum"), *arrays)
    np.testing.assert_allclose(y, np.sum(arrays, axis=0, dtype=np.float64), rtol=0, atol=2e-6)
    dy = normal(5, 3, 4, seed=9)
    assert [dx.tobytes() for dx in gradients(dy)] == [dy.tobytes()] * count


@pytest.mark.parametrize("padding", ["masked left", "masked right", "data"])
def test_gradients_of_a_residual_network_are_right_through_shared_inputs(padding):
    network = randomize(build(RESIDUAL, dtype=np.float64))
    sequences = random_sequences([5, 1, 3, 4], 3)
    side = "left" if padding == "masked left" else "right"
    given = options(sequence_padding_direction=side)
    batch = make_mini_batch(sequences, random_targets(network, sequences), np.arange(4), given)
    states = network.graph.initial_states(network.weights, 4)
    owners = [(node.name, p.name) for node in network.graph.nodes for p in node.parameters(Role.LEARNABLE)]

    def learn(*learnables):
        weights = {layer: dict(arrays) for layer, arrays in network.weights.items()}
        for (owner, name), array in zip(owners, learnables, strict=True):
            weights[owner][name] = array
        return learn_from(Network(network.graph, weights), batch, states, padding != "data", Mode())

    at = [network.weights[owner][name] for owner, name in owners]
    found = learn(*at).gradients
    gradients = [found[owner][name] for owner, name in owners]
    directional_check(lambda *arrays: learn(*arrays).loss.mean, at, gradients, np.random.default_rng(5))


@pytest.mark.parametrize("masks", ["true", "false"])
def test_a_residual_network_learns(masks):
    sequences = random_sequences([7, 3, 5, 7, 2, 6], 3)
    wanted = sequences.values + np.tanh(sequences.values[:, ::-1])
    data = Data(sequences, Targets(wanted, ("p", "q", "r"), True))
    session = start(
        RESIDUAL,
        data,
        MaxEpochs=120,
        InitialLearnRate=0.02,
        Verbose="false",
        MaskPadding=masks,
        MiniBatchSize=3,
    )
    steps = session.finish()
    assert steps[-1].loss < 0.03 * steps[0].loss


def test_steps_that_count_are_those_of_the_inputs():
    x = signal_of_size(VECTORS, [5, 2, 3], side="left")
    (y,) = Addition(num_inputs=2, name="sum").forward({}, (x, x), (), Mode()).outputs
    assert (y.start.tolist(), y.stop.tolist()) == ([0, 3, 2], [5, 5, 5])


VECTORS_A, IMAGES_A = (
    "sequenceInput: {InputSize: 4, Name: a}",
    "sequenceInput: {InputSize: [5, 4, 2], Name: a}",
)
LAST_B = "lstm: {NumHiddenUnits: 4, OutputMode: last, Name: b}"
FAULTS = [
    (
        f"{VECTORS_A}, fullyConnected: {{OutputSize: 3, Name: b}}, {{}}",
        "a, b",
        "`in2` of addition `sum` takes 4 channels, as `in1`, but fullyConnected `b` gives 3 channels",
    ),
    (
        f"{VECTORS_A}, {LAST_B}, {{}}",
        "a, a, b",
        "`in3` of addition `sum` needs a time axis, as `in1`, "
        "but lstm `b` gives 4 channels without a time axis",
    ),
    (
        f"{VECTORS_A}, {LAST_B}, {{}}",
        "b, a",
        "`in2` of addition `sum` takes no time axis, as `in1`, "
        "but sequenceInput `a` gives 4 channels over T time steps",
    ),
    (
        f"{VECTORS_A}, sequenceFolding: {{Name: b}}, {{}}",
        "a, b",
        "`in2` of addition `sum` takes sequences that are not folded, as `in1`, "
        "but `out` of sequenceFolding `b` gives 4 channels, folded",
    ),
    (
        f"{IMAGES_A}, sequenceInput: {{InputSize: [4, 5, 2], Name: b}}, {{}}, flatten",
        "a, b",
        "`in2` of addition `sum` takes images 5 high, as `in1`, "
        "but sequenceInput `b` gives 4-by-5 images of 2 channels",
    ),
    (
        f"{IMAGES_A}, flatten: {{Name: b}}, {{}}",
        "b, a",
        "`in2` of addition `sum` takes vectors, as `in1`, "
        "but sequenceInput `a` gives 5-by-4 images of 2 channels",
    ),
]


@pytest.mark.parametrize(("layers", "inputs", "message"), FAULTS)
def test_inputs_that_do_not_agree(layers, inputs, message):
    own = f"addition: {{NumInputs: {len(inputs.split())}, Name: sum, inputs: [{inputs}]}}"
    assert fault_of(layers.replace("{}", own) + ", regression").message == message


def test_inputs_of_different_lengths_do_not_agree():
    with pytest.raises(SizeError, match=r"^takes as many time steps as `in1`$") as caught:
        Addition(num_inputs=3, name="sum").propagate((VECTORS, VECTORS, replace(VECTORS, steps=Steps(-2))))
    assert caught.value.port == 2
    assert "`Stride: 1` and `Padding: same`" in caught.value.help


def test_every_input_has_to_be_connected():
    fault = fault_of("sequenceInput: 4, addition: 2, regression")
    assert fault.message == "no output goes to `in2` of addition `addition`"


def test_it_is_listed_as_in_matlab():
    layer = Addition(num_inputs=3, name="addition")
    listed = (layer.stem, layer.type_text, layer.describe())
    assert listed == ("addition", "Addition", "Element-wise addition of 3 inputs")
