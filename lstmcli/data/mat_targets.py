"""Labels and responses in variables of MAT-files: one a sequence, or one a step."""

from dataclasses import replace
from typing import Any

import numpy as np

from lstmcli.data.cells import is_missing
from lstmcli.data.classes import class_order, renumber, unknown_class
from lstmcli.data.mat_arrays import arrays_of
from lstmcli.data.sizes import show_sides
from lstmcli.data.targets import once_only
from lstmcli.errors import DataError, Fault, Place, counted
from lstmcli.modelfile.variables import Value
from lstmcli.records import Array, Sequences, Targets, Task


def targets_of(value: Value, name: str, sequences: Sequences, task: Task, cuts: bool) -> Targets:
    """The targets in a variable, one for each step.

    cuts : whether series are cut, so that each piece of one may have another target
    Raises DataError if they do not fit the sequences, and if there is one a sequence where the task asks for
    one a step, or the other way round.
    """
    targets, once = (_labels if task.classification else _responses)(value, name, sequences, task)
    if once and task.per_step and sequences.lengths.max() > 1:
        raise DataError(once_only(task, None))
    if not (task.per_step or cuts):
        _check_constant(targets, name, sequences)
    return targets


def _labels(value: Value, name: str, sequences: Sequences, task: Task) -> tuple[Targets, bool]:
    """A label for each sequence, repeated for its steps, or a cell of one for each step; and which."""
    items = _items(value)
    once = len(items) == len(sequences) and all(map(_is_label, items))
    if once:
        texts, repeats = [_text(item, name) for item in items], sequences.lengths
    else:
        steps = _one_a_sequence(
            [value] if len(sequences) == 1 and all(map(_is_label, items)) else items, sequences, name
        )
        texts = [
            _text(label, name)
            for n, item in enumerate(steps)
            for label in _of_steps(item, n, sequences, name)
        ]
        repeats = np.ones(len(texts), np.int64)
    classes = task.classes or class_order(set(texts))
    for text in texts:
        if text not in classes:
            raise DataError(replace(unknown_class(text, classes, Place("")), where=None))
    names = tuple(dict.fromkeys(texts))
    numbers = {text: number for number, text in enumerate(names)}
    values = renumber(np.array([numbers[text] for text in texts], np.int32), names, classes)
    return Targets(values.repeat(repeats), classes, per_step=True), once


def _responses(value: Value, name: str, sequences: Sequences, task: Task) -> tuple[Targets, bool]:
    """N-by-R, repeated for the steps of each sequence, or a cell of R-by-S for each step; and which."""
    if not isinstance(value, list) and len(sequences) > 1:
        array = np.asarray(value)
        if array.ndim != 2 or len(array) != len(sequences):
            message = f"`{name}` is {show_sides(array.shape)}, but there are {len(sequences)} sequences"
            raise DataError(Fault(message, None, "responses are N-by-R, or a cell of R-by-S"))
        values, once = array.repeat(sequences.lengths, axis=0), True
    else:
        arrays = _one_a_sequence(arrays_of(value, name), sequences, name)
        R = arrays[0].size
        vectors = all(array.size == R and 1 in array.shape for array in arrays)
        once = vectors and bool((sequences.lengths != R).any())
        if once:
            values = np.array([array.ravel() for array in arrays]).repeat(sequences.lengths, axis=0)
        else:
            values = _with_time_first(arrays, sequences.lengths.tolist(), name)
    if not np.isfinite(values).all():
        raise DataError(Fault(f"`{name}` has values that are no finite numbers"))
    R = values.shape[1]
    names = (name,) if R == 1 else tuple(f"{name}_{k}" for k in range(1, R + 1))
    return Targets(values.astype(np.float32), names, per_step=True), once


def _check_constant(targets: Targets, name: str, sequences: Sequences) -> None:
    """Raise DataError at the first sequence whose targets are not the same at all steps."""
    values = targets.values.reshape(len(targets.values), -1)
    changed = (values[1:] != values[:-1]).any(axis=1)
    changed[sequences.offsets[1:-1] - 1] = False
    if changed.any():
        n = int(np.searchsorted(sequences.offsets, changed.argmax(), side="right"))
        message = f"`{name}{{{n}}}` changes within its sequence, but the network answers once a sequence"
        raise DataError(Fault(message, None, "`OutputMode: sequence` answers at each step"))


def _one_a_sequence(items: list[Any], sequences: Sequences, name: str) -> list[Any]:
    if len(items) != len(sequences):
        count = counted(len(sequences), "sequence")
        verb = "is" if len(sequences) == 1 else "are"
        raise DataError(Fault(f"`{name}` is of {len(items)}, but there {verb} {count}"))
    return items


def _with_time_first(arrays: list[Array], lengths: list[int], name: str) -> Array:
    """[S, R] of all steps, of arrays that are all R-by-S or all S-by-R."""
    for turned in ([array.T for array in arrays], arrays):
        shapes = [array.shape for array in turned]
        if shapes == [(S, shapes[0][-1]) for S in lengths]:
            return np.concatenate(turned)
    for n, (array, S) in enumerate(zip(arrays, lengths, strict=True), 1):
        if array.ndim != 2 or S not in array.shape:
            sides, has = show_sides(array.shape), counted(S, "time step")
            raise DataError(Fault(f"`{name}{{{n}}}` is {sides}, but its sequence has {has}"))
    help = "they are all R-by-S, or all S-by-R"
    raise DataError(
        Fault(f"the responses in `{name}` differ in number, or in which side is time", None, help)
    )


def _of_steps(item: Any, n: int, sequences: Sequences, name: str) -> list[Any]:
    labels, steps = _items(item), int(sequences.lengths[n])
    if len(labels) != steps:
        has = f"has {counted(len(labels), 'label')}, but its sequence has {counted(steps, 'time step')}"
        raise DataError(Fault(f"`{name}{{{n + 1}}}` {has}"))
    return labels


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else list(np.ravel(value, order="F"))


def _is_label(item: Any) -> bool:
    return isinstance(item, str) or (not isinstance(item, list) and np.size(item) == 1)


def _text(item: Any, name: str) -> str:
    """A label as text, a number in up to 15 digits."""
    if not isinstance(item, str) and np.size(item) == 1:
        number = float(np.ravel(item)[0])
        item = f"{number:.15g}" if np.isfinite(number) else ""
    if not isinstance(item, str) or is_missing(item.strip()):
        raise DataError(Fault(f"a label of `{name}` is missing, or neither a text nor a number"))
    return item.strip()
