"""The data that a spec names: training, validation and test sequences."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from lstmcli.data.reading import read_sequences
from lstmcli.data.selection import sort_by_length, split_fraction
from lstmcli.errors import Fault, SpecError
from lstmcli.records import Data, Task
from lstmcli.spec_file import Spec


class SpecData(NamedTuple):
    """What a spec's `data:` section comes to."""

    train: Data
    validation: Data | None
    test: Data | None


def read_spec_data(spec: Spec, task: Task) -> SpecData:
    """Read every data set of the spec; fractions are held out of the training sequences, from the seed.

    Raises SpecError if there is no training data, DataError for what is wrong in it.
    """
    section = spec.data
    if section.train is None:
        help = "add `data: {train: file.csv}` to the spec, or `--train file.csv`"
        raise SpecError(Fault("the spec names no training data", None, help))
    train = _read(spec, section.train, task)
    task = replace(task, classes=train.targets.names if task.classification else None)
    random = np.random.default_rng((spec.seed, 2))
    test, validation = section.test, section.validation
    held_out: dict[str, Data | None] = {"test": None, "validation": None}
    left = 1.0
    for name, source in (("test", test), ("validation", validation)):
        if isinstance(source, float):
            kept, rest = split_fraction(*train, source / left, random)
            train, held_out[name] = Data(*kept), Data(*rest)
            left -= source
        elif source is not None:
            held_out[name] = _read(spec, source, task)
    if section.sort == "length":
        train = Data(*sort_by_length(*train))
        held_out = {name: part and Data(*sort_by_length(*part)) for name, part in held_out.items()}
    return SpecData(train, held_out["validation"], held_out["test"])


def _read(spec: Spec, files: tuple[str, ...], task: Task) -> Data:
    sequences, targets = read_sequences(spec.paths(files), spec.data.columns, task)
    assert targets is not None
    return Data(sequences, targets)
