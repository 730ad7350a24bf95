"""Where the points of rows lie from left to right: connections as straight as their order allows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from lstmcli.analysis.layering import Layering, Link

SWEEPS = 4
"""Times that the rows are placed, down and up in turn; after each they are settled as often."""
PLACING, SETTLING = (8, 2, 2), (8, 2, 16)
"""How much a link with no, one or two bends for ends pulls at them: boxes in a chain stay in line where a
connection passes them by. That it is straight itself counts once the boxes have found their places."""
STAYING = 1
"""How much a point that could be anywhere between two others wants to stay."""

Wish = tuple[float, int]
"""A place, and how much it is wished for."""
Wishes = dict[int, list[Wish]]


def place(layering: Layering, widths: Sequence[float], gap: float) -> list[float]:
    """The middle of each point, where boxes have these widths and bends have none; the leftmost edge is 0."""
    sizes = [*widths, *(0.0 for row in layering.rows for point in row if point >= layering.boxes)]
    placing = _Placing(layering, sizes, gap, [0.0] * len(sizes))
    for row in layering.rows:
        placing.move(row, {point: [(0.0, 1)] for point in row})
    best, least = list(placing.at), placing.bent()
    for sweep in range(SWEEPS):
        placing.place_rows(down=sweep % 2 == 0)
        settled = replace(placing, at=list(placing.at))
        for _ in range(SWEEPS):
            settled.settle_rows()
        if settled.bent() < least:
            best, least = settled.at, settled.bent()
    left = min(x - size / 2 for x, size in zip(best, sizes, strict=True))
    return [x - left for x in best]


def settle(wishes: Sequence[Sequence[Wish]], gaps: Sequence[float]) -> list[float]:
    """Places in their order, `gaps` apart at least, with the least sum of weighted distances to the wishes.

    Pool adjacent violators: neighbours that want to pass one another settle on the median of their wishes.
    """
    starts = list(accumulate(gaps, initial=0.0))
    pools: list[tuple[float, list[Wish], int]] = []
    for wished, start in zip(wishes, starts, strict=True):
        pool, count = [(x - start, weight) for x, weight in wished], 1
        middle = _median(pool)
        while pools and pools[-1][0] > middle:
            _, before, many = pools.pop()
            pool, count = before + pool, many + count
            middle = _median(pool)
        pools.append((middle, pool, count))
    places = (middle for middle, _, count in pools for _ in range(count))
    return [x + start for x, start in zip(places, starts, strict=True)]


def _median(wishes: Iterable[Wish]) -> float:
    """The weighted median, halfway where it could be anywhere between two."""
    ordered = sorted(wishes)
    half = sum(weight for _, weight in ordered) / 2
    sums = list(accumulate(weight for _, weight in ordered))
    low = next(k for k, reached in enumerate(sums) if reached >= half)
    high = next(k for k, reached in enumerate(sums) if reached > half)
    return (ordered[low][0] + ordered[high][0]) / 2


@dataclass(frozen=True)
class _Placing:
    """Points on their way to their places `at`."""

    layering: Layering
    sizes: Sequence[float]
    gap: float
    at: list[float]

    def place_rows(self, down: bool) -> None:
        """Move each row to where the row above it, or else below it, would have it."""
        rows, segments = self.layering.rows, self.layering.segments
        for number in range(1, len(rows)) if down else reversed(range(len(rows) - 1)):
            wishes: Wishes = {point: [] for point in rows[number]}
            if down:
                self._wish_below(segments[number - 1], PLACING, wishes)
            else:
                self._wish_above(segments[number], PLACING, wishes)
            self.move(rows[number], wishes)

    def settle_rows(self) -> None:
        """Move each row to where the rows above and below it would have it."""
        segments = ((), *self.layering.segments, ())
        for row, (above, below) in zip(self.layering.rows, pairwise(segments), strict=True):
            wishes: Wishes = {point: [(self.at[point], STAYING)] for point in row}
            self._wish_below(above, SETTLING, wishes)
            self._wish_above(below, SETTLING, wishes)
            self.move(row, wishes)

    def move(self, row: Sequence[int], wishes: Wishes) -> None:
        """Move the points of a row to where they are wished; who is not wished anywhere stays."""
        wished = [wishes[point] or [(self.at[point], STAYING)] for point in row]
        gaps = [(self.sizes[a] + self.sizes[b]) / 2 + self.gap for a, b in pairwise(row)]
        for point, x in zip(row, settle(wished, gaps), strict=True):
            self.at[point] = x

    def bent(self) -> float:
        """How far from straight all links are."""
        return sum(
            SETTLING[self._bends(link)]
            * abs(self.at[link.source] + self._offset(link) - self.at[link.target])
            for links in self.layering.segments
            for link in links
        )

    def _wish_below(self, links: Sequence[Link], pulls: Sequence[int], wishes: Wishes) -> None:
        """Where the sources of links would have their targets."""
        for link in links:
            x = self.at[link.source] + self._offset(link)
            wishes[link.target].append((x, pulls[self._bends(link)]))

    def _wish_above(self, links: Sequence[Link], pulls: Sequence[int], wishes: Wishes) -> None:
        """Where the targets of links would have their sources."""
        for link in links:
            x = self.at[link.target] - self._offset(link)
            wishes[link.source].append((x, pulls[self._bends(link)]))

    def _offset(self, link: Link) -> float:
        """How far to the right of its source's middle the target's should be.

        Boxes should stand in line whatever their ports, so that a column of them stays one.
        """
        if not self._bends(link):
            return 0.0
        return link.leaves * self.sizes[link.source] - link.enters * self.sizes[link.target]

    def _bends(self, link: Link) -> int:
        """How many of its ends are bends."""
        return (link.source >= self.layering.boxes) + (link.target >= self.layering.boxes)
