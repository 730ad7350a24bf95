"""MAT-files: a cell of sequences in MATLAB's orientation, with a variable of labels or responses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from lstmcli.data.cells import is_missing
from lstmcli.data.classes import class_order, renumber, unknown_class
from lstmcli.data.declaration import DataSection
from lstmcli.data.selection import Observations, offsets_of
from lstmcli.errors import DataError, Fault, InputError, Place, did_you_mean
from lstmcli.modelfile.variables import NUMERIC, Value, Variables
from lstmcli.records import Array, Sequences, Targets, Task

PARTS = ("Train", "Validation", "Test")
"""How names of variables end."""


def read_mat_files(paths: Sequence[str], columns: DataSection, task: Task | None) -> Iterator[Observations]:
    """The sequences of MAT-files, named 1, 2, ... over all files, with a target for each step.

    `features` names the variable of the sequences, a cell of C-by-S, S-by-C or h-by-w-by-C-by-S arrays (or
    one such array for one sequence); without it it is the only cell of arrays in the file. `labels` or
    `responses` name the variable of the targets: one an observation (a cell of texts, numbers; N-by-R
    responses), or a cell of one a step. Raises DataError naming file, variable and observation.
    """
    names = count(1)
    for path in paths:
        try:
            yield _read_file(path, columns, task, names)
        except InputError as error:
            faults = (
                fault if fault.where else Fault(fault.message, Place(path), fault.help)
                for fault in error.faults
            )
            raise DataError(faults) from None
        except OSError as error:
            raise DataError(Fault(f"this cannot be read: {error.strerror}", Place(path))) from None


def _read_file(path: str, columns: DataSection, task: Task | None, names: Iterator[int]) -> Observations:
    variables = Variables(Path(path))
    name = columns.features[0] if columns.features else _only_cell(variables, columns)
    arrays = _arrays(_value(variables, name), name)
    steps = _with_time_first(arrays, name)
    lengths = np.array([len(array) for array in steps], np.int64)
    values = np.concatenate(steps).astype(np.float32)
    sequences = Sequences(values, offsets_of(lengths), tuple(str(next(names)) for _ in steps))
    _require_finite(sequences, name)
    if task is None or (columns.cuts and not task.classification and columns.responses is None):
        return sequences, None
    word = "labels" if task.classification else "responses"
    given = columns.labels if task.classification else (columns.responses or (None,))[0]
    if given is None:
        help = f"name it: `data: {{{word}: VARIABLE}}` or `--{word} VARIABLE`"
        raise DataError(Fault(f"no variable is given as {word}", None, help))
    target = _value(variables, given)
    if task.classification:
        return sequences, _labels(target, given, sequences, task)
    return sequences, _responses(target, given, sequences)


def _only_cell(variables: Variables, columns: DataSection) -> str:
    taken = {columns.labels, *(columns.responses or ())}
    cells = [name for name, kind in variables.kinds.items() if kind == "cell" and name not in taken]
    found = [name for name in cells if _holds_arrays(variables.read(name))]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"`{name}` ({kind})" for name, kind in variables.kinds.items()) or "none"
    message = f"{len(found) or 'no'} variable{'s are' if len(found) > 1 else ' is'} a cell of sequences"
    raise DataError(Fault(message, None, f"name one: `features: VARIABLE`; there are {listed}"))


def _holds_arrays(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_sequence(item) for item in value)


def _is_sequence(item: Any) -> bool:
    return isinstance(item, np.ndarray) and item.size > 1


def _value(variables: Variables, name: str) -> Value:
    """The variable of this name; where there is no `XTest` another part's `XTrain` stands for it."""
    ending = next((part for part in PARTS if name.endswith(part)), "")
    others = (f"{name.removesuffix(ending)}{part}" for part in PARTS if ending)
    found = next((other for other in (name, *others) if other in variables.kinds), None)
    if found is None:
        help = did_you_mean(name, variables.kinds) or f"there are {', '.join(variables.kinds) or 'none'}"
        raise DataError(Fault(f"there is no variable `{name}`", None, help))
    return variables.read(found)


def _arrays(value: Value, name: str) -> list[Array]:
    items: list[Any] = value if isinstance(value, list) else [value]
    for n, item in enumerate(items, 1):
        if not isinstance(item, np.ndarray) or item.ndim not in (2, 3, 4) or not item.size:
            message = f"`{name}{{{n}}}` must be a matrix of numbers, or images one behind the other"
            raise DataError(Fault(message, None, f"the classes of numbers are {', '.join(sorted(NUMERIC))}"))
    if not items:
        raise DataError(Fault(f"`{name}` is empty"))
    if not isinstance(value, list) and items[0].ndim == 3:
        help = f"make it a cell of matrices: `{name} = squeeze(num2cell({name}, [1 2]))`"
        raise DataError(Fault(f"`{name}` is one array of three dimensions", None, help))
    return items


