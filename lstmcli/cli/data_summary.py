"""What was read, a line for each set of data: a wrong column is seen before hours of training."""

from lstmcli.errors import counted
from lstmcli.graph import Graph
from lstmcli.graph_building import show_size
from lstmcli.records import Data
from lstmcli.spec_data import SpecData


def data_summary(data: SpecData, graph: Graph) -> list[str]:
    """Lines such as `training data: 270 sequences of 7 to 26 steps, 12 channels, 9 classes`."""
    sets = {"training": data.train, "validation": data.validation, "test": data.test}
    return [f"{name} data: {_described(part, graph)}" for name, part in sets.items() if part is not None]


def _described(data: Data, graph: Graph) -> str:
    sequences, targets = data
    low, high = int(sequences.lengths.min()), int(sequences.lengths.max())
    steps = f"{low} to {high} steps" if low < high else counted(low, "step")
    channels = counted(graph.columns, "channel")
    if len(graph.inputs) == 1:
        channels = show_size(graph.inputs[0].size_out)
    if sequences.words is not None:
        channels = counted(len(sequences.words), "word")
    kind = ("class", "classes") if targets.values.dtype.kind == "i" else ("response", "responses")
    return (
        f"{counted(len(sequences), 'sequence')} of {steps}, {channels}, {counted(len(targets.names), *kind)}"
    )
