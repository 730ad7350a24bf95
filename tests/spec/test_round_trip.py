"""A spec written out and read again is the same spec."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layers.examples import REQUIRED

from lstmcli.data.declaration import DataSection
from lstmcli.layer_array import name_automatically
from lstmcli.layer_graph import LayerGraph
from lstmcli.layers import LAYERS
from lstmcli.layers.layer import Layer
from lstmcli.options import SOLVER_DEFAULTS, TrainingOptions
from lstmcli.spec.kinds import FileValues, ListValues, PythonFunction, array
from lstmcli.spec.properties import Property, properties_of, shown_properties
from lstmcli.spec_file import Spec, read_spec

SPECS = sorted((Path(__file__).parents[2] / "layer_specs").glob("*.yaml"))

texts = st.text() | st.sampled_from(
    [
        "on",
        "no",
        "007",
        "1e-3",
        "1_0",
        "~",
        "null",
        "nULL",
        "Inf",
        "NaN",
        "-",
        "a: b",
        "a #b",
        "[",
        "*a",
        "!x",
    ]
)
names = st.text(min_size=1).filter(
    lambda name: name.isprintable() and name == name.strip() and "/" not in name and set(name) != {"."}
)
integers = st.integers(1, 2**53)
sizes = st.integers(0, 2**53)
pairs = st.tuples(integers, integers)
numbers = st.floats(allow_nan=False, allow_infinity=False)
nonnegative = st.floats(0, allow_infinity=False)
positive = st.floats(0, exclude_min=True, allow_infinity=False)
fractions = st.floats(0, 1)
below_one = st.floats(0, 1, exclude_max=True)
inside = st.floats(0, 0.5, exclude_min=True, exclude_max=True)
lists = st.lists(texts, min_size=1).map(tuple)
functions = st.builds(PythonFunction, st.just("my.module"), st.sampled_from(["draw", "zeros"]))
BY_WORDING = {
    "an integer of at least 0": sizes,
    "a positive integer": integers,
    "an integer of at least 2": st.integers(2, 100),
    "a positive integer or Inf": st.integers(1, 10**9).map(float) | st.just(float("inf")),
    "a number": numbers,
    "a number of at least 0": nonnegative,
    "a positive number": positive,
    "a positive number or Inf": positive | st.just(float("inf")),
    "a number from 0 to 1": fractions,
    "a number of at least 0 and below 1": below_one,
    "true or false": st.booleans(),
    "a text": texts,
    "`none` or a text": texts | st.just("none"),
    "a name without `/`": names,
    "`auto` or a positive integer": integers | st.just("auto"),
    "`longest` or `shortest` or a positive integer": integers | st.sampled_from(["longest", "shortest"]),
    "`auto` or a list of class names": lists | st.just("auto"),
    "`auto` or a list of names": lists | st.just("auto"),
    "`none` or a list of positive numbers": st.just("none"),
    "a positive integer, or a list of height, width and channels": integers.map(lambda size: (size,))
    | st.tuples(integers, integers, integers),
    "a positive integer, or a list of height and width": pairs,
    "an integer of at least 0, a list of two, `same` or `causal`": st.tuples(sizes, sizes)
    | st.sampled_from(["same", "causal"]),
    "an integer of at least 0, a list of two or `same`": st.tuples(sizes, sizes) | st.just("same"),
    "an integer of at least 0, a list of two or four or `same`": st.tuples(sizes, sizes, sizes, sizes)
    | st.just("same"),
    "`mean` or 0": st.sampled_from([0, "mean"]),
    "a number, `replicate`, `symmetric-include-edge` or `symmetric-exclude-edge`": numbers
    | st.sampled_from(["replicate", "symmetric-include-edge", "symmetric-exclude-edge"]),
    "a list of layers, or of `layer/port`": st.none() | lists,
    "a file, a folder, or a list of files": lists,
    "a column, or a list of columns": st.lists(texts, min_size=1, unique=True).map(tuple),
}
"""Values of a kind, found by what messages call it; words and files below."""


def values(item: Property, gates: int) -> st.SearchStrategy[Any]:
    wording = item.kind.wording
    if wording in BY_WORDING:
        return BY_WORDING[wording]
    if "each gate" in wording:
        return nonnegative | st.lists(nonnegative, min_size=gates, max_size=gates).map(tuple)
    if "fraction of the training" in wording:
        return lists | inside
    if "list of rows" in wording:
        return st.none()
    words = st.sampled_from(wording.replace(" or ", ", ").replace("`", "").split(", "))
    return words.map(lambda word: word if ":" not in word else PythonFunction("my.module", "draw"))


@st.composite
def instances(draw: st.DrawFn, declaring: type) -> Any:
    """An object with some of its properties drawn, the others at their defaults."""
    drawn = {}
    gates = getattr(declaring, "gates", 1) * getattr(declaring, "directions", 1)
    for item in properties_of(declaring).values():
        if item.required or draw(st.booleans()):
            drawn[item.name] = draw(values(item, gates))
    return declaring(**drawn)


@st.composite
def layer_lists(draw: st.DrawFn) -> list[Layer]:
    chosen = draw(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=5))
    layers = [draw(instances(layer)) for layer in chosen]
    seen: set[str] = set()
    for k, layer in enumerate(layers):
        if getattr(layer, "classes", "auto") != "auto":
            layers[k] = replace(layer, classes=tuple(dict.fromkeys(layer.classes)))
        if hasattr(layer, "num_heads") and any(layer.check()):
            layers[k] = replace(layer, num_heads=1)
        if hasattr(layer, "pool_size") and any(layer.check()):
            layers[k] = replace(layer, padding="same")
        if layer.name in seen:
            layers[k] = replace(layers[k], name="")
        seen.add(layer.name)
    return name_automatically(layers)


@st.composite
def options(draw: st.DrawFn) -> TrainingOptions:
    drawn = draw(instances(TrainingOptions))
    own = SOLVER_DEFAULTS[drawn.solver]
    for name in {name for defaults in SOLVER_DEFAULTS.values() for name in defaults}:
        value = getattr(drawn, name)
        drawn = replace(drawn, **{name: own[name] if name in own and value is None else value})
        if name not in own:
            drawn = replace(drawn, **{name: None})
    return drawn


@st.composite
def data_sections(draw: st.DrawFn) -> DataSection:
    drawn = draw(instances(DataSection))
    drawn = replace(drawn, features=None) if drawn.words is not None else drawn
    return replace(drawn, labels=None) if draw(st.booleans()) else replace(drawn, responses=None)


@settings(max_examples=50)
@given(layer_lists(), options(), data_sections(), st.integers(0, 2**53))
def test_text_reads_back_the_same(
    layers: list[Layer], options: TrainingOptions, data: DataSection, seed: int
) -> None:
    spec = Spec(LayerGraph(()), options, data, seed, Path())
    text = spec.text(layers)
    read = read_spec(text, "spec.yaml", Path())
    assert [entry.layer for entry in read.layers.entries] == layers
    assert (read.options, read.data, read.seed) == (options, data, seed)
    assert read.text(layers) == text


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_shipped_specs_read_back_the_same(path: Path) -> None:
    spec = read_spec(path.read_text(encoding="utf-8"), path.name, path.parent)
    layers = [entry.layer for entry in spec.layers.entries]
    again = read_spec(spec.text(layers), path.name, path.parent)
    assert [entry.layer for entry in again.layers.entries] == layers
    assert (again.options, again.data, again.seed) == (spec.options, spec.data, spec.seed)


def test_every_default_is_written() -> None:
    items = ", ".join(f"{layer.word}: {{{', '.join(REQUIRED[layer])}}}" for layer in LAYERS)
    spec = read_spec(f"layers: [{items}]", "spec.yaml", Path())
    layers = [entry.layer for entry in spec.layers.entries]
    assert [type(layer) for layer in layers] == list(LAYERS)
    for layer in layers:
        text = spec.text([layer])
        for word, item in properties_of(type(layer)).items():
            assert (f"{word}: " in text) == (array.wording not in item.kind.wording and word != "inputs")
    text = spec.text(layers)
    for word, value in shown_properties(spec.options).items():
        assert f"{word}: {str(value).lower() if isinstance(value, bool) else ''}" in text
    assert "Epsilon: 1e-08\n" in text
    assert "GradientThreshold: Inf\n" in text
    assert "!!" not in text


def test_values_that_live_in_the_model_file_are_not_written() -> None:
    item = "- fullyConnected: {OutputSize: 2, Weights: w.npy, Bias: [1, 2]}"
    (entry,) = read_spec(f"layers:\n  {item}", "spec.yaml", Path()).layers.entries
    assert (entry.layer.weights, entry.layer.bias) == (FileValues("w.npy", None), ListValues((1.0, 2.0)))
    text = Spec(LayerGraph(()), TrainingOptions(), DataSection(), 0, Path()).text([entry.layer])
    assert "Bias:" not in text
    assert "Weights:" not in text
