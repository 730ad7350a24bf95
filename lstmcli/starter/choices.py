"""Options and words of data that suit what the data is, each with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lstmcli.errors import counted
from lstmcli.starter.facts import Facts
from lstmcli.starter.rows import Row, entry

ITERATIONS = 1000
"""Of a training run, about so many."""
HELD_OUT = 0.2
LONGEST_WINDOW, MOST_WINDOWS = 50, 2000
LEAST_TO_SPLIT = 5
"""Sequences of which a part can be held out; a single series is split from five times a window on."""


@dataclass(frozen=True)
class Cut:
    """How series are cut into sequences, and how many of these are left to train on."""

    window: int | None
    stride: int
    count: int
    validates: bool


def cut_of(facts: Facts, horizon: int | None) -> Cut:
    """Windows where there is one long series, or where steps ahead are to be answered.

    horizon : the steps ahead, if a template forecasts
    """
    window, ahead = facts.words.get("window"), facts.words.get("horizon", horizon) or 0
    single = facts.sequences == 1
    if window is None and (single or horizon):
        room = facts.longest // LEAST_TO_SPLIT - ahead if single else facts.shortest // 2
        window = min(LONGEST_WINDOW, room) if room >= 2 else None
    split = facts.sequences >= LEAST_TO_SPLIT or (single and window is not None)
    fits = window is not None and round(HELD_OUT * facts.longest) >= window + ahead
    validates = split and (fits or not single)
    share = 1 - HELD_OUT if validates else 1.0
    if window is None:
        return Cut(None, 1, max(1, round(share * facts.sequences)), validates)
    stride = facts.words.get("stride", max(1, min(window, facts.steps // MOST_WINDOWS)))
    series = 1 if single else facts.sequences * share
    left = facts.steps * share - series * (window + ahead)
    return Cut(window, stride, max(1, int(left // stride + series)), validates)


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
    reason = f"of {counted(cut.count, what)}: {counted(max(1, cut.count // batch), 'iteration')} an epoch"
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
    if cut.validates and "validation" not in facts.words:
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
