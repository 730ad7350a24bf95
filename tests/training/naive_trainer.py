"""The training loop again, from the documented formulas, in NumPy and float64.

Only loss and gradients of one padded piece come from the product; batches, padding, pieces, states,
L2 regularization, clipping, the learning rate and the solvers are written out here.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from training.sessions import Session

from lstmcli.graph import Network, States
from lstmcli.layers.layer import Mode
from lstmcli.records import Data, MiniBatch, Weights
from lstmcli.training.pass_over import learn_from

DEFAULTS: dict[str, Any] = {
    "solver": "adam",
    "LearnRateSchedule": "none",
    "LearnRateDropPeriod": 10,
    "LearnRateDropFactor": 0.1,
    "L2Regularization": 1e-4,
    "GradientThresholdMethod": "l2norm",
    "GradientThreshold": "Inf",
    "MaxEpochs": 30,
    "MiniBatchSize": 128,
    "SequenceLength": "longest",
    "SequencePaddingValue": 0,
    "SequencePaddingDirection": "right",
    "MaskPadding": False,
}
SOLVERS: dict[str, dict[str, float]] = {
    "sgdm": {"InitialLearnRate": 0.01, "Momentum": 0.9},
    "rmsprop": {"InitialLearnRate": 0.001, "SquaredGradientDecayFactor": 0.9, "Epsilon": 1e-8},
    "adam": {
        "InitialLearnRate": 0.001,
        "GradientDecayFactor": 0.9,
        "SquaredGradientDecayFactor": 0.999,
        "Epsilon": 1e-8,
    },
}
"""The defaults of trainingOptions as the reference lists them."""

Factors = dict[tuple[str, str], tuple[Sequence[float], Sequence[float]]]
"""(Layer, learnable) -> its learning rate factors and its L2 factors, one for all or one a block of rows."""


class Trained(NamedTuple):
    """Weights at the end; of each iteration its epoch, loss, learning rate, and states at its end."""

    weights: Weights
    epochs: list[int]
    losses: list[float]
    rates: list[float]
    states: list[States]


def train_naively(
    session: Session, orders: Sequence[NDArray[np.int64]] | None = None, factors: Factors | None = None
) -> Trained:
    """Train the session's network. orders : the observations of each epoch; in their own order if None."""
    o = {**DEFAULTS, **SOLVERS[str(session.given.get("solver", "adam"))], **session.given}
    names = [(layer, name) for layer, arrays in _learnables(session).items() for name in arrays]
    w = {key: session.network.weights[key[0]][key[1]].astype(np.float64) for key in names}
    scale = {
        key: _rows(w[key], *(factors or {}).get(key, ([1], [0] if key[1] == "Bias" else [1])))
        for key in names
    }
    memory: dict[Any, Any] = {key: {"step": 0.0, "m": 0.0, "v": 0.0} for key in names}
    result = Trained({}, [], [], [], [])
    iteration = 0
    for epoch in range(1, o["MaxEpochs"] + 1):
        order = np.arange(len(session.data.sequences)) if orders is None else orders[epoch - 1]
        rate = o["InitialLearnRate"]
        if o["LearnRateSchedule"] == "piecewise":
            rate *= o["LearnRateDropFactor"] ** np.floor((epoch - 1) / o["LearnRateDropPeriod"])
        for rows in _batches(list(order), o["MiniBatchSize"]):
            states = _initial_states(session, len(rows))
            for piece in pieces_of(session.data, rows, o):
                iteration += 1
                network = Network(session.graph, _merged(session, w))
                outcome = learn_from(network, piece, states, o["MaskPadding"], Mode())
                states = _carried(session, outcome.states)
                g = {key: outcome.gradients[key[0]][key[1]].astype(np.float64) for key in names}
                g = {key: g[key] + o["L2Regularization"] * scale[key][1] * w[key] for key in names}
                g = clip(g, o["GradientThresholdMethod"], float(o["GradientThreshold"]))
                for key in names:
                    w[key] += solver_step(o, g[key], memory[key], rate * scale[key][0], iteration)
                result.epochs.append(epoch)
                result.losses.append(outcome.loss.mean)
                result.rates.append(rate)
                result.states.append(states)
    return result._replace(weights=_merged(session, w, np.float64))


def clip(g: dict[Any, Any], method: str, threshold: float) -> dict[Any, Any]:
    """The gradients below the threshold, as section 8.4 has it."""
    if method == "absolute-value":
        return {key: np.sign(a) * np.minimum(abs(a), threshold) for key, a in g.items()}
    norms = {key: np.sqrt((a**2).sum()) for key, a in g.items()}
    if method == "global-l2norm":
        norms = dict.fromkeys(g, np.sqrt(sum(norm**2 for norm in norms.values())))
    return {key: a * (threshold / norms[key] if norms[key] > threshold else 1) for key, a in g.items()}


