"""The curves of a run for every picture of it: of any length in little memory, thinned and smoothed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite

MOST = 1000
"""Groups that a curve has at least, once it has so many points; twice as many at most."""
REACH = 1 / 100
"""How far smoothing reaches, as a share of the curve: its weights fall by e over it, to both sides."""
MOST_MARKERS = 60
"""Validation points that stand apart in a picture; more are a dashed line without them."""
Points = tuple[list[float], list[float]]
"""x and y."""


@dataclass(slots=True)
class _Group:
    """Neighbouring points: first and last x; count, sum, lowest and highest y."""

    first: int
    last: int
    count: int
    total: float
    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.first + self.last) / 2

    def add(self, x: int, y: float) -> None:
        self.last = x
        self.count += 1
        self.total += y
        if y < self.low:
            self.low = y
        elif y > self.high:
            self.high = y

    def take(self, other: "_Group") -> None:
        self.last = other.last
        self.count += other.count
        self.total += other.total
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)


class Curve:
    """Points that come one by one, from left to right; once there are many, neighbours share a group.

    most : groups to keep at least, for as fine a picture; last : the last point's y, NaN before the first
    """

    def __init__(self, most: int = MOST):
        self._most, self._size = most, 1
        self._groups: list[_Group] = []
        self.last = float("nan")

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, x: int, y: float) -> None:
        """One more point, unless y is NaN or infinite."""
        if not isfinite(y):
            return
        self.last = y
        groups = self._groups
        if groups and groups[-1].count < self._size:
            groups[-1].add(x, y)
            return
        if len(groups) == 2 * self._most:
            self._merge()
        groups.append(_Group(x, x, 1, y, y, y))

    @property
    def size(self) -> int:
        """Points that share a group."""
        return self._size

    def raw(self) -> Points:
        """The points, or else the lowest and highest of each group: as thick as the curve is rough."""
        if self._size == 1:
            return [group.middle for group in self._groups], [group.low for group in self._groups]
        x = [group.middle for group in self._groups for _ in range(2)]
        return x, [y for group in self._groups for y in (group.low, group.high)]

    def means(self) -> Points:
        """The mean of each group."""
        return [group.middle for group in self._groups], [group.total / group.count for group in self._groups]

    def smooth(self) -> Points:
        """Weighted means around each group, with weights that fall exponentially to both sides."""
        decay = exp(-1 / (len(self._groups) * REACH)) if self._groups else 0.0
        ahead = list(_sums(self._groups, decay))
        behind = reversed(list(_sums(self._groups[::-1], decay)))
        return [group.middle for group in self._groups], [
            (a + b - group.total) / (m + n - group.count)
            for (a, m), (b, n), group in zip(ahead, behind, self._groups, strict=True)
        ]

    def _merge(self) -> None:
        for left, right in zip(self._groups[::2], self._groups[1::2], strict=True):
            left.take(right)
        del self._groups[1::2]
        self._size *= 2


@dataclass(frozen=True)
class Panel:
    """The training and validation curves of one figure: its name, and what it is counted in if not itself."""

    title: str
    unit: str
    training: Curve
    validation: Curve

    @property
    def label(self) -> str:
        """Name and unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def name(self) -> str:
        """The title within a line."""
        return self.title if self.title.isupper() else self.title.lower()

    def add(self, iteration: int, training: float, validation: float | None) -> None:
        """The figures of an iteration; None or NaN where there was no validation."""
        self.training.add(iteration, training)
        if validation is not None:
            self.validation.add(iteration, validation)


def new_panels(metric: str, most: int = MOST) -> tuple[Panel, Panel]:
    """Metric and loss of a run without iterations; metric : Accuracy or RMSE."""
    unit = "%" if metric == "Accuracy" else ""
    return Panel(metric, unit, Curve(most), Curve(most)), Panel("Loss", "", Curve(most), Curve(most))


def metric_of(history: Mapping[str, Sequence[float]]) -> str:
    """What is measured beside the loss, Accuracy or RMSE."""
    return "Accuracy" if "TrainingAccuracy" in history else "RMSE"


def panels_of(history: Mapping[str, Sequence[float]]) -> tuple[Panel, Panel]:
    """Metric and loss of a run; history : values of each iteration, under the names of TrainingInfo."""
    panels = new_panels(metric_of(history))
    for panel in panels:
        pair = history[f"Training{panel.title}"], history[f"Validation{panel.title}"]
        for number, (training, validation) in enumerate(zip(*pair, strict=True), start=1):
            panel.add(number, training, validation)
    return panels


def _sums(groups: Sequence[_Group], decay: float) -> list[tuple[float, float]]:
    """For each group the weighted sums of values and counts of all groups up to it."""
    sums, total, count = [], 0.0, 0.0
    for group in groups:
        total, count = decay * total + group.total, decay * count + group.count
        sums.append((total, count))
    return sums
