"""The whole state of a training run in one value, and the record of one iteration."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.graph import Network, States
from lstmcli.options import TrainingOptions
from lstmcli.records import Weights
from lstmcli.training.solvers import Moments, initial_moments

MAX_EPOCHS = "Max epochs completed"
PATIENCE = "Met validation criterion"
STOPPED = "Stopped manually"


@dataclass
class Best:
    """The network of the smallest validation loss so far."""

    loss: float
    iteration: int
    weights: Weights


@dataclass
class Run:
    """Everything that a run is made of besides its data and options: what stops and goes on.

    weights : after the last iteration; moments : the solver's, changed in place
    good : the weights before it, whose loss was finite; the next iteration writes its weights there
    epoch : from 1; mini_batch, piece : the next one of this epoch, from 0; iteration : those done
    states : the recurrent states before the next piece, empty at the first piece of a mini-batch
    order : int64[N], the observations in this epoch's order
    random : draws the order and the dropout keys; seed : what it was made from
    best : None until a validation; stale : validations since without a smaller loss
    history : what TrainingInfo stores, one value an iteration
    finished : MATLAB's reason, or None while it goes on
    """

    weights: Weights
    good: Weights
    moments: Moments
    order: NDArray[np.int64]
    random: np.random.Generator
    seed: int = 0
    epoch: int = 1
    mini_batch: int = 0
    piece: int = 0
    iteration: int = 0
    states: States = field(default_factory=dict)
    best: Best | None = None
    stale: int = 0
    history: dict[str, list[float]] = field(default_factory=dict)
    finished: str | None = None


class Step(NamedTuple):
    """One iteration as it is shown. Validation figures are None where there was no validation.

    progress : share of the run that is done, 0 to 1; epoch_done : this was the epoch's last iteration
    """

    epoch: int
    iteration: int
    learn_rate: float
    loss: float
    metric: float
    validation_loss: float | None
    validation_metric: float | None
    progress: float
    epoch_done: bool
    finished: str | None

    def information(self, metric: str) -> dict[str, float | None]:
        """Its figures under the names of TrainingInfo; metric : Accuracy or RMSE."""
        return {
            "BaseLearnRate": self.learn_rate,
            "TrainingLoss": self.loss,
            f"Training{metric}": self.metric,
            "ValidationLoss": self.validation_loss,
            f"Validation{metric}": self.validation_metric,
        }


def copy_weights(weights: Weights) -> Weights:
    """The same arrays in memory of their own."""
    return {
        layer: {name: array.copy() for name, array in arrays.items()} for layer, arrays in weights.items()
    }


def start_run(network: Network, observations: int, options: TrainingOptions, seed: int) -> Run:
    """A run before its first iteration, from a network whose arrays it copies."""
    random = np.random.default_rng((seed, 1))
    order = np.arange(observations)
    if options.shuffle == "once":
        order = random.permutation(order)
    return Run(
        weights=copy_weights(network.weights),
        good=copy_weights(network.weights),
        moments=initial_moments(network.graph, network.weights, options),
        order=order,
        random=random,
        seed=seed,
    )


def result_weights(run: Run, options: TrainingOptions) -> Weights:
    """The weights that OutputNetwork asks for, of a run that ended or was stopped."""
    if run.best is not None and options.keeps_best(has_validation=True):
        return run.best.weights
    return run.weights
