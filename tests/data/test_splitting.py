"""Data held out: sequences drawn by class, or the end of a series."""

import numpy as np
import pytest
from data.numbered import classes, numbered

from lstmcli.data.declaration import DataSection
from lstmcli.data.splitting import hold_out, split_sequences
from lstmcli.data.windows import cut_windows
from lstmcli.errors import DataError
from lstmcli.records import Sequences, Targets, Task


def split(targets: Targets, fraction: float, seed: int = 0, lengths: int = 2):
    count = len(targets.values) // (lengths if targets.per_step else 1)
    return split_sequences((numbered(*[lengths] * count), targets), fraction, np.random.default_rng(seed))


def test_split_parts_hold_every_sequence_once_in_order():
    (kept, kept_targets), (held_out, held_out_targets) = split(classes(*[0, 1, 2] * 10), 0.3)
    assert len(held_out) == 9
    ids = [[int(name) for name in part.ids] for part in (kept, held_out)]
    assert sorted(ids[0] + ids[1]) == list(range(30))
    assert ids == [sorted(ids[0]), sorted(ids[1])]
    assert kept_targets.values.tolist() == [n % 3 for n in ids[0]]
    assert held_out_targets.values.tolist() == [n % 3 for n in ids[1]]


@pytest.mark.parametrize(
    ("numbers", "fraction", "shares"),
    [
        ([0] * 10 + [1] * 20 + [2] * 30, 0.1, [1, 2, 3]),
        ([0] * 5 + [1] * 5 + [2] * 5, 0.5, [3, 3, 2]),
        ([2] * 90 + [0] * 10, 0.25, [3, 0, 22]),
    ],
)
def test_split_gives_each_class_its_share(numbers, fraction, shares):
    _, (_, held_out) = split(classes(*numbers), fraction)
    assert np.bincount(held_out.values, minlength=3).tolist() == shares


