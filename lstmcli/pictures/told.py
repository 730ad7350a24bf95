"""What there is to tell of a run, as the pictures of it take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lstmcli.graph import Graph
from lstmcli.metrics import Metrics
from lstmcli.records import Data
from lstmcli.spec_file import Spec


class Part(NamedTuple):
    """A part of the data with its title, and the network's answers to it where they were measured."""

    title: str
    data: Data
    metrics: Metrics | None = None


@dataclass(frozen=True)
class Told:
    """A run.

    name : the model's; spec : with every default filled in
    history : values of each iteration as TrainingInfo has them; none where there was no iteration
    ending : why training ended, if that is known
    """

    name: str
    spec: Spec
    graph: Graph
    history: Mapping[str, Sequence[float]]
    parts: Sequence[Part] = ()
    ending: str = ""

    @property
    def iterations(self) -> int:
        """How many there were."""
        return len(self.history.get("TrainingLoss", ()))
