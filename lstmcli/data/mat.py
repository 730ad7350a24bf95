"""MAT-files: a cell of sequences in MATLAB's orientation, with a variable of labels or responses."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from lstmcli.data.declaration import DataSection
from lstmcli.data.mat_arrays import arrays_of, with_time_first
from lstmcli.data.mat_targets import targets_of
from lstmcli.data.selection import Observations, offsets_of
from lstmcli.data.sizes import check_alike
from lstmcli.data.targets import not_named
from lstmcli.errors import DataError, Fault, InputError, Place, did_you_mean, listed
from lstmcli.modelfile.variables import Value, Variables
from lstmcli.records import Sequences, Task

PARTS = ("Train", "Validation", "Test")
"""How names of variables end."""


def read_mat_files(paths: Sequence[str], columns: DataSection, task: Task | None) -> Iterator[Observations]:
    """The sequences of MAT-files, named 1, 2, ... over all files, with a target for each step.

    `features` names the variable of the sequences, a cell of C-by-S, S-by-C or h-by-w-by-C-by-S arrays (or
    one such array for one sequence); without it it is the only cell of arrays in the file, or of those that
    differ in their ending the one of the part that is asked for. `labels` or `responses` name the variable
    of the targets: one an observation (a cell of texts, numbers; N-by-R responses), or a cell of one a step.
    Raises DataError naming file, variable and observation.
    """
    names = count(1)
    first: Sequences | None = None
    for path in paths:
        try:
            sequences, targets = _read_file(path, columns, task, names)
        except InputError as error:
            faults = (
                fault if fault.where else Fault(fault.message, Place(path), fault.help)
                for fault in error.faults
            )
            raise DataError(faults) from None
        except OSError as error:
            raise DataError(Fault(f"this cannot be read: {error.strerror}", Place(path))) from None
        first = first or sequences
        check_alike(sequences, first)
        yield sequences, targets


def _read_file(path: str, columns: DataSection, task: Task | None, names: Iterator[int]) -> Observations:
    variables = Variables(Path(path))
    name = columns.features[0] if columns.features else _cell_of_sequences(variables, columns)
    steps, shape = with_time_first(arrays_of(_value(variables, name), name), name)
    lengths = np.array([len(array) for array in steps], np.int64)
    sequences = Sequences(
        values=np.concatenate(steps).astype(np.float32),
        offsets=offsets_of(lengths),
        ids=tuple(str(next(names)) for _ in steps),
        places=((path, None),) * len(steps),
        shape=shape,
    )
    _require_finite(sequences, name)
    if task is None or (columns.forecasts and not task.classification):
        return sequences, None
    given = columns.labels if task.classification else (columns.responses or (None,))[0]
    if given is None:
        raise DataError(not_named(columns, task, "variable", None))
    return sequences, targets_of(_value(variables, given), given, sequences, task, columns.cuts)


def _cell_of_sequences(variables: Variables, columns: DataSection) -> str:
    """The name of the only cell of arrays, or, of cells as `XTrain` and `XTest`, of the part asked for."""
    given = columns.labels or (columns.responses or ("",))[0]
    stem, ending = _split(given)
    cells = [name for name, kind in variables.kinds.items() if kind == "cell" and name != given]
    cells = [name for name in cells if not ending or _split(name)[0] != stem]
    found = [name for name in cells if _holds_arrays(variables.read(name))]
    if len(found) == 1:
        return found[0]
    stems = {_split(name)[0] for name in found if _split(name)[1]}
    if len(stems) == 1 and all(_split(name)[1] for name in found):
        return f"{stems.pop()}{ending or columns.part}"
    if found:
        message = f"{len(found)} variables are cells of sequences: {listed(found)}"
        raise DataError(Fault(message, None, "name one: `features: VARIABLE`"))
    shown = ", ".join(f"`{name}` ({kind})" for name, kind in variables.kinds.items()) or "none"
    help = f"name a variable: `features: VARIABLE`; there are {shown}"
    raise DataError(Fault("no variable is a cell of sequences", None, help))


def _split(name: str) -> tuple[str, str]:
    """A name without the part it ends with, and that part, `` if there is none."""
    ending = next((part for part in PARTS if name.endswith(part)), "")
    return name.removesuffix(ending), ending


def _holds_arrays(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_sequence(item) for item in value)


def _is_sequence(item: Any) -> bool:
    return isinstance(item, np.ndarray) and item.size > 1


def _value(variables: Variables, name: str) -> Value:
    """The variable of this name; where there is no `XTest` another part's `XTrain` stands for it."""
    stem, ending = _split(name)
    others = (f"{stem}{part}" for part in PARTS if ending)
    found = next((other for other in (name, *others) if other in variables.kinds), None)
    if found is None:
        shown = listed(variables.kinds) or "none"
        help = did_you_mean(name, variables.kinds) or f"the variables are {shown}"
        raise DataError(Fault(f"there is no variable `{name}`", None, help))
    return variables.read(found)


def _require_finite(sequences: Sequences, name: str) -> None:
    wrong = ~np.isfinite(sequences.values).all(axis=1)
    if wrong.any():
        step = int(wrong.argmax())
        n = int(np.searchsorted(sequences.offsets, step, side="right")) - 1
        place = f"`{name}{{{n + 1}}}`, step {step - sequences.offsets[n] + 1}"
        raise DataError(Fault(f"{place}: a value is no finite number"))
