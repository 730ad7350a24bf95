"""Boxes in rows: each below all that it takes from, in an order in which few connections cross.

Longest-path layering with a bend in each row that a connection passes, ordered by barycenters
(Sugiyama, Tagawa and Toda 1981).
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import NamedTuple

SWEEPS = 12
"""Times that the rows are ordered, down and up."""


class Link(NamedTuple):
    """A connection; where it leaves and enters counts from -1/2, a box's left side, to 1/2, its right one."""

    source: int
    target: int
    leaves: float = 0.0
    enters: float = 0.0


@dataclass(frozen=True)
class Layering:
    """Points in rows: boxes by their numbers, and behind the last of those the bends of connections.

    paths : for each connection the points from box to box
    segments : the links between each row and the next
    """

    boxes: int
    rows: tuple[tuple[int, ...], ...]
    paths: tuple[tuple[int, ...], ...]
    segments: tuple[tuple[Link, ...], ...]


def arrange(boxes: int, links: Sequence[Link]) -> Layering:
    """Rows of boxes; `links` go from lower numbers to higher ones."""
    row_of = [0] * boxes
    for link in sorted(links, key=lambda link: link.target):
        row_of[link.target] = max(row_of[link.target], row_of[link.source] + 1)
    rows: list[list[int]] = [[] for _ in range(max(row_of) + 1)]
    for box, row in enumerate(row_of):
        rows[row].append(box)
    segments: list[list[Link]] = [[] for _ in rows[1:]]
    bends = count(boxes)
    paths = []
    for link in links:
        path = [link.source]
        for row in range(row_of[link.source] + 1, row_of[link.target]):
            path.append(next(bends))
            rows[row].append(path[-1])
        path.append(link.target)
        paths.append(tuple(path))
        for row, (upper, lower) in enumerate(pairwise(path), row_of[link.source]):
            leaves = link.leaves if upper == link.source else 0.0
            enters = link.enters if lower == link.target else 0.0
            segments[row].append(Link(upper, lower, leaves, enters))
    between = tuple(map(tuple, segments))
    return Layering(boxes, _ordered(rows, between), tuple(paths), between)


def crossings(rows: Sequence[Sequence[int]], segments: Sequence[Sequence[Link]]) -> int:
    """How many pairs of links cross between rows in this order."""
    at = {point: place for row in rows for place, point in enumerate(row)}
    found = 0
    for links in segments:
        ends = sorted((at[link.source] + link.leaves, at[link.target] + link.enters) for link in links)
        passed: list[float] = []
        for _, lower in ends:
            found += len(passed) - bisect_right(passed, lower)
            insort(passed, lower)
    return found


def _ordered(rows: list[list[int]], segments: Sequence[Sequence[Link]]) -> tuple[tuple[int, ...], ...]:
    best, fewest = tuple(map(tuple, rows)), crossings(rows, segments)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        for number in range(1, len(rows)) if down else reversed(range(len(rows) - 1)):
            row, beside = rows[number], segments[number - 1 if down else number]
            rows[number] = _by_barycenters(row, rows[number - 1 if down else number + 1], beside, down)
        crossed = crossings(rows, segments)
        if crossed < fewest:
            best, fewest = tuple(map(tuple, rows)), crossed
    return best


def _by_barycenters(row: list[int], other: list[int], links: Sequence[Link], down: bool) -> list[int]:
    """The row by the mean places of the ends in the other row; who has none there stays where it is."""
    at = {point: place for place, point in enumerate(other)}
    ends = defaultdict(list)
    for link in links:
        if down:
            ends[link.target].append(at[link.source] + link.leaves - link.enters)
        else:
            ends[link.source].append(at[link.target] + link.enters - link.leaves)
    means = {
        point: sum(ends[point]) / len(ends[point]) if point in ends else float(place)
        for place, point in enumerate(row)
    }
    return sorted(row, key=lambda point: means[point])
