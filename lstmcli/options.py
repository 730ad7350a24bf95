"""MATLAB's trainingOptions: names, defaults and what goes together. Light to import: `--help` reads it."""

from collections.abc import Iterable
from dataclasses import dataclass

from lstmcli.errors import Fault, Mark
from lstmcli.spec.kind import Kind
from lstmcli.spec.kinds import (
    boolean,
    fraction,
    fraction_below_one,
    nonnegative,
    number,
    one_of,
    path,
    positive,
    positive_integer,
    positive_integer_or_inf,
    positive_or_inf,
    word_or,
)
from lstmcli.spec.nodes import Node
from lstmcli.spec.properties import prop, properties_of, read_properties

SOLVER_DEFAULTS: dict[str, dict[str, float]] = {
    "sgdm": {"initial_learn_rate": 0.01, "momentum": 0.9},
    "rmsprop": {"initial_learn_rate": 0.001, "squared_gradient_decay_factor": 0.9, "epsilon": 1e-8},
    "adam": {
        "initial_learn_rate": 0.001,
        "gradient_decay_factor": 0.9,
        "squared_gradient_decay_factor": 0.999,
        "epsilon": 1e-8,
    },
}
"""What each solver has of its own, with MATLAB's defaults."""

_NO_SUCH_SOLVER = "it belongs to lbfgs or lm; the solvers here are sgdm, rmsprop and adam"
_NO_HANDLES = "lstmcli runs no functions during training"
_NO_CHOICE = "lstmcli computes on the processors of this machine; `--threads` says on how many"
FOREIGN = {
    "ValidationData": "name it under `data: {validation: file.csv}`, or with `--validation`",
    "OutputFcn": _NO_HANDLES,
    "Metrics": "accuracy or RMSE is shown; `lstmcli evaluate` measures more",
    "ObjectiveMetricName": "`OutputNetwork` and `ValidationPatience` look at the loss",
    "WorkerLoad": _NO_CHOICE,
    "DispatchInBackground": _NO_CHOICE,
    "PreprocessingEnvironment": _NO_CHOICE,
    "Acceleration": "every network is compiled",
    "InputDataFormats": "`data:` says how columns are read",
    "TargetDataFormats": "`data:` says how columns are read",
    "MaxIterations": "`MaxEpochs` says how long to train",
    **dict.fromkeys(
        (
            *("GradientTolerance", "StepTolerance", "LineSearchMethod", "MaxNumLineSearchIterations"),
            *("HistorySize", "InitialStepSize", "InitialInverseHessianFactor"),
            *("InitialDampingFactor", "MaxDampingFactor", "DampingIncreaseFactor", "DampingDecreaseFactor"),
        ),
        _NO_SUCH_SOLVER,
    ),
}
"""Properties of trainingOptions that have no meaning here, and why."""

_FULL_BATCH = "it is trainnet's, not trainNetwork's, and takes all training data in one step"
_PIECEWISE = "`piecewise` is here, with `LearnRateDropPeriod` and `LearnRateDropFactor`"
_NO_GPU = "there is the CPU only"

_solvers = one_of(*SOLVER_DEFAULTS, foreign=dict.fromkeys(("lbfgs", "lm"), _FULL_BATCH))
_schedules = one_of(
    *("none", "piecewise"),
    foreign=dict.fromkeys(("warmup", "polynomial", "exponential", "cosine", "cyclical"), _PIECEWISE),
)
_sequence_length: Kind = word_or("longest", word_or("shortest", positive_integer))
_environment = one_of(
    *("auto", "cpu"),
    foreign=dict.fromkeys(("gpu", "multi-gpu", "parallel-gpu"), _NO_GPU)
    | dict.fromkeys(("parallel", "parallel-auto", "parallel-cpu"), _NO_CHOICE),
)


_solver_own = "its default depends on the solver"


