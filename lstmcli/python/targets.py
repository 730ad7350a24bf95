"""What a network is to answer, from Python: labels or responses, one a sequence or one a step."""

from typing import Any

import numpy as np

from lstmcli.data.cells import is_missing
from lstmcli.data.classes import class_order, renumber, unknown_class
from lstmcli.data.targets import once_only
from lstmcli.errors import DataError, Fault, Place, counted
from lstmcli.python.arrays import numbers_of, place_of
from lstmcli.records import Sequences, Targets, Task


def targets_of(given: Any, sequences: Sequences, task: Task, several: bool, name: str) -> Targets:
    """The targets of sequences that were given as a list (`several`), or as one array.

    given : of a network that answers once, a label or R responses for each sequence; else for each sequence
        an array of T labels, or T-by-R responses (of one response also T)
    name : of the targets in messages
    Raises DataError where they do not fit the sequences, and for classes that the network does not know.
    """
    if given is None:
        what = "labels" if task.classification else "responses"
        raise DataError(Fault(f"`{name}` is None, but the network learns from {what}"))
    if task.classification:
        return _labels(given, sequences, task, several, name)
    return _responses(given, sequences, task, several, name)


def _labels(given: Any, sequences: Sequences, task: Task, several: bool, name: str) -> Targets:
    if task.per_step:
        rows = _one_a_sequence(given if several else [given], sequences, name)
        if all(np.ndim(row) == 0 for row in rows) and sequences.lengths.max() > 1:
            raise DataError(once_only(task, None))
        texts = [
            _text(label, place)
            for n, row in enumerate(rows)
            for place in [place_of(name, n, given if several else None)]
            for label in _of_steps(np.ravel(row).tolist(), int(sequences.lengths[n]), place)
        ]
    else:
        labels = np.ravel(given).tolist() if np.ndim(given) else [given]
        texts = [
            _text(label, place_of(name, n, labels))
            for n, label in enumerate(_one_a_sequence(labels, sequences, name))
        ]
    classes = task.classes or class_order(set(texts))
    for text in dict.fromkeys(texts):
        if text not in classes:
            raise DataError(unknown_class(text, classes, Place(name)))
    names = tuple(dict.fromkeys(texts))
    numbers = {text: number for number, text in enumerate(names)}
    values = renumber(np.array([numbers[text] for text in texts], np.int32), names, classes)
    return Targets(values, classes, task.per_step)


def _responses(given: Any, sequences: Sequences, task: Task, several: bool, name: str) -> Targets:
    if task.per_step:
        rows = _one_a_sequence(given if several else [given], sequences, name)
        arrays = []
        for n, row in enumerate(rows):
            place = place_of(name, n, given if several else None)
            array = numbers_of(row, place)
            if array.ndim == 0 and sequences.lengths.max() > 1:
                raise DataError(once_only(task, place))
            array = array.reshape(-1, 1) if array.ndim < 2 else array
            _of_steps(array, int(sequences.lengths[n]), place)
            arrays.append(array)
        if len({array.shape[1:] for array in arrays}) > 1:
            raise DataError(Fault(f"the sequences in `{name}` have different numbers of responses"))
        values = np.concatenate(arrays)
    else:
        values = numbers_of(given, Place(name))
        values = values.reshape(len(values), -1) if several and values.ndim else values.reshape(1, -1)
        _one_a_sequence(values, sequences, name)
    names = tuple(str(k) for k in range(1, values.shape[1] + 1))
    return Targets(values.astype(np.float32), names, task.per_step)


def _one_a_sequence(items: Any, sequences: Sequences, name: str) -> Any:
    if not hasattr(items, "__len__") or len(items) != len(sequences):
        count = len(items) if hasattr(items, "__len__") else 1
        message = f"`{name}` is of {count}, but there {'is' if len(sequences) == 1 else 'are'} "
        raise DataError(Fault(message + counted(len(sequences), "sequence")))
    return items


def _of_steps(items: Any, steps: int, where: Place) -> Any:
    if len(items) != steps:
        message = (
            f"this is for {counted(len(items), 'step')}, but its sequence has {counted(steps, 'time step')}"
        )
        help = "targets of steps are T, or T-by-R (in MATLAB R-by-T)"
        raise DataError(Fault(message, where, help))
    return items


def _text(label: Any, where: Place) -> str:
    """The name of a class: a text as it is, a number in up to 15 digits."""
    if isinstance(label, int):
        label = str(label).lower()
    elif isinstance(label, float) and np.isfinite(label):
        label = f"{label:.15g}"
    if not isinstance(label, str) or is_missing(label.strip()):
        raise DataError(Fault("a label is missing, or neither a text nor a number", where))
    return label.strip()
