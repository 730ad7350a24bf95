"""Names of declared properties: MATLAB's, and exact between Python, YAML and flags."""

import re

import pytest
from layers.examples import PROPERTIES

from lstmcli.data.declaration import DataSection
from lstmcli.layers import LAYERS
from lstmcli.layers.layer import Layer
from lstmcli.options import FOREIGN, SOLVER_DEFAULTS, TrainingOptions
from lstmcli.spec.properties import camel, kebab, properties_of

MATLAB_OPTIONS = """InitialLearnRate Momentum GradientDecayFactor SquaredGradientDecayFactor Epsilon
    LearnRateSchedule LearnRateDropPeriod LearnRateDropFactor L2Regularization GradientThresholdMethod
    GradientThreshold MaxEpochs MiniBatchSize Shuffle ValidationFrequency ValidationPatience OutputNetwork
    SequenceLength SequencePaddingValue SequencePaddingDirection ResetInputNormalization
    BatchNormalizationStatistics Verbose VerboseFrequency CheckpointPath CheckpointFrequency
    CheckpointFrequencyUnit ExecutionEnvironment Plots"""
MATLAB_ONLY_OPTIONS = """ValidationData ObjectiveMetricName Metrics OutputFcn WorkerLoad DispatchInBackground
    PreprocessingEnvironment InputDataFormats TargetDataFormats Acceleration MaxIterations GradientTolerance
    StepTolerance LineSearchMethod HistorySize MaxNumLineSearchIterations InitialStepSize
    InitialInverseHessianFactor InitialDampingFactor MaxDampingFactor DampingIncreaseFactor
    DampingDecreaseFactor"""
"""The rest of trainingOptions' properties up to R2024b, those of the solvers lbfgs and lm at the end."""
BEYOND_MATLAB = {"solver", "MaskPadding", "ResponseNormalization"}
DATA_WORDS = """train validation test sequence time features words tokenize labels responses sort header
    window stride horizon"""


def snake(word: str) -> str:
    """The Python name of MATLAB's: `WeightL2Factor` -> `weight_l2_factor`, `OOVMode` -> `oov_mode`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word).lower()


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.word)
def test_layers_have_matlabs_properties(layer: type[Layer]) -> None:
    assert set(properties_of(layer)) == PROPERTIES[layer] | {"inputs"}


def test_options_are_matlabs() -> None:
    assert set(properties_of(TrainingOptions)) == set(MATLAB_OPTIONS.split()) | BEYOND_MATLAB
    assert set(FOREIGN) == set(MATLAB_ONLY_OPTIONS.split())


def test_data_words() -> None:
    assert list(properties_of(DataSection)) == DATA_WORDS.split()


@pytest.mark.parametrize("declaring", [*LAYERS, TrainingOptions], ids=lambda d: d.__name__)
def test_python_and_matlab_names_follow_from_each_other(declaring: type) -> None:
    for word, item in properties_of(declaring).items():
        assert snake(word) == item.name
        assert word in (camel(item.name), "solver", "inputs", "OOVMode")


@pytest.mark.parametrize("declaring", [TrainingOptions, DataSection], ids=lambda d: d.__name__)
def test_flags_are_unique(declaring: type) -> None:
    words = list(properties_of(declaring))
    assert len({kebab(word) for word in words}) == len(words)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kebab(word)) for word in words)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("MiniBatchSize", "mini-batch-size"), ("L2Regularization", "l2-regularization"), ("solver", "solver")],
)
def test_kebab(word: str, expected: str) -> None:
    assert kebab(word) == expected


def test_arguments_and_solver_defaults_name_properties() -> None:
    for layer in LAYERS:
        assert set(layer.arguments) <= {item.name for item in properties_of(layer).values()}
    for defaults in SOLVER_DEFAULTS.values():
        assert set(defaults) <= {item.name for item in properties_of(TrainingOptions).values()}


@pytest.mark.parametrize("declaring", [*LAYERS, TrainingOptions, DataSection], ids=lambda d: d.__name__)
def test_every_property_is_explained(declaring: type) -> None:
    for item in properties_of(declaring).values():
        assert item.help
        assert not item.help.endswith(".")
        assert item.kind.wording
