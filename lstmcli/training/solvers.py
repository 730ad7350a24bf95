"""From gradients to new weights: L2 regularization, gradient clipping, and the three solvers."""

import math
from dataclasses import dataclass

import numpy as np

from lstmcli.graph import Graph
from lstmcli.kernels import solver_steps
from lstmcli.kernels.solver_steps import Factors
from lstmcli.layers.layer import Role
from lstmcli.options import TrainingOptions
from lstmcli.records import Array, Weights

MOMENTS = {"sgdm": ("Velocity",), "rmsprop": ("SquaredGradient",), "adam": ("Gradient", "SquaredGradient")}
"""The running averages each solver keeps of every learnable, all 0 at the start."""

Moments = dict[str, Weights]


@dataclass(frozen=True)
class Learnable:
    """A learnable as the solver sees it: in equal blocks of rows, with factors of the rate and the decay of
    each, float64[blocks].
    """

    layer: str
    name: str
    rate_factors: Factors
    l2_factors: Factors


def learnables_of(graph: Graph) -> list[Learnable]:
    """Every learnable of the graph in order."""
    return [
        Learnable(node.name, p.name, *_blocks(p.learn_rate_factor, p.l2_factor))
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


def regularize(
    learnables: list[Learnable], weights: Weights, gradients: Weights, options: TrainingOptions
) -> list[float]:
    """Add lambda * factor * w to the gradients, in place; the squared norm of each after it."""
    decays = [options.l2_regularization * item.l2_factors for item in learnables]
    return solver_steps.regularize(_arrays(learnables, weights), _arrays(learnables, gradients), decays)


def update(
    learnables: list[Learnable],
    weights: Weights,
    gradients: Weights,
    squares: list[float],
    moments: Moments,
    options: TrainingOptions,
    learn_rate: float,
    iteration: int,
    result: Weights,
) -> bool:
    """Clip and make one solver step: the new weights go into `result`; whether all of them are finite.

    squares : what `regularize` returned; iteration counts from 1; moments change in place
    """
    w, g, out = (_arrays(learnables, arrays) for arrays in (weights, gradients, result))
    if options.gradient_threshold_method == "absolute-value":
        for array in g:
            solver_steps.clip_absolute(array, options.gradient_threshold)
    kept = [_arrays(learnables, moments[kind]) for kind in MOMENTS[options.solver]]
    rates = [learn_rate * item.rate_factors for item in learnables]
    step = (w, g, _scales(squares, options), *kept, rates)
    beta1, beta2 = options.gradient_decay_factor, options.squared_gradient_decay_factor
    solver, own = {
        "sgdm": (solver_steps.sgdm, (options.momentum,)),
        "rmsprop": (solver_steps.rmsprop, (beta2, options.epsilon)),
        "adam": (solver_steps.adam, (beta1, beta2, options.epsilon, iteration)),
    }[options.solver]
    finite: bool = solver(*step, *own, out)  # type: ignore[operator]
    return finite


def _scales(squares: list[float], options: TrainingOptions) -> list[float]:
    """What each gradient is multiplied by so that norms stay below the threshold."""
    threshold, method = options.gradient_threshold, options.gradient_threshold_method
    if threshold == float("inf") or method == "absolute-value":
        return [1.0] * len(squares)
    shared = sum(squares) if method == "global-l2norm" else None
    norms = [math.sqrt(own if shared is None else shared) for own in squares]
    return [threshold / norm if norm > threshold else 1.0 for norm in norms]


def _arrays(learnables: list[Learnable], arrays: Weights) -> list[Array]:
    return [arrays[item.layer][item.name] for item in learnables]


def _blocks(*factors: float | tuple[float, ...]) -> list[Factors]:
    """Factors of as many blocks of rows each, from one for all rows or one for each block."""
    return [np.array(a, np.float64) for a in np.broadcast_arrays(*map(np.atleast_1d, factors))]
