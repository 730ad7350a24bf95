"""Rows of a table as they come, where they meet a network: what they must be."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from lstmcli.data.selection import select
from lstmcli.data.table import Rows
from lstmcli.data_fit import check_steps
from lstmcli.errors import DataError, Fault
from lstmcli.graph import Graph
from lstmcli.records import Sequences


def fitting_rows(
    graph: Graph, rows: Iterable[Rows], tell: Callable[[Sequence[Fault]], None] | None
) -> Iterator[Sequences]:
    """The rows that the network takes.

    tell : takes the faults of others, which are then left out
    Raises DataError for the channels, and without `tell` for a row after those before it.
    """
    for found in rows:
        try:
            check_steps(graph, found.sequences, trained=True)
            yield found.sequences
        except DataError:
            yield from _fitting_steps(graph, _one_by_one(found), tell)


def _fitting_steps(
    graph: Graph, steps: Sequences, tell: Callable[[Sequence[Fault]], None] | None
) -> Iterator[Sequences]:
    for k in range(len(steps)):
        step = select(steps, np.array([k]))
        try:
            check_steps(graph, step, trained=True)
        except DataError as error:
            if tell is None or step.values.shape[1] != graph.columns:
                raise
            tell(error.faults)
        else:
            yield step


def _one_by_one(rows: Rows) -> Sequences:
    """Each step as a sequence of its own, with its place."""
    own = rows.sequences
    return replace(
        own,
        offsets=np.arange(len(own.values) + 1),
        ids=tuple(np.array(own.ids, object).repeat(own.lengths)),
        places=tuple((rows.file, row) for row in rows.numbers.tolist()),
    )
