"""Python's values as a spec has them: what YAML would say."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lstmcli.errors import Fault, SpecError, did_you_mean
from lstmcli.options import PREDICTION_OPTIONS, TrainingOptions, read_options
from lstmcli.spec.properties import shown_properties
from lstmcli.spec.reader import read_tree
from lstmcli.spec.writer import write_yaml
from lstmcli.spec_file import Overlay, Spec, read_overlaid_spec

Layers = str | Path | list[Any] | Mapping[str, Any]
"""A spec: a file (a Path, or a text that ends in .yaml or .yml), YAML text, or what YAML would give; all of a
spec, or the list of its layers alone.
"""


def spec_of(layers: Layers, options: Mapping[str, Any], seed: int | None) -> Spec:
    """The spec, with options and the seed laid over its own. Raises SpecError."""
    text, file, folder = _text(layers)
    over = (
        overlay(options, "options"),
        overlay({}, "data"),
        overlay({} if seed is None else {"seed": seed}, "seed"),
    )
    return read_overlaid_spec(text, file, folder, *over)


def changed(options: TrainingOptions, given: Mapping[str, Any]) -> TrainingOptions:
    """The options with others in their place, of those that say how a network runs. Raises SpecError."""
    if not given:
        return options
    known = [word.lower() for word in PREDICTION_OPTIONS]
    listed = f"those that do are {', '.join(PREDICTION_OPTIONS)}"
    faults = [
        Fault(
            f"`{word}` says nothing of how a network runs",
            None,
            did_you_mean(word, PREDICTION_OPTIONS) or listed,
        )
        for word in given
        if word.lower() not in known
    ]
    if faults:
        raise SpecError(faults)
    pairs = overlay(given, "options")
    kept = overlay(
        {word: value for word, value in shown_properties(options).items() if value is not None}, "options"
    )
    lower = {word.lower() for word in pairs}
    mark = next(iter(pairs.values()))[0].mark
    own = [pair for word, pair in kept.items() if word.lower() not in lower]
    found = read_options([*own, *pairs.values()], mark, faults)
    if faults:
        raise SpecError(faults)
    return found


def overlay(values: Mapping[str, Any], file: str) -> Overlay:
    """Words with nodes for their values; file : what messages call the place. Raises SpecError."""
    if not values:
        return {}
    faults: list[Fault] = []
    tree = read_tree(write_yaml(plain(values)), file, faults)
    if faults:
        raise SpecError(faults)
    return {key.text: (key, value) for key, value in tree.pairs}


def plain(value: Any) -> Any:
    """Arrays as nested lists, NumPy's numbers as Python's; raises SpecError for what no spec can have."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    help = "a spec has numbers, texts, true and false, lists and mappings of them, and arrays"
    raise SpecError(Fault(f"`{value!r}` has no place in a spec", None, help))


def _text(layers: Layers) -> tuple[str, str, Path]:
    """YAML text, the name for messages, and the folder that relative files start from."""
    if isinstance(layers, Path) or (isinstance(layers, str) and layers.endswith((".yaml", ".yml"))):
        path = Path(layers)
        try:
            return path.read_text(encoding="utf-8"), str(path), path.parent
        except OSError as error:
            raise SpecError(Fault(f"`{path}` cannot be read: {error.strerror}")) from None
        except UnicodeDecodeError:
            raise SpecError(Fault(f"`{path}` is not a text in UTF-8")) from None
    if not isinstance(layers, str):
        values = plain(layers)
        return write_yaml(values if isinstance(values, dict) else {"layers": values}), "layers", Path()
    is_list = layers.lstrip().startswith(("-", "["))
    if is_list:
        layers = "layers:\n" + "".join(f"  {line}\n" for line in layers.splitlines())
    return layers, "layers", Path()