def _with_time_first(arrays: list[Array], name: str) -> list[Array]:
    """[S, columns] of each: the side that differs is time; where none does MATLAB's C-by-S is meant."""
    dimensions = {array.ndim for array in arrays}
    sizes = {array.shape[:-1] for array in arrays}
    if len(dimensions) == len(sizes) == 1:
        return [array.reshape(-1, array.shape[-1], order="F").T for array in arrays]
    if dimensions == {2} and len({array.shape[1] for array in arrays}) == 1:
        return arrays
    first = arrays[0].shape
    n = next(n for n, array in enumerate(arrays) if array.shape[:-1] != first[:-1])
    message = f"`{name}{{{n + 1}}}` is {_by(arrays[n].shape)}, but `{name}{{1}}` is {_by(first)}"
    raise DataError(Fault(message, None, "sequences have the same channels, C-by-S or all S-by-C"))


def _by(shape: tuple[int, ...]) -> str:
    return "-by-".join(map(str, shape))


def _require_finite(sequences: Sequences, name: str) -> None:
    wrong = ~np.isfinite(sequences.values).all(axis=1)
    if wrong.any():
        step = int(wrong.argmax())
        n = int(np.searchsorted(sequences.offsets, step, side="right")) - 1
        place = f"`{name}{{{n + 1}}}`, step {step - sequences.offsets[n] + 1}"
        raise DataError(Fault(f"{place}: a value is no finite number"))


def _labels(value: Value, name: str, sequences: Sequences, task: Task) -> Targets:
    """A label for each sequence, repeated for its steps, or a cell of one for each step."""
    items = _items(value)
    if len(items) == len(sequences) and all(map(_is_label, items)):
        texts, repeats = [_text(item, name) for item in items], sequences.lengths
    else:
        steps = _one_a_sequence(
            [value] if len(sequences) == 1 and _is_flat(items) else items, sequences, name
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
    return Targets(values.repeat(repeats), classes, per_step=True)


def _responses(value: Value, name: str, sequences: Sequences) -> Targets:
    """N-by-R, repeated for the steps of each sequence, or a cell of R-by-S for each step."""
    if not isinstance(value, list) and len(sequences) > 1:
        array = np.asarray(value)
        if array.ndim != 2 or len(array) != len(sequences):
            message = f"`{name}` is {_by(array.shape)}, but there are {len(sequences)} sequences"
            raise DataError(Fault(message, None, "responses are N-by-R, or a cell of R-by-S"))
        values = array.repeat(sequences.lengths, axis=0)
    else:
        arrays = _one_a_sequence(_arrays(value, name), sequences, name)
        steps = zip(arrays, sequences.lengths.tolist(), strict=True)
        values = np.concatenate([_with_steps(array, S, name, n) for n, (array, S) in enumerate(steps, 1)])
    if not np.isfinite(values).all():
        raise DataError(Fault(f"`{name}` has values that are no finite numbers"))
    R = values.shape[1]
    names = (name,) if R == 1 else tuple(f"{name}_{k}" for k in range(1, R + 1))
    return Targets(values.astype(np.float32), names, per_step=True)


def _one_a_sequence(items: list[Any], sequences: Sequences, name: str) -> list[Any]:
    if len(items) != len(sequences):
        raise DataError(Fault(f"`{name}` is of {len(items)}, but there are {len(sequences)} sequences"))
    return items


def _with_steps(array: Array, steps: int, name: str, n: int) -> Array:
    """[S, R] of R-by-S, of S-by-R, or of R for all steps."""
    for way in (array.T, array):
        if way.ndim == 2 and len(way) == steps:
            return way
    if array.ndim == 2 and 1 in array.shape:
        return array.reshape(1, -1).repeat(steps, axis=0)
    raise DataError(Fault(f"`{name}{{{n}}}` is {_by(array.shape)}, but its sequence has {steps} time steps"))


def _of_steps(item: Any, n: int, sequences: Sequences, name: str) -> list[Any]:
    labels, steps = _items(item), int(sequences.lengths[n])
    if len(labels) != steps:
        message = f"`{name}{{{n + 1}}}` has {len(labels)} labels, but its sequence has {steps} time steps"
        raise DataError(Fault(message))
    return labels


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else list(np.ravel(value, order="F"))


def _is_label(item: Any) -> bool:
    return isinstance(item, str) or (not isinstance(item, list) and np.size(item) == 1)


def _is_flat(items: list[Any]) -> bool:
    return all(map(_is_label, items))


def _text(item: Any, name: str) -> str:
    """A label as MATLAB's string(...) writes it."""
    if not isinstance(item, str) and np.size(item) == 1:
        number = float(np.ravel(item)[0])
        item = f"{number:.15g}" if np.isfinite(number) else ""
    if not isinstance(item, str) or is_missing(item.strip()):
        raise DataError(Fault(f"a label of `{name}` is missing, or neither a text nor a number"))
    return item.strip()
