"""Channels whose values give away that they are no features: targets of sequences, or a count of steps."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.records import Array, Sequences, Targets
from lstmcli.survey.column import MOST_CLASSES
from lstmcli.survey.guesses import Roles

EVIDENCE = 8
"""Steps that must grow alike: fewer may do so by chance."""


def guess_by_values(sequences: Sequences, roles: Roles, given: Iterable[str], task: bool | None) -> Roles:
    """The roles with what whole sequences tell: a time that runs evenly, a target that does not change.

    sequences : with all columns of numbers as channels; task : as `classification` of `guess_roles`
    """
    given, names = set(given) | set(roles.guesses), list(sequences.channels or ())
    inside = steps_inside(sequences)
    if "time" not in given and len(names) > 1:
        even = next((name for name, x in _channels(sequences, names) if runs_evenly(x, inside)), None)
        if even is not None:
            roles = roles.with_guess("time", even, "it grows by the same from step to step")
            names.remove(even)
    if given & {"labels", "responses"} or len(sequences) < 2 or not inside.any():
        return roles
    still = [(name, x) for name, x in _channels(sequences, names) if is_constant_inside(x, inside)]
    if len(still) == len(names):
        return roles
    for name, x in reversed(still):
        whole = bool((x == np.rint(x)).all())
        count = len(np.unique(x[sequences.offsets[:-1]]))
        if count == 1:
            continue
        is_class = whole and count <= min(MOST_CLASSES, len(sequences) // 2)
        if is_class and task is not False:
            return roles.with_guess("labels", name, "one whole number a sequence")
        if task is False or (task is None and not is_class and count > 2):
            return roles.with_guess("responses", (name,), "one number a sequence")
    return roles


def once_a_sequence(sequences: Sequences, targets: Targets) -> Targets:
    """The targets as one a sequence, where none changes within one."""
    columns = np.asarray(targets.values).reshape(len(targets.values), -1).T
    if not targets.per_step or len(sequences) == 1:
        return targets
    inside = steps_inside(sequences)
    if not all(is_constant_inside(column, inside) for column in columns):
        return targets
    return Targets(targets.values[sequences.offsets[:-1]], targets.names, per_step=False)


def steps_inside(sequences: Sequences) -> NDArray[np.bool_]:
    """Of each step but the first whether it is in the sequence of the step before it, bool[S - 1]."""
    inside = np.ones(len(sequences.values) - 1, bool)
    inside[sequences.offsets[1:-1] - 1] = False
    return inside


def is_constant_inside(x: NDArray[Any], inside: NDArray[np.bool_]) -> bool:
    """Whether a channel or a target, [S], is the same at all steps of each sequence."""
    return bool((x[1:] == x[:-1])[inside].all())


def runs_evenly(x: Array, inside: NDArray[np.bool_]) -> bool:
    """Whether a channel, float[S], grows by the same from step to step, as an index or a time does."""
    growth = np.diff(x.astype(np.float64))[inside]
    if len(growth) < EVIDENCE or growth[0] <= 0:
        return False
    # Times such as 0.1, 0.2, ... are not quite evenly spaced in single precision.
    return bool(np.abs(growth - growth[0]).max() <= max(1e-6 * float(np.abs(x).max()), 1e-9))


def _channels(sequences: Sequences, names: list[str]) -> list[tuple[str, Array]]:
    all_names = list(sequences.channels or ())
    return [(name, sequences.values[:, all_names.index(name)]) for name in names]