def test_split_is_drawn_from_the_generator():
    drawn = [split(classes(*[0] * 50), 0.2, seed)[1][0].ids for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_split_of_targets_of_each_step():
    (kept, _), (held_out, targets) = split(classes(*[0, 1] * 10, per_step=True), 0.3)
    assert (len(kept), len(held_out)) == (7, 3)
    assert targets.values.tolist() == [0, 1] * 3


@pytest.mark.parametrize(
    ("count", "fraction", "expected"),
    [
        (1, 0.5, "a fraction of 0.5 of 1 sequence leaves one part empty"),
        (4, 0.1, "a fraction of 0.1 of 4 sequences leaves one part empty"),
        (4, 0.9, "a fraction of 0.9 of 4 sequences leaves one part empty"),
    ],
)
def test_split_refuses_an_empty_part(count, fraction, expected):
    with pytest.raises(DataError) as caught:
        split(classes(*[0] * count), fraction)
    assert str(caught.value) == f"error: {expected}\nhelp: name a file, or give more sequences"


def test_labels_of_steps_that_do_not_change_are_classes_of_sequences():
    labels = classes(*np.repeat([0] * 10 + [1] * 20, 2), per_step=True)
    _, (_, held_out) = split(labels, 0.2)
    assert np.bincount(held_out.values).tolist() == [4, 8]


def series(steps: int) -> Sequences:
    """One sequence whose steps count on from 0."""
    values = np.arange(steps, dtype=np.float32)[:, None]
    times = np.array([f"t{step}" for step in range(steps)], object)
    return Sequences(values, np.array([0, steps]), ("a",), ("x",), times, (("d.csv", 2),))


def hold_out_of(whole, columns: DataSection, **fractions: float):
    return hold_out((whole, None), fractions, columns, np.random.default_rng(0))


def test_the_end_of_a_series_is_held_out():
    train, parts = hold_out_of(series(20), DataSection(window=2), test=0.2, validation=0.1)
    assert list(parts) == ["test", "validation"]
    found = [part[0].values[:, 0].tolist() for part in (train, parts["validation"], parts["test"])]
    assert found == [list(range(14)), [14, 15], [16, 17, 18, 19]]
    sequences, targets = parts["test"]
    assert sequences.ids == ("a",)
    assert sequences.offsets.tolist() == [0, 4]
    assert sequences.times.tolist() == ["t16", "t17", "t18", "t19"]
    assert targets is None


def test_targets_of_a_series_go_with_their_steps():
    targets = Targets(np.arange(10, dtype=np.float32)[:, None] * 10, ("r",), per_step=True)
    (_, kept), parts = hold_out(
        (series(10), targets), {"test": 0.3}, DataSection(horizon=1), np.random.default_rng(0)
    )
    assert kept.values[:, 0].tolist() == [0, 10, 20, 30, 40, 50, 60]
    assert parts["test"][1].values[:, 0].tolist() == [70, 80, 90]


@pytest.mark.parametrize(("window", "horizon"), [(3, None), (3, 2), (None, 2), (1, 1)])
@pytest.mark.parametrize("per_step", [False, True])
def test_no_step_is_in_two_parts(window, horizon, per_step):
    columns = DataSection(window=window, horizon=horizon)
    train, parts = hold_out_of(series(30), columns, test=0.2, validation=0.2)
    task = Task(classification=False, per_step=per_step)
    used = []
    for part in (train, *parts.values()):
        whole, targets = part
        pieces, answers = cut_windows(whole, targets or Targets(whole.values, ("x",), True), columns, task)
        used.append({*pieces.values[:, 0].tolist(), *answers.values[:, 0].tolist()})
    assert not used[0] & used[1] | used[0] & used[2] | used[1] & used[2]
    assert max(used[0]) < min(used[2])
    assert max(used[2]) < min(used[1])


def test_several_series_are_split_by_series_before_they_are_cut():
    sequences = numbered(*[6] * 10)
    train, parts = hold_out_of(sequences, DataSection(window=3, horizon=1), test=0.2, validation=0.2)
    ids = [set(part[0].ids) for part in (train, parts["validation"], parts["test"])]
    assert [len(found) for found in ids] == [6, 2, 2]
    assert len(set.union(*ids)) == 10


def test_a_single_sequence_that_is_not_cut_cannot_be_split():
    with pytest.raises(DataError, match="of 1 sequence leaves one part empty"):
        hold_out_of(series(20), DataSection(), test=0.5)


HELP = "\n --> d.csv: row 2\nhelp: choose another fraction, name a file, or give a longer series"


@pytest.mark.parametrize(
    ("fractions", "columns", "expected"),
    [
        (
            {"test": 0.1},
            DataSection(window=2, horizon=1),
            "`test` 0.1 holds out 2 of the 20 time steps of sequence `a`, but window 2 and horizon 1 need 3",
        ),
        (
            {"test": 0.2, "validation": 0.01},
            DataSection(horizon=1),
            "`validation` 0.01 holds out 0 of the 20 time steps of sequence `a`, but horizon 1 needs 2",
        ),
        (
            {"test": 0.9},
            DataSection(window=3),
            "`test` leaves 2 of the 20 time steps of sequence `a` to train on, but window 3 needs 3",
        ),
        (
            {"test": 0.5, "validation": 0.4},
            DataSection(window=3),
            "`validation` and `test` leave 2 of the 20 time steps of sequence `a` to train on, "
            "but window 3 needs 3",
        ),
    ],
)
def test_parts_of_a_series_that_are_too_short(fractions, columns, expected):
    with pytest.raises(DataError) as caught:
        hold_out_of(series(20), columns, **fractions)
    assert str(caught.value) == f"error: {expected}{HELP}"


def test_without_fractions_everything_is_kept():
    whole = series(3)
    assert hold_out_of(whole, DataSection(window=9))[0][0].values.tolist() == whole.values.tolist()
