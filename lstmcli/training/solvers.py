"""From gradients to new weights: L2 regularization, gradient clipping, and the three solvers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lstmcli.graph import Graph
from lstmcli.kernels import solver_steps
from lstmcli.layers.layer import Parameter, Role
from lstmcli.options import SOLVER_DEFAULTS, TrainingOptions
from lstmcli.records import Array, Weights

MOMENTS = {"sgdm": ("Velocity",), "rmsprop": ("SquaredGradient",), "adam": ("Gradient", "SquaredGradient")}
"""The running averages each solver keeps of every learnable, all 0 at the start."""

Moments = dict[str, Weights]


@dataclass(frozen=True)
class Learnable:
    """A learnable as the solver sees it: rates and decays of its rows, float[rows]."""

    layer: str
    name: str
    rate_factors: Array
    l2_factors: Array


def learnables_of(graph: Graph) -> list[Learnable]:
    """Every learnable of the graph in order."""
    return [
        Learnable(node.name, p.name, _rows(p, p.learn_rate_factor), _rows(p, p.l2_factor))
        for node in graph.nodes
        for p in node.parameters(Role.LEARNABLE)
    ]


def initial_moments(graph: Graph, weights: Weights, options: TrainingOptions) -> Moments:
    """Zeros of the size of every learnable."""
    moments: Moments = {}
    for kind in MOMENTS[options.solver]:
        moments[kind] = {}
        for item in learnables_of(graph):
            moments[kind].setdefault(item.layer, {})[item.name] = np.zeros_like(
                weights[item.layer][item.name]
            )
    return moments


# A rate or decay beyond single precision becomes infinite: the run is then said to diverge.
_no_overflow_warning = np.errstate(over="ignore")


@_no_overflow_warning
def regularize_and_clip(
    learnables: list[Learnable], weights: Weights, gradients: Weights, options: TrainingOptions
) -> float:
    """Add lambda * factor * w to the gradients and clip them, in place; the norm of all before clipping."""
    squares, matrices = [], []
    for item, w, g in _matrices(learnables, weights, gradients):
        if options.l2_regularization and item.l2_factors.any():
            solver_steps.add_l2(g, w, (options.l2_regularization * item.l2_factors).astype(g.dtype))
        squares.append(solver_steps.sum_of_squares(g))
        matrices.append(g)
    _clip(squares, matrices, options)
    return float(np.sqrt(sum(squares)))


@_no_overflow_warning
def update(
    learnables: list[Learnable],
    weights: Weights,
    gradients: Weights,
    moments: Moments,
    options: TrainingOptions,
    learn_rate: float,
    iteration: int,
) -> None:
    """One solver step, weights and moments in place; iteration counts from 1."""
    for item, w, g in _matrices(learnables, weights, gradients):
        rates = (learn_rate * item.rate_factors).astype(g.dtype)
        kept = [moments[kind][item.layer][item.name].reshape(w.shape) for kind in MOMENTS[options.solver]]
        _step(w, g, kept, rates, options, iteration)


def _step(
    w: Array, g: Array, kept: list[Array], rates: Array, options: TrainingOptions, iteration: int
) -> None:
    own: dict[str, float] = {name: getattr(options, name) for name in SOLVER_DEFAULTS[options.solver]}
    if options.solver == "sgdm":
        (velocity,) = kept
        solver_steps.sgdm(w, g, velocity, rates, own["momentum"])
        return
    beta2, epsilon = own["squared_gradient_decay_factor"], own["epsilon"]
    if options.solver == "rmsprop":
        (v,) = kept
        solver_steps.rmsprop(w, g, v, rates, beta2, epsilon)
    else:
        m, v = kept
        solver_steps.adam(w, g, m, v, rates, own["gradient_decay_factor"], beta2, epsilon, iteration)


def _clip(squares: list[float], gradients: list[Array], options: TrainingOptions) -> None:
    threshold = options.gradient_threshold
    if threshold == float("inf"):
        return
    if options.gradient_threshold_method == "absolute-value":
        for g in gradients:
            solver_steps.clip_absolute(g, threshold)
        return
    shared = sum(squares) if options.gradient_threshold_method == "global-l2norm" else None
    for g, own in zip(gradients, squares, strict=True):
        norm = np.sqrt(own if shared is None else shared)
        if norm > threshold:
            solver_steps.scale(g, threshold / norm)


def _matrices(
    learnables: list[Learnable], weights: Weights, gradients: Weights
) -> Iterator[tuple[Learnable, Array, Array]]:
    """Weights and gradients as matrices [rows, columns] that share memory with the originals."""
    for item in learnables:
        w, g = weights[item.layer][item.name], gradients[item.layer][item.name]
        yield item, w.reshape(len(w), -1), g.reshape(len(g), -1)


def _rows(parameter: Parameter, factor: float | tuple[float, ...]) -> Array:
    """One factor a row, from one for all or one for each block of rows."""
    blocks = np.atleast_1d(np.array(factor, dtype=np.float64))
    return np.repeat(blocks, parameter.shape[0] // len(blocks))
