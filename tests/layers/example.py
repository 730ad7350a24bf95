"""A layer in one configuration, with what goes into it and a network around it."""

from dataclasses import dataclass

from lstmcli.records import Size, Steps

VECTORS = Size(4, Steps())
IMAGES = Size(2, Steps(), (5, 4))
"""5 high, 4 wide, 2 channels."""
FRAMES = Size(2, Steps(), (5, 4), folded=True)
ONCE = Size(4, None)
"""Vectors without a time axis."""
COUNT = Size(0, Steps())
"""The mini-batch size that a folding gives."""

_HEADS = {
    VECTORS: "sequenceInput: 4",
    IMAGES: "sequenceInput: [5, 4, 2]",
    FRAMES: "sequenceInput: [5, 4, 2], sequenceFolding: {Name: fold}",
    ONCE: "sequenceInput: 4, lstm: {NumHiddenUnits: 4, OutputMode: last}",
}


@dataclass(frozen=True)
class Example:
    """The layer as an item of a list of layers, and the sizes at its inputs.

    once : the layer has no output for each step
    network : the layers around it, `{}` in its place; None for a chain that suits the sizes: input,
        layer, one step of a sequence, regression
    """

    text: str
    sizes: tuple[Size, ...] = (VECTORS,)
    once: bool = False
    network: str | None = None

    @property
    def layers(self) -> str:
        """The network, as it stands between the brackets of a YAML list."""
        if self.network is not None:
            return self.network.replace("{}", self.text)
        (size,) = self.sizes
        chain = [_HEADS[size], self.text, "fullyConnected: {OutputSize: 3, Name: after}"]
        if size.folded:
            chain.append("sequenceUnfolding: {inputs: [after, fold/miniBatchSize]}")
        if size.steps is not None and not self.once:
            chain.append("lstm: {NumHiddenUnits: 2, OutputMode: last}")
        return ", ".join([*chain, "fullyConnected: 2, regression"])