PREDICTION_OPTIONS = (
    "MiniBatchSize",
    "SequenceLength",
    "SequencePaddingDirection",
    "SequencePaddingValue",
    "MaskPadding",
)
"""Those that say how a trained network runs, too."""


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """The properties of trainingOptions. None stands for what the solver does not have."""

    solver: str = prop(_solvers, "the solver", default="adam", word="solver")
    initial_learn_rate: float | None = prop(positive, f"the learning rate; {_solver_own}", default=None)
    momentum: float | None = prop(fraction, "the share of the last step that sgdm repeats", default=None)
    gradient_decay_factor: float | None = prop(fraction_below_one, "beta1 of adam", default=None)
    squared_gradient_decay_factor: float | None = prop(
        fraction_below_one, f"beta2 of adam and rmsprop; {_solver_own}", default=None
    )
    epsilon: float | None = prop(positive, "added to the denominator by adam and rmsprop", default=None)
    learn_rate_schedule: str = prop(_schedules, "how the rate falls", default="none")
    learn_rate_drop_period: int = prop(positive_integer, "epochs between drops of the rate", default=10)
    learn_rate_drop_factor: float = prop(fraction, "what a drop multiplies the rate by", default=0.1)
    l2_regularization: float = prop(nonnegative, "weight decay, times each learnable's factor", default=1e-4)
    gradient_threshold_method: str = prop(
        one_of("l2norm", "global-l2norm", "absolute-value"),
        "what is held below the threshold: each learnable's norm, the norm of all, or each number",
        default="l2norm",
    )
    gradient_threshold: float = prop(positive_or_inf, "where gradients are clipped", default=float("inf"))
    max_epochs: int = prop(positive_integer, "passes over the training data", default=30)
    mini_batch_size: int = prop(positive_integer, "observations in an iteration", default=128)
    shuffle: str = prop(one_of("once", "never", "every-epoch"), "when the data is shuffled", default="once")
    validation_frequency: int = prop(positive_integer, "iterations between validations", default=50)
    validation_patience: float = prop(
        positive_integer_or_inf,
        "validations in a row without a smaller loss before training stops",
        default=float("inf"),
    )
    output_network: str = prop(
        one_of("auto", "last-iteration", "best-validation", "best-validation-loss"),
        "which network is kept; auto is best-validation where there is validation data",
        default="auto",
    )
    sequence_length: int | str = prop(
        _sequence_length,
        "pad to the longest, cut to the shortest, or split in pieces of so many steps",
        default="longest",
    )
    sequence_padding_value: float = prop(number, "what sequences are padded with", default=0.0)
    sequence_padding_direction: str = prop(
        one_of("right", "left"), "the side that is padded or cut", default="right"
    )
    mask_padding: bool = prop(
        boolean, "padded steps change nothing, where false is as MATLAB: data to the layers", default=False
    )
    response_normalization: str = prop(
        one_of("none", "zscore", "rescale-zero-one"), "how responses are scaled for training", default="none"
    )
    reset_input_normalization: bool = prop(
        boolean, "measure input statistics even where they are given", default=True
    )
    batch_normalization_statistics: str = prop(
        one_of("population", "moving", "auto"),
        "what batch normalizations predict with: statistics of all training data, taken when training ends, "
        "or running estimates; auto is population",
        default="population",
    )
    verbose: bool = prop(boolean, "print the table of the run", default=True)
    verbose_frequency: int = prop(positive_integer, "iterations between rows of the table", default=50)
    checkpoint_path: str | None = prop(path, "the folder for checkpoints", default=None)
    checkpoint_frequency: int = prop(positive_integer, "epochs or iterations between checkpoints", default=1)
    checkpoint_frequency_unit: str = prop(one_of("epoch", "iteration"), "which of the two", default="epoch")
    execution_environment: str = prop(_environment, "where to compute; there is the CPU only", default="auto")
    plots: str = prop(
        one_of("none", "training-progress"),
        "whether a terminal shows curves while training, rather than a progress bar",
        default="none",
    )

    def learn_rate(self, epoch: int) -> float:
        """The base learning rate of an epoch, counted from 1: a0 * DropFactor^floor((e-1)/DropPeriod)."""
        assert self.initial_learn_rate is not None
        if self.learn_rate_schedule == "none":
            return self.initial_learn_rate
        return self.initial_learn_rate * self.learn_rate_drop_factor ** (
            (epoch - 1) // self.learn_rate_drop_period
        )

    def keeps_best(self, has_validation: bool) -> bool:
        """Whether the network of the smallest validation loss is the result."""
        if self.output_network == "auto":
            return has_validation
        return self.output_network != "last-iteration"


def read_options(pairs: Iterable[tuple[Node, Node]], mark: Mark, faults: list[Fault]) -> TrainingOptions:
    """Options with the solver's defaults filled in; what is wrong goes into `faults`."""
    reading = read_properties(TrainingOptions, pairs, "trainingOptions", mark, faults, FOREIGN)
    given = TrainingOptions(**reading.values)
    own = SOLVER_DEFAULTS[given.solver]
    if "solver" in reading.marks and "solver" not in reading.values:
        return given
    for name in {n for defaults in SOLVER_DEFAULTS.values() for n in defaults} - own.keys():
        if name in reading.marks:
            owners = [solver for solver, defaults in SOLVER_DEFAULTS.items() if name in defaults]
            word = next(w for w, item in properties_of(TrainingOptions).items() if item.name == name)
            help = f"it belongs to {' and '.join(owners)}"
            faults.append(Fault(f"the solver {given.solver} has no `{word}`", reading.marks[name], help))
    values = {**own, **reading.values}
    return TrainingOptions(**values)
