"""A whole spec: layers, options, data and seed, with flags laid over it; and the text kept in the model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstmcli.data.declaration import DataSection, read_data_section
from lstmcli.errors import Fault, Mark, SpecError, did_you_mean
from lstmcli.layer_array import read_layer_array, shown_layers
from lstmcli.layer_graph import LayerGraph, read_connections
from lstmcli.layers.layer import Layer
from lstmcli.options import TrainingOptions, read_options
from lstmcli.spec.command_line import Flags, flag_nodes
from lstmcli.spec.kind import RefusedError
from lstmcli.spec.kinds import PythonFunction, nonnegative_integer
from lstmcli.spec.nodes import Form, Node
from lstmcli.spec.properties import shown_properties
from lstmcli.spec.reader import read_tree
from lstmcli.spec.writer import write_yaml

Overlay = Mapping[str, tuple[Node, Node]]
"""Words with their keys and values, as flags or other programs give them."""
SECTIONS = ("layers", "connections", "options", "data", "seed")


@dataclass(frozen=True)
class Spec:
    """What a spec says. `folder` is what its relative paths start from.

    vocabulary : the words of the training data, once they are known
    """

    layers: LayerGraph
    options: TrainingOptions
    data: DataSection
    seed: int
    folder: Path
    vocabulary: tuple[str, ...] = ()

    def paths(self, files: Sequence[str]) -> list[str]:
        """Files as named in the spec, relative to the spec."""
        return [file if file == "-" else str(self.folder / file) for file in files]

    @property
    def data_files(self) -> list[str]:
        """The files and folders of all its data, but for stdin."""
        named = (self.data.train, self.data.validation, self.data.test)
        return [
            file for files in named if isinstance(files, tuple) for file in self.paths(files) if file != "-"
        ]

    @property
    def checkpoint_folder(self) -> Path | None:
        """Where checkpoints go, if any are wanted."""
        path = self.options.checkpoint_path
        return None if path is None else self.folder / path

    def text(self, layers: Iterable[Layer]) -> str:
        """The spec as YAML with every default filled in, for these layers in its order."""
        connections = [[end.source, end.destination] for end in self.layers.connections]
        return write_yaml(
            {
                "layers": shown_layers(layers),
                **({"connections": connections} if connections else {}),
                "options": shown_properties(self.options),
                "data": shown_properties(self.data),
                "seed": self.seed,
            }
        )


def read_spec(
    text: str,
    file: str,
    folder: Path,
    option_flags: Flags | None = None,
    data_flags: Flags | None = None,
    seed: str | None = None,
) -> Spec:
    """Read and check a spec; flags win over what stands in it. Raises as `read_overlaid_spec` does."""
    given = flag_nodes(option_flags or {}, data_flags or {}, {} if seed is None else {"seed": [seed]})
    return read_overlaid_spec(text, file, folder, *given)


def read_overlaid_spec(
    text: str, file: str, folder: Path, over_options: Overlay, over_data: Overlay, over_all: Overlay
) -> Spec:
    """Read and check a spec; what lies over its options, its data and its seed wins over what stands in it.

    Raises SpecError with every fault found, in the order of the text and then of what lies over it.
    """
    faults: list[Fault] = []
    tree = read_tree(text, file, faults)
    if tree.form is not Form.MAPPING:
        fault = Fault("a spec is a mapping with `layers`, `options`, `data`", tree.mark)
        raise SpecError([*faults, fault])
    for key, _ in tree.pairs:
        if key.text not in SECTIONS:
            help = did_you_mean(key.text, SECTIONS) or f"a spec has {', '.join(SECTIONS)}"
            faults.append(Fault(f"`{key.text}` is not a part of a spec", key.mark, help))
    layers = read_layer_array(tree.get("layers"), tree.mark, faults)
    connections = read_connections(tree.get("connections"), faults)
    options = read_options(_section(tree, "options", over_options, faults), tree.mark, faults)
    data = read_data_section(_section(tree, "data", over_data, faults), tree.mark, faults)
    number = over_all["seed"][1] if "seed" in over_all else tree.get("seed")
    drawn_from = 0 if number is None else _read_seed(number, faults)
    if faults:
        raise SpecError(sorted(faults, key=lambda fault: _position(fault, file)))
    return Spec(LayerGraph(layers, connections), options, data, drawn_from, folder)


def python_functions(spec: Spec) -> list[tuple[PythonFunction, Mark]]:
    """Every `python:` initializer, with its place."""
    return [
        (value, entry.marks[name])
        for entry in spec.layers.entries
        for name, value in vars(entry.layer).items()
        if isinstance(value, PythonFunction)
    ]


def refuse_python(spec: Spec) -> None:
    """Raise SpecError at every `python:` initializer, for a run without `--allow-python`."""
    faults = [
        Fault(f"`{function}` would run Python code", mark, "allow it with --allow-python")
        for function, mark in python_functions(spec)
    ]
    if faults:
        raise SpecError(faults)


def _section(tree: Node, name: str, over: Overlay, faults: list[Fault]) -> list[tuple[Node, Node]]:
    """The pairs of a section, those that lie over it in their place."""
    node = tree.get(name)
    pairs: list[tuple[Node, Node]] = []
    if node is not None and node.form is Form.MAPPING:
        pairs = list(node.pairs)
    elif node is not None and not node.empty:
        faults.append(Fault(f"`{name}` must be a mapping of names to values", node.mark))
    given = {word.lower() for word in over}
    return [*(pair for pair in pairs if pair[0].text.lower() not in given), *over.values()]


def _read_seed(node: Node, faults: list[Fault]) -> int:
    try:
        return int(nonnegative_integer.read(node))
    except RefusedError as refused:
        message = f"`seed` must be {nonnegative_integer.wording}, got {node.show()}"
        faults.append(Fault(message, node.mark, refused.help))
        return 0


def _position(fault: Fault, file: str) -> tuple[bool, int, int]:
    """Sorts by place in the text; the command line comes last."""
    mark = fault.where
    assert isinstance(mark, Mark)
    return mark.file != file, mark.line, mark.column
