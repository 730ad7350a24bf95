"""Classes: their order, and their numbers."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.cells import is_number
from lstmcli.errors import Fault, Place, did_you_mean, listed


def class_order(labels: Collection[str]) -> tuple[str, ...]:
    """Labels in the order of classes: by value if all are numbers, by their characters otherwise."""
    if all(is_number(label) for label in labels):
        return tuple(sorted(labels, key=lambda label: (float(label), label)))
    return tuple(sorted(labels))


def renumber(
    values: NDArray[np.int32], names: tuple[str, ...], classes: tuple[str, ...]
) -> NDArray[np.int32]:
    """Numbers of `names` as numbers of `classes`; -1 for names that are no class."""
    numbers = {name: number for number, name in enumerate(classes)}
    table = np.array([numbers.get(name, -1) for name in names], np.int32)
    renumbered: NDArray[np.int32] = table[values]
    return renumbered


def unknown_class(label: str, classes: tuple[str, ...], where: Place) -> Fault:
    """The fault of a label that the network does not know."""
    help = did_you_mean(label, classes)
    return Fault(
        f"unknown class `{label}`",
        where,
        f"{help + ' ' if help else ''}the classes are {listed(classes, 20)}",
    )
