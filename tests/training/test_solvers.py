"""sgdm, rmsprop and adam do what MATLAB's formulas say, with every factor and default, over epochs."""

import pytest
from training.naive_trainer import assert_follows, train_naively
from training.sessions import LABEL, make_data, start

SETTINGS = [
    {"solver": "sgdm"},
    {"solver": "sgdm", "InitialLearnRate": 0.3, "Momentum": 0.5},
    {"solver": "sgdm", "InitialLearnRate": 0.3, "Momentum": 0},
    {"solver": "rmsprop"},
    {"solver": "rmsprop", "InitialLearnRate": 0.02, "SquaredGradientDecayFactor": 0.5, "Epsilon": 0.05},
    {"solver": "adam"},
    {"solver": "adam", "InitialLearnRate": 0.02, "Epsilon": 0.05},
    {
        "solver": "adam",
        "InitialLearnRate": 0.02,
        "GradientDecayFactor": 0.5,
        "SquaredGradientDecayFactor": 0.7,
        "Epsilon": 1e-4,
    },
    {"InitialLearnRate": 0.01},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_documented_formulas(settings):
    data = make_data(LABEL, [3, 5, 4, 2, 5, 3, 4, 4])
    session = start(LABEL, data, Shuffle="never", MaxEpochs=3, MiniBatchSize=2, **settings)
    steps = session.finish()
    naive = train_naively(session)
    assert_follows(session.run.weights, session.network.weights, naive.weights)
    assert [step.loss for step in steps] == pytest.approx(naive.losses, rel=1e-5)
    assert [step.iteration for step in steps] == list(range(1, 13))
    assert [step.epoch for step in steps] == naive.epochs


@pytest.mark.parametrize("solver", ["sgdm", "rmsprop", "adam"])
def test_factors_of_learnables_and_gates(solver):
    layers = (
        "sequenceInput: 2, lstm: {NumHiddenUnits: 3, OutputMode: last,"
        " InputWeightsLearnRateFactor: [1, 0, 3, 0.5], RecurrentWeightsL2Factor: [0, 20, 5, 1],"
        " BiasLearnRateFactor: 2, BiasL2Factor: 30},"
        " fullyConnected: {OutputSize: 3, WeightLearnRateFactor: 0, BiasLearnRateFactor: 2, BiasL2Factor: 7},"
        " softmax, classification"
    )
    factors = {
        ("lstm", "InputWeights"): ([1, 0, 3, 0.5], [1]),
        ("lstm", "RecurrentWeights"): ([1], [0, 20, 5, 1]),
        ("lstm", "Bias"): ([2], [30]),
        ("fc", "Weights"): ([0], [1]),
        ("fc", "Bias"): ([2], [7]),
    }
    data = make_data(LABEL, [3, 5, 4, 2])
    session = start(
        layers,
        data,
        solver=solver,
        Shuffle="never",
        MaxEpochs=4,
        MiniBatchSize=2,
        L2Regularization=0.05,
        InitialLearnRate=0.02,
    )
    session.finish()
    naive = train_naively(session, factors=factors)
    assert_follows(session.run.weights, session.network.weights, naive.weights)
    fixed = session.run.weights["fc"]["Weights"]
    assert fixed.tobytes() == session.network.weights["fc"]["Weights"].tobytes()
    # The forget gate, rows 4 to 6 of 12, of the input weights.
    gate = session.run.weights["lstm"]["InputWeights"][3:6]
    assert gate.tobytes() == session.network.weights["lstm"]["InputWeights"][3:6].tobytes()
