"""The data that a spec names: training, validation and test sequences."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from lstmcli.data.reading import of_part, read_sequences
from lstmcli.data.selection import Observations
from lstmcli.data.splitting import hold_out
from lstmcli.data.windows import cut_and_sort
from lstmcli.errors import Fault, SpecError
from lstmcli.records import Data, Task
from lstmcli.spec_file import Spec
from lstmcli.spec_words import learn_vocabulary

NO_TRAINING_DATA = Fault(
    "the spec names no training data",
    None,
    "add `data: {train: file.csv}` to the spec, or `--train file.csv`",
)


class SpecData(NamedTuple):
    """What a spec's `data:` section comes to."""

    train: Data
    validation: Data | None
    test: Data | None


def read_spec_data(spec: Spec, task: Task) -> SpecData:
    """Read every data set of the spec; fractions are held out of the training data, from the seed.

    Series are read whole, then split, and each part is cut by itself. Words have their numbers in the
    vocabulary of what is left to train on.
    Raises SpecError if there is no training data, DataError for what is wrong in it.
    """
    section = spec.data
    if section.train is None:
        raise SpecError(NO_TRAINING_DATA)
    whole = _read(spec, section.train, task)
    if task.classification and whole[1] is not None:
        task = replace(task, classes=whole[1].names)
    sources = {"test": section.test, "validation": section.validation}
    fractions = {name: source for name, source in sources.items() if isinstance(source, float)}
    train, held_out = hold_out(whole, fractions, section, np.random.default_rng((spec.seed, 2)))
    for name, source in sources.items():
        if isinstance(source, tuple):
            held_out[name] = _read(spec, source, task, name)
    if section.words is not None:
        vocabulary = learn_vocabulary(spec, train[0])
        train = vocabulary.look_up(train[0]), train[1]
        held_out = {name: (vocabulary.look_up(part), t) for name, (part, t) in held_out.items()}
    parts = {name: cut_and_sort(part, section, task) for name, part in held_out.items()}
    return SpecData(cut_and_sort(train, section, task), parts.get("validation"), parts.get("test"))


def _read(spec: Spec, files: tuple[str, ...], task: Task, part: str = "train") -> Observations:
    paths = spec.paths(files)
    return read_sequences(paths, of_part(paths, spec.data, part), task)
