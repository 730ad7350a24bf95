"""What a template is filled in with: the numbers that data decides, or some that stand for them."""

from dataclasses import dataclass
from math import prod
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.declaration import DataSection
from lstmcli.data.default_features import tell_unread
from lstmcli.data.sizes import show_shape
from lstmcli.errors import counted
from lstmcli.spec.properties import properties_of
from lstmcli.survey.figures import Channel, channel_figures
from lstmcli.survey.survey import Survey

SPREAD = 3.0
"""Scales that differ by more than this factor are worth normalizing."""


@dataclass(frozen=True)
class Facts:
    """Data in numbers.

    title : what it is, in a sentence
    words : what the `data:` section says of it, and why where that was guessed
    lengths : time steps of each sequence
    size : channels, or height, width and channels; answers : classes or responses, by name
    scale : what is wrong with the scales of the channels, "" if nothing is
    unread : what is said of columns that are for nothing, "" if there are none
    notes : what may not have been meant so
    known : whether this is data, or stands for some
    """

    title: str
    words: dict[str, Any]
    reasons: dict[str, str]
    lengths: NDArray[np.int64]
    size: tuple[int, ...]
    answers: tuple[str, ...]
    scale: str
    unread: str = ""
    notes: tuple[str, ...] = ()
    known: bool = True

    @property
    def sequences(self) -> int:
        """How many there are."""
        return len(self.lengths)

    @property
    def steps(self) -> int:
        """How many there are in all."""
        return int(self.lengths.sum())

    @property
    def shortest(self) -> int:
        """Time steps of the shortest sequence."""
        return int(self.lengths.min())

    @property
    def longest(self) -> int:
        """Time steps of the longest sequence."""
        return int(self.lengths.max())

    @property
    def differ(self) -> bool:
        """Whether sequences have different lengths."""
        return self.shortest < self.longest

    @property
    def padding(self) -> float:
        """The share of a mini-batch that would be padding, where sequences come in any order."""
        return 1 - self.steps / (self.sequences * self.longest)


def facts_of(found: Survey) -> Facts:
    """The facts of data that was read; its files stay as they were named."""
    sequences, targets = found.sequences, found.targets
    size = sequences.shape or (sequences.values.shape[1],)
    words = {word: value for word, value in said(found.columns).items() if word != "train"}
    channels = channel_figures(sequences) if sequences.words is None else []
    return Facts(
        title=_title(found),
        words={"train": list(found.paths), **words},
        reasons=found.guesses,
        lengths=sequences.lengths,
        size=tuple(size),
        answers=targets.names if targets is not None else sequences.channels or ("",) * prod(size),
        scale=_scale(channels),
        unread=tell_unread(sequences.unread, found.with_unit) if sequences.unread else "",
    )


def said(columns: DataSection) -> dict[str, Any]:
    """The words of the section that are not as they are by themselves."""
    said = {}
    for word, item in properties_of(DataSection).items():
        value = getattr(columns, word)
        if value is not None and value != item.default:
            shown = item.kind.write(value)
            said[word] = shown[0] if isinstance(shown, list) and len(shown) == 1 else shown
    return said


def _title(found: Survey) -> str:
    sequences = found.sequences
    low, high = int(sequences.lengths.min()), int(sequences.lengths.max())
    noun = "word" if sequences.words is not None else "step"
    lengths = f"{low} to {high} {noun}s" if low < high else counted(low, noun)
    parts = [f"{counted(len(sequences), 'sequence')} of {lengths}"]
    if sequences.shape is not None:
        parts.append(show_shape(tuple(sequences.shape)))
    elif sequences.words is None:
        parts.append(counted(sequences.values.shape[1], "channel"))
    if found.targets is not None:
        nouns = ("class", "classes") if found.classification else ("response", "responses")
        parts.append(counted(len(found.targets.names), *nouns))
    return ", ".join(parts)


def _scale(channels: list[Channel]) -> str:
    """Why the channels should be normalized."""
    moving = [channel for channel in channels if not channel.is_constant]
    if not moving:
        return ""
    least, most = min(moving, key=lambda c: c.std), max(moving, key=lambda c: c.std)
    if most.std > SPREAD * least.std:
        return f"scales differ: std of {least.name} is {least.std:.2g}, of {most.name} {most.std:.2g}"
    middle = median(channel.std for channel in moving)
    if not 1 / SPREAD <= middle <= SPREAD:
        return f"small numbers learn best: std is {middle:.2g}"
    far = max(moving, key=lambda c: abs(c.mean) / c.std)
    if abs(far.mean) > SPREAD * far.std:
        return f"numbers around 0 learn best: the mean of {far.name} is {far.mean:.2g}"
    return ""
