"""A run is one value: stopped after any iteration, copied or stored, it goes on as if never stopped."""

import copy
import pickle

import pytest
from training.sessions import make_data, same_bits, same_history, start

from lstmcli.training.run import MAX_EPOCHS, PATIENCE, STOPPED, result_weights

LAYERS = (
    "sequenceInput: {InputSize: 2, Normalization: zscore}, dropout: 0.3, lstm: 4,"
    " bilstm: {NumHiddenUnits: 3, OutputMode: last}, dropout, fullyConnected: 3, softmax, classification"
)
COPIES = {"copied": copy.deepcopy, "stored": lambda run: pickle.loads(pickle.dumps(run))}
OPTIONS = {
    "Shuffle": "every-epoch",
    "MaxEpochs": 3,
    "MiniBatchSize": 2,
    "SequenceLength": 3,
    "GradientThreshold": 1,
    "LearnRateSchedule": "piecewise",
    "LearnRateDropPeriod": 1,
    "ValidationFrequency": 4,
    "InitialLearnRate": 0.05,
}


def session_of(**options):
    data, validation = make_data(LAYERS, [3, 7, 4, 2, 6]), make_data(LAYERS, [4, 2, 7], seed=1)
    return start(LAYERS, data, validation=validation, **{**OPTIONS, **options})


def finished(run, session):
    """The run after its last iteration."""
    for _ in session.steps(run):
        pass
    return run


def assert_same(run, whole):
    assert same_bits(run.weights, whole.weights)
    assert same_bits(run.best.weights, whole.best.weights)
    assert same_history(run, whole)
    for kind, moments in whole.moments.items():
        assert same_bits(run.moments[kind], moments)
    assert (run.iteration, run.epoch, run.finished, run.stale) == (
        whole.iteration,
        whole.epoch,
        whole.finished,
        whole.stale,
    )
    assert (run.best.iteration, run.best.loss) == (whole.best.iteration, whole.best.loss)


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("solver", ["sgdm", "rmsprop", "adam"])
def test_going_on_after_any_iteration(solver, how):
    session = session_of(solver=solver)
    whole = finished(copy.deepcopy(session.run), session)
    assert whole.finished == MAX_EPOCHS
    between_pieces = 0
    kept = [COPIES[how](session.run)]
    for _ in session.steps():
        kept.append(COPIES[how](session.run))
        between_pieces += session.run.piece > 0
    assert between_pieces >= 5
    for run in kept:
        assert_same(finished(run, session), whole)


def test_going_on_again_and_again():
    session = session_of()
    whole = finished(copy.deepcopy(session.run), session)
    run = session.run
    while run.finished is None:
        next(session.steps(run))
        run = copy.deepcopy(run)
    assert_same(run, whole)


def test_a_stopped_run_knows_its_patience_and_its_best_network():
    options = {"ValidationPatience": 3, "ValidationFrequency": 1, "MaxEpochs": 50, "InitialLearnRate": 0.2}
    session = session_of(**options)
    whole = finished(copy.deepcopy(session.run), session)
    assert whole.finished == PATIENCE
    assert whole.best.iteration == whole.iteration - 3
    for _ in range(whole.iteration):
        next(session.steps())
        run = finished(copy.deepcopy(session.run), session)
        assert_same(run, whole)
        assert same_bits(result_weights(run, session.options), whole.best.weights)


def test_a_copy_shares_nothing_with_the_run():
    session = session_of()
    steps = session.steps()
    next(steps)
    run = copy.deepcopy(session.run)
    before = copy.deepcopy(run)
    for _ in steps:
        pass
    assert same_bits(run.weights, before.weights)
    assert_same(finished(run, session), session.run)


def test_a_run_that_is_finished_stays_as_it_is():
    session = session_of(MaxEpochs=1)
    session.finish()
    before = copy.deepcopy(session.run)
    assert session.finish() == []
    assert_same(session.run, before)
    assert STOPPED not in (session.run.finished, before.finished)


def test_the_seed_decides_everything():
    def trained(seed):
        return finished((session := session_of(seed=seed)).run, session)

    assert_same(trained(3), trained(3))
    assert not same_bits(trained(3).weights, trained(4).weights)
