"""A model with everything a model can hold, and what is asked of reading and refusing one."""

import numpy as np
import pytest

from lstmcli.errors import ModelError
from lstmcli.records import Model


def example() -> Model:
    rng = np.random.default_rng(0)
    return Model(
        spec="layers:\n- lstm: {NumHiddenUnits: 2, Name: für 😀}\n",
        weights={
            "lstm": {
                "InputWeights": rng.standard_normal((8, 3), dtype=np.float32),
                "Bias": rng.standard_normal(8, dtype=np.float32),
            },
            "conv 1.a-b": {"Weights": rng.standard_normal((2, 3, 4, 5), dtype=np.float32)},
            "one": {"Column": np.ones((2, 1), np.float32), "Row": np.ones((1, 2), np.float32)},
            "softmax": {},
        },
        classes=("für", "😀", "", '"a,b"\n'),
        vocabulary=("the", "für", "😀", ",", "don't"),
        training_options={
            "solver": "adam",
            "MaxEpochs": 30,
            "L2Regularization": 1e-4,
            "GradientThreshold": np.inf,
            "Verbose": True,
            "CheckpointPath": "",
            "Period": [1.0, 2.5],
            "OneNumber": [5],
            "Metrics": ["accuracy", "für"],
            "OneMetric": ("accuracy",),
            "Flags": [True, False],
            "Nothing": [],
            "ValidationData": None,
        },
        training_info={"TrainingLoss": np.array([1.0, 0.5]), "ValidationLoss": np.array([np.nan, 0.25])},
    )


def assert_same(got: Model, want: Model) -> None:
    assert got.spec == want.spec
    assert got.classes == want.classes
    assert got.response_names == want.response_names
    assert got.vocabulary == want.vocabulary
    options = {name: value for name, value in want.training_options.items() if value is not None}
    assert got.training_options == {k: list(v) if isinstance(v, tuple) else v for k, v in options.items()}
    assert {k: type(v) for k, v in got.training_options.items() if isinstance(v, bool)} == {
        k: bool for k, v in options.items() if isinstance(v, bool)
    }
    assert {layer: set(arrays) for layer, arrays in got.weights.items()} == {
        layer: set(arrays) for layer, arrays in want.weights.items()
    }
    for layer, arrays in want.weights.items():
        for name, array in arrays.items():
            assert got.weights[layer][name].dtype == np.float32
            np.testing.assert_array_equal(got.weights[layer][name], array, strict=True)
    assert set(got.training_info) == set(want.training_info)
    for name, values in want.training_info.items():
        np.testing.assert_array_equal(got.training_info[name], values, strict=True)


def fault(call, *arguments):
    with pytest.raises(ModelError) as caught:
        call(*arguments)
    (only,) = caught.value.faults
    assert only.help
    return only
