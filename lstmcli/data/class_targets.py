"""A column of labels as the numbers of classes."""

from collections.abc import Callable

import numpy as np

from lstmcli.data.classes import class_order, renumber, unknown_class
from lstmcli.data.parse import Texts
from lstmcli.errors import MOST_FAULTS, DataError, Place
from lstmcli.records import Targets


def class_targets(labels: Texts, classes: tuple[str, ...] | None, place: Callable[[int], Place]) -> Targets:
    """The class of each row.

    classes : those that the network knows, or None if the labels say which there are
    place : where the label of a row is
    Raises DataError for labels that are no class, each once.
    """
    known = class_order(labels.texts) if classes is None else classes
    numbers = renumber(labels.numbers, labels.texts, known)
    wrong = np.flatnonzero(numbers < 0)
    if len(wrong):
        first = np.sort(np.unique(labels.numbers[wrong], return_index=True)[1][: MOST_FAULTS + 1])
        raise DataError(
            unknown_class(labels.texts[labels.numbers[row]], known, place(row))
            for row in wrong[first].tolist()
        )
    return Targets(numbers, known, per_step=True)
