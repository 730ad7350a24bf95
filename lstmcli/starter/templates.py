"""The kinds of network that a spec can be begun for, with their layers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lstmcli.starter.choices import hidden_units
from lstmcli.starter.facts import Facts
from lstmcli.starter.names import CONVOLUTION, FORECAST, LABEL, LABELS, ONE, SEVERAL, TEXT, VIDEO
from lstmcli.starter.rows import Row, layer

Layers = Callable[[Facts], Iterator[Row]]


@dataclass(frozen=True)
class Template:
    """A kind of network.

    layers : its layers, for data
    classification : whether it answers with classes; None where the features themselves are forecast
    per_step : whether it answers at each step; masks : whether padding must not reach its answer
    takes : channels, words or images; rate : the learning rate to begin with
    """

    name: str
    layers: Layers
    classification: bool | None = True
    per_step: bool = False
    masks: bool = False
    takes: str = "channels"
    rate: float = 0.001

    def has_use_for(self, word: str) -> bool:
        """Whether a word of the `data:` section can say something of its data."""
        match word:
            case "labels":
                return self.classification is True
            case "responses":
                return self.classification is not True
            case "words" | "tokenize":
                return self.takes == "words"
            case "features" | "horizon":
                return self.takes != "words"
        return True


def _input(facts: Facts, **more: Any) -> Iterator[Row]:
    """The input layer, as far as data decides on it."""
    size: Any = list(facts.size) if len(facts.size) > 1 else facts.size[0]
    why = "" if facts.known else "the number of channels of your data"
    if len(facts.size) > 1:
        why = "height, width and channels of an image"
    if not facts.scale and not more:
        yield layer("sequenceInput", size, why)
        return
    properties = {"InputSize": size, **({"Normalization": "zscore"} if facts.scale else {}), **more}
    yield layer("sequenceInput", properties, "; ".join(filter(None, (why, facts.scale))))


def _columns(facts: Facts) -> Iterator[Row]:
    """The input layer for layers that take vectors."""
    yield from _input(facts)
    if len(facts.size) > 1:
        yield layer("flatten", None, "the numbers of an image as one column")


def _recurrent(facts: Facts, mode: str) -> Iterator[Row]:
    why = "more units learn more, and overfit sooner"
    if mode == "last":
        why = "one answer a sequence; bilstm reads it from both ends"
    yield layer("lstm", {"NumHiddenUnits": hidden_units(facts), "OutputMode": mode}, why)


def _classes(facts: Facts) -> Iterator[Row]:
    names = ", ".join(facts.answers[:6]) + (", ..." if len(facts.answers) > 6 else "")
    yield layer(
        "fullyConnected",
        len(facts.answers),
        f"the classes: {names}" if facts.known else "the number of classes",
    )
    yield layer("softmax")
    yield layer("classification")


def _responses(facts: Facts) -> Iterator[Row]:
    names = ", ".join(filter(None, facts.answers[:6])) + (", ..." if len(facts.answers) > 6 else "")
    why = f"the responses: {names}" if facts.known and names else "the number of responses"
    yield layer("fullyConnected", len(facts.answers), why)
    yield layer("regression")


def _lstm(mode: str, ends: Layers) -> Layers:
    def layers(facts: Facts) -> Iterator[Row]:
        yield from _columns(facts)
        yield from _recurrent(facts, mode)
        yield from ends(facts)

    return layers


def _text(facts: Facts) -> Iterator[Row]:
    yield layer("sequenceInput", 1, "the number of a word")
    yield layer("wordEmbedding", 50, "words become vectors of 50 numbers, which are learnt")
    yield layer("lstm", {"NumHiddenUnits": 80, "OutputMode": "last"}, "reads the words in their order")
    yield from _classes(facts)


def _video(facts: Facts) -> Iterator[Row]:
    side = min(5, *facts.size[:2])
    yield from _input(facts, Name="input")
    yield layer("sequenceFolding", {"Name": "fold"}, "from here on each image stands for itself")
    yield layer("convolution2d", {"FilterSize": side, "NumFilters": 20}, "finds edges and corners")
    yield layer("batchNormalization")
    yield layer("relu")
    yield layer("sequenceUnfolding", {"Name": "unfold"}, "images are a sequence again")
    yield layer("flatten")
    yield layer("lstm", {"NumHiddenUnits": 100, "OutputMode": "last"}, "sees the motion")
    yield from _classes(facts)


def _convolution(facts: Facts) -> Iterator[Row]:
    yield from _columns(facts)
    for filters in (32, 64):
        why = "step t sees t-2, t-1 and t" if filters == 32 else "and this one t-4 to t"
        yield layer("convolution1d", {"FilterSize": 3, "NumFilters": filters, "Padding": "causal"}, why)
        yield layer("relu")
        yield layer("layerNormalization")
    yield layer("globalAveragePooling1d", None, "over all steps: one vector a sequence")
    yield from _classes(facts)


_ALL = (
    Template(LABEL, _lstm("last", _classes)),
    Template(LABELS, _lstm("sequence", _classes), per_step=True),
    Template(ONE, _lstm("last", _responses), classification=False),
    Template(SEVERAL, _lstm("sequence", _responses), classification=False, per_step=True),
    Template(FORECAST, _lstm("sequence", _responses), classification=None, per_step=True, rate=0.005),
    Template(TEXT, _text, masks=True, takes="words", rate=0.01),
    Template(VIDEO, _video, takes="images"),
    Template(CONVOLUTION, _convolution, masks=True, rate=0.01),
)
TEMPLATES = {template.name: template for template in _ALL}
