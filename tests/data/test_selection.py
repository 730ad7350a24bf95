"""Sequences put together, picked, ordered."""

import subprocess
import sys

import numpy as np
from data.numbered import classes, numbered

from lstmcli.data.selection import (
    concatenate,
    concatenate_targets,
    select,
    select_targets,
    sort_by_length,
)
from lstmcli.records import Targets


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


def test_the_declaration_of_data_is_light():
    code = (
        "import sys, lstmcli.data.declaration; sys.exit('numpy' in sys.modules or 'pyarrow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
