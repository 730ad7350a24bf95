"""Sequences put together, picked, ordered, split."""

import subprocess
import sys

import numpy as np
import pytest

from lstmcli.data.selection import (
    concatenate,
    concatenate_targets,
    select,
    select_targets,
    sort_by_length,
    split_fraction,
)
from lstmcli.errors import DataError
from lstmcli.records import Sequences, Targets


def numbered(*lengths: int, times: bool = False) -> Sequences:
    """Sequences 0, 1, ...; every step of sequence n has the value n."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    values = np.repeat(np.arange(len(lengths), dtype=np.float32), lengths)[:, None]
    ids = tuple(str(n) for n in range(len(lengths)))
    texts = np.array([str(step) for step in range(offsets[-1])], object) if times else None
    return Sequences(values, offsets, ids, ("x",), texts, tuple(("d.csv", n) for n in range(len(lengths))))


def classes(*numbers: int, per_step: bool = False) -> Targets:
    return Targets(np.array(numbers, np.int32), ("k", "m", "p"), per_step)


def test_select():
    sequences = numbered(1, 2, 3, times=True)
    order = np.array([2, 0])
    picked = select(sequences, order)
    assert picked.ids == ("2", "0")
    assert picked.offsets.tolist() == [0, 3, 4]
    assert picked.values[:, 0].tolist() == [2, 2, 2, 0]
    assert picked.times.tolist() == ["3", "4", "5", "0"]
    assert picked.places == (("d.csv", 2), ("d.csv", 0))
    assert select_targets(sequences, classes(2, 1, 0), order).values.tolist() == [0, 2]
    steps = classes(0, 1, 1, 2, 0, 1, per_step=True)
    assert select_targets(sequences, steps, order).values.tolist() == [2, 0, 1, 0]


def test_concatenate():
    joined = concatenate([numbered(1, 2, times=True), numbered(3, times=True)])
    assert joined.ids == ("0", "1", "0")
    assert joined.offsets.tolist() == [0, 1, 3, 6]
    assert joined.values[:, 0].tolist() == [0, 1, 1, 0, 0, 0]
    assert joined.times.tolist() == ["0", "1", "2", "0", "1", "2"]
    assert joined.places == (("d.csv", 0), ("d.csv", 1), ("d.csv", 0))


def test_concatenate_targets():
    first = Targets(np.array([0, 1], np.int32), ("10", "9a"), per_step=False)
    second = Targets(np.array([1, 0], np.int32), ("10", "2"), per_step=False)
    joined = concatenate_targets([first, second])
    assert joined.names == ("10", "2", "9a")
    assert joined.values.tolist() == [0, 2, 1, 0]
    assert joined.values.dtype == np.int32


def test_known_order_of_classes_is_kept():
    joined = concatenate_targets([Targets(np.array([1], np.int32), ("z", "a"), per_step=False)] * 2)
    assert joined.names == ("z", "a")
    assert joined.values.tolist() == [1, 1]


def test_sort_by_length_keeps_the_order_of_equals():
    sequences, targets = sort_by_length(numbered(3, 1, 3, 2, 1), classes(0, 1, 2, 0, 2))
    assert sequences.ids == ("1", "4", "3", "0", "2")
    assert sequences.lengths.tolist() == [1, 1, 2, 3, 3]
    assert targets.values.tolist() == [1, 2, 0, 0, 2]


def split(targets: Targets, fraction: float, seed: int = 0, lengths: int = 2):
    count = len(targets.values) // (lengths if targets.per_step else 1)
    return split_fraction(numbered(*[lengths] * count), targets, fraction, np.random.default_rng(seed))


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


def test_the_declaration_of_data_is_light():
    code = "import sys, lstmcli.data.columns; sys.exit('numpy' in sys.modules or 'pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
