"""Options and words of data that suit what the data is, each with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.errors import counted
from lstmcli.starter.facts import Facts
from lstmcli.starter.rows import Row, comment, entry

ITERATIONS = 1000
"""Of a training run, about so many."""
HELD_OUT = 0.2
LONGEST_WINDOW, MOST_WINDOWS = 50, 2000
LEAST_TO_SPLIT = 5
"""Sequences of which a part can be held out; a single series is split from five times a window on."""


@dataclass(frozen=True)
class Cut:
    """How series are cut into sequences, and how many of these are left to train on.

    exact : whether that is their number, or about so many, as chance says which sequences are left
    validates : whether a part is held out that nobody has asked for
    """

    window: int | None
    stride: int
    count: int
    exact: bool
    validates: bool


def cut_of(facts: Facts, horizon: int | None) -> Cut:
    """Windows where there is one long series, or where steps ahead are to be answered.

    horizon : the steps ahead, if a template forecasts
    """
    window, ahead = facts.words.get("window"), facts.words.get("horizon", horizon) or 0
    single, shares = facts.sequences == 1, _shares(facts.words)
    if window is None and (single or horizon):
        parts = [facts.longest // LEAST_TO_SPLIT, *(round(share * facts.longest) for share in shares)]
        room = min(parts) - ahead if single else facts.shortest // 2
        window = min(LONGEST_WINDOW, room) if room >= 2 else None
    fits = window is not None and round(HELD_OUT * facts.longest) >= window + ahead
    splits = fits if single else facts.sequences >= LEAST_TO_SPLIT
    validates = splits and "validation" not in facts.words
    shares += [HELD_OUT] if validates else []
    stride = 1
    if window is not None:
        stride = facts.words.get("stride", max(1, min(window, facts.steps // MOST_WINDOWS)))
    if single and (window or ahead):
        steps = facts.lengths - sum(round(share * facts.longest) for share in shares)
        return Cut(window, stride, int(_pieces(steps, window, stride, ahead)[0]), True, validates)
    pieces, left = _pieces(facts.lengths, window, stride, ahead), facts.sequences
    for k, share in enumerate(shares):
        left -= round(share / (1 - sum(shares[:k])) * left)
    count = max(1, round(int(pieces.sum()) * left / facts.sequences))
    exact = left == facts.sequences or bool((pieces == pieces[0]).all())
    return Cut(window, stride, count, exact, validates)


def _shares(words: Mapping[str, Any]) -> list[float]:
    """What is asked to be held out as a share of the data, in the order in which it is."""
    return [words[part] for part in ("test", "validation") if isinstance(words.get(part), float)]


def _pieces(lengths: NDArray[np.int64], window: int | None, stride: int, ahead: int) -> NDArray[np.int64]:
    """How many sequences each series is cut into."""
    if window is None:
        return np.ones_like(lengths)
    return np.maximum(1, (lengths - window - ahead) // stride + 1)


def batch_of(cut: Cut) -> int:
    """About ten mini-batches an epoch."""
    return min(128, max(1, round(cut.count / 10)))


def epochs_of(cut: Cut) -> int:
    """So many that there are iterations enough to learn."""
    epochs = ITERATIONS / max(1, cut.count // batch_of(cut))
    return min(100, max(5, 5 * round(epochs / 5)))


def hidden_units(facts: Facts) -> int:
    """More where there is more to learn from."""
    return 50 if facts.steps < 1000 else 100 if facts.steps < 100_000 else 200


def options(facts: Facts, cut: Cut, last: bool, masks: bool, rate: float, responses: bool) -> Iterator[Row]:
    """The rows under `options:`.

    last : the network answers once a sequence; masks : its answer must not depend on padding
    responses : it answers with numbers
    """
    batch, known = batch_of(cut), facts.known
    what = "window" if cut.window else "sequence"
    yield entry("solver", "adam")
    yield entry("MaxEpochs", epochs_of(cut), "passes over the training data; more if the loss still falls")
    many = f"{'' if cut.exact else 'about '}{counted(cut.count, what)}"
    reason = f"of {many}: {counted(max(1, cut.count // batch), 'iteration')} an epoch"
    yield entry("MiniBatchSize", batch, reason if known else "a tenth of your sequences, up to 128")
    yield entry("InitialLearnRate", rate, "less if the loss jumps, more if it hardly falls")
    yield entry("GradientThreshold", 1, "no single mini-batch undoes what is learnt")
    sorts = facts.words.get("sort") == "length"
    reason = "keeps sequences of like lengths together" if sorts else "other mini-batches in each epoch"
    yield entry("Shuffle", "never" if sorts else "every-epoch", reason)
    if (facts.differ or not known) and cut.window is None:
        if masks:
            yield entry("MaskPadding", True, "padding is not looked at: lengths differ")
        elif last:
            yield entry("SequencePaddingDirection", "left", "the last step is data then, not padding")
    if responses:
        yield entry("ResponseNormalization", "zscore", "learnt on one scale, answered on their own")
    if cut.validates or "validation" in facts.words:
        yield entry("ValidationFrequency", max(1, cut.count // batch), "iterations: once an epoch")


def data(facts: Facts, cut: Cut, horizon: int | None) -> Iterator[Row]:
    """The rows under `data:`."""
    words, reasons = dict(facts.words), facts.reasons
    train = words.pop("train")
    reason = "comes through a pipe: `cat train.csv | lstmcli train ...`" if "-" in train else ""
    yield entry("train", train[0] if len(train) == 1 else train, reasons.get("train", reason))
    if "validation" in words:
        yield entry("validation", words.pop("validation"))
    elif cut.validates:
        what = "the end of the series" if facts.sequences == 1 else "a fifth of the sequences"
        yield entry("validation", HELD_OUT, f"{what} chooses the best network")
    else:
        yield Row("# validation: validation.csv", "too little here to hold a part of it out")
    for word, value in words.items():
        if word not in ("window", "stride", "horizon"):
            reason = reasons.get(word, "")
            yield entry(word, value, reason if not facts.known or not reason else f"guessed: {reason}")
    for text in (facts.unread, *facts.notes):
        yield from map(Row, comment(text))
    if cut.window is not None:
        reason = (
            "steps of a training sequence, cut from the series"
            if facts.known
            else "steps of a training sequence"
        )
        yield entry("window", cut.window, reason)
        if cut.stride > 1:
            yield entry("stride", cut.stride, "steps from window to window")
    if horizon is not None or "horizon" in words:
        yield entry("horizon", words.get("horizon", horizon), "steps ahead that are answered")


def sorted_by_length(facts: Facts) -> Facts:
    """The facts with `sort: length` where padding would be most of a mini-batch."""
    if "sort" in facts.words or facts.padding <= 0.5:
        return facts
    reason = f"else {facts.padding:.0%} of a mini-batch would be padding"
    words, reasons = {**facts.words, "sort": "length"}, {**facts.reasons, "sort": reason}
    return replace(facts, words=words, reasons=reasons)
