"""Values that the user gives in a spec: lists, or files in any of four forms."""

from pathlib import Path

import numpy as np

from lstmcli.errors import Fault, InputError, Mark, SpecError
from lstmcli.modelfile.arrays import read_array
from lstmcli.records import Array
from lstmcli.spec.kinds import FileValues, ListValues

NOT_NEGATIVE = frozenset(["TrainedVariance", "StandardDeviation"])
"""Statistics that are squares, or roots of them: below 0 they would make answers that are none."""


def read_given(
    given: ListValues | FileValues,
    shape: tuple[int, ...],
    folder: Path,
    owner: str,
    mark: Mark,
    columns: int | None = None,
) -> Array:
    """The values in MATLAB's orientation and of this shape, or of its first columns alone; a vector may lie
    or stand.

    Raises SpecError naming `owner` if they are missing, not finite numbers or of another size.
    """
    try:
        values = _list(given) if isinstance(given, ListValues) else _file(folder / given.path, given.inner)
    except InputError as error:
        raise SpecError(Fault(f"{owner}: {error.faults[0].message}", mark, error.faults[0].help)) from None
    except OSError as error:
        raise SpecError(Fault(f"{owner} cannot be read: {error.strerror or error}", mark)) from None
    except ValueError as error:
        listed = isinstance(given, ListValues)
        reason = "must have rows of equal length" if listed else f"cannot be read: {error}"
        raise SpecError(Fault(f"{owner} {reason}", mark)) from None
    shapes = (shape,) if columns is None else (shape, (*shape[:-1], columns))
    fitting = [side for side in shapes if _long_sides(values.shape) == _long_sides(side)]
    if not fitting:
        wanted = " or ".join(map(_by, dict.fromkeys(shapes)))
        raise SpecError(Fault(f"{owner} must be {wanted}, got {_by(values.shape)}", mark))
    if not (np.abs(values) <= np.finfo(np.float32).max).all():
        raise SpecError(Fault(f"{owner} must be finite numbers of single precision", mark))
    return values.reshape(fitting[0])


def _long_sides(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(side for side in shape if side != 1)


def _by(shape: tuple[int, ...]) -> str:
    """A size as MATLAB says it, a vector standing: `4-by-1`."""
    return "-by-".join(map(str, (*shape, 1, 1)[: max(2, len(shape))]))


def _list(given: ListValues) -> Array:
    return np.array(given.values, dtype=np.float64)


def _file(path: Path, inner: str | None) -> Array:
    if path.suffix.lower() == ".npy":
        return _npy(path)
    if path.suffix.lower() == ".csv":
        return np.array(_rows(path.read_text(encoding="utf-8-sig")))
    assert inner is not None
    return read_array(path, inner)


def _npy(path: Path) -> Array:
    with path.open("rb") as file:
        try:
            values = np.lib.format.read_array(file, allow_pickle=False)
        except ValueError:
            raise ValueError("it is no whole .npy file of numbers") from None
    if values.dtype.kind not in "iuf":
        raise ValueError("it does not hold real numbers")
    return values.astype(np.float64)


def _rows(text: str) -> list[list[float]]:
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append([float(cell) for cell in line.split(",")])
        except ValueError:
            raise ValueError(f"not all of line {number} are numbers") from None
        if len(rows[-1]) != len(rows[0]):
            raise ValueError(f"line {number} has {len(rows[-1])} numbers, the lines before it {len(rows[0])}")
    return rows