def solver_step(o: dict[str, Any], g: Any, memory: dict[str, Any], rate: Any, iteration: int) -> Any:
    """theta_{l+1} - theta_l, as section 8.2 has it."""
    if o["solver"] == "sgdm":
        memory["step"] = -rate * g + o["Momentum"] * memory["step"]
        return memory["step"]
    beta2 = o["SquaredGradientDecayFactor"]
    memory["v"] = beta2 * memory["v"] + (1 - beta2) * g**2
    if o["solver"] == "rmsprop":
        return -rate * g / (np.sqrt(memory["v"]) + o["Epsilon"])
    beta1 = o["GradientDecayFactor"]
    memory["m"] = beta1 * memory["m"] + (1 - beta1) * g
    corrected = rate * np.sqrt(1 - beta2**iteration) / (1 - beta1**iteration)
    return -corrected * memory["m"] / (np.sqrt(memory["v"]) + o["Epsilon"])


def pieces_of(data: Data, rows: Sequence[int], o: dict[str, Any]) -> list[MiniBatch]:
    """The observations padded or cut to one length, step by step, and split."""
    sequences, targets = data
    split_masked = o["MaskPadding"] and isinstance(o["SequenceLength"], int)
    left = o["SequencePaddingDirection"] == "left" and not split_masked
    T = (min if o["SequenceLength"] == "shortest" else max)(sequences.lengths[n] for n in rows)
    x = np.full((T, len(rows), sequences.values.shape[1]), o["SequencePaddingValue"], np.float32)
    real = np.zeros((T, len(rows)), bool)
    wanted = targets.values[list(rows)]
    if targets.per_step:
        # What stands at padded steps is of no account; 99 would be seen if it were.
        wanted = np.full((T, len(rows), *targets.values.shape[1:]), 99, targets.values.dtype)
    for b, n in enumerate(rows):
        steps = list(range(sequences.offsets[n], sequences.offsets[n + 1]))
        steps = steps[-T:] if left else steps[:T]
        for k, step in enumerate(steps):
            t = T - len(steps) + k if left else k
            x[t, b], real[t, b] = sequences.values[step], True
            if targets.per_step:
                wanted[t, b] = targets.values[step]
    n = o["SequenceLength"] if isinstance(o["SequenceLength"], int) else T
    return [
        MiniBatch(
            x[t : t + n],
            *_span(real[t : t + n]),
            wanted[t : t + n] if targets.per_step else wanted,
            np.array(rows),
            targets.per_step,
        )
        for t in range(0, T, n)
    ]


def assert_follows(weights: Weights, start: Weights, naive: Weights) -> None:
    """The weights moved as the naive ones did, up to what single precision loses on the way."""
    moved = 0.0
    for layer, arrays in naive.items():
        for name, array in arrays.items():
            went, should = weights[layer][name] - start[layer][name], array - start[layer][name]
            np.testing.assert_allclose(went, should, rtol=0, atol=2e-6 * abs(array).max(initial=1))
            moved = max(moved, abs(should).max(initial=0))
    assert moved > 1e-3


def _batches(order: list[int], size: int) -> list[list[int]]:
    if len(order) < size:
        return [order]
    return [order[k : k + size] for k in range(0, len(order) - size + 1, size)]


def _span(real: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """start, stop of each column's True run; the same number where there is none."""
    start = np.where(real.any(axis=0), real.argmax(axis=0), 0).astype(np.int32)
    return start, (start + real.sum(axis=0)).astype(np.int32)


def _rows(array: Any, rates: Sequence[float], decays: Sequence[float]) -> tuple[Any, Any]:
    """Factors in a shape that broadcasts over the array."""
    shape = (-1,) + (1,) * (array.ndim - 1)
    return tuple(np.repeat(f, len(array) // len(f)).reshape(shape) for f in (rates, decays))  # type: ignore[return-value]


def _learnables(session: Session) -> Weights:
    states = ("HiddenState", "CellState")
    return {
        layer: {name: a for name, a in arrays.items() if name not in states}
        for layer, arrays in session.network.weights.items()
        if "input" not in layer and "output" not in layer
    }


def _merged(session: Session, w: dict[Any, Any], dtype: type = np.float32) -> Weights:
    return {
        layer: {name: w.get((layer, name), a).astype(dtype) for name, a in arrays.items()}
        for layer, arrays in session.network.weights.items()
    }


def _initial_states(session: Session, observations: int) -> States:
    return {
        layer: tuple(
            np.tile(arrays[name], (observations, 1))
            for name in ("HiddenState", "CellState")
            if name in arrays
        )
        for layer, arrays in session.network.weights.items()
    }


def _carried(session: Session, states: States) -> States:
    """States go on; the backward half of a bilstm, its second, begins again."""
    carried = {}
    for layer, parts in states.items():
        again = _initial_states(session, len(parts[0]))[layer] if parts else ()
        half = parts[0].shape[1] // 2 if "biLSTM" in layer else None
        carried[layer] = tuple(
            np.concatenate([a[:, :half], b[:, half:]], axis=1) if half else a
            for a, b in zip(parts, again, strict=True)
        )
    return carried
