"""Whole specs: flags laid over them, paths, Python code, and texts that nobody would write."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.data.declaration import DataSection
from lstmcli.errors import SpecError
from lstmcli.graph_building import build_graph
from lstmcli.layers import LAYERS
from lstmcli.options import TrainingOptions
from lstmcli.spec.properties import properties_of
from lstmcli.spec_file import SECTIONS, Spec, read_spec, refuse_python

NET = """layers:
  - sequenceInput: 3
  - lstm: {NumHiddenUnits: 4, OutputMode: last}
  - fullyConnected: 2
  - softmax
  - classification
"""
WORDS = sorted(
    {word for declaring in (*LAYERS, TrainingOptions, DataSection) for word in properties_of(declaring)}
    | {layer.word for layer in LAYERS}
    | {*SECTIONS, "last", "auto", "sgdm", "zscore", "python:a:b", "w.csv", "w.h5:/a", "lstn", "MaxEpoch"}
)


def read(text: str, **given: Any) -> Spec:
    return read_spec(text, "spec.yaml", Path("folder"), **given)


def fault(text: str, **given: Any) -> str:
    with pytest.raises(SpecError) as raised:
        read(text, **given)
    return str(raised.value)


def test_defaults_of_an_empty_rest() -> None:
    spec = read(f"{NET}options:\ndata: ~\n")
    assert spec == read(NET)
    assert (spec.options.solver, spec.options.epsilon, spec.seed) == ("adam", 1e-8, 0)
    assert spec.data == DataSection()


@pytest.mark.parametrize(
    ("solver", "own"),
    [
        ("sgdm", (0.01, 0.9, None, None, None)),
        ("rmsprop", (0.001, None, None, 0.9, 1e-8)),
        ("adam", (0.001, None, 0.9, 0.999, 1e-8)),
    ],
)
def test_solvers_have_their_own_defaults(solver: str, own: tuple[float | None, ...]) -> None:
    options = read(f"{NET}options: {{solver: {solver}}}").options
    names = ("initial_learn_rate", "momentum", "gradient_decay_factor", "squared_gradient_decay_factor")
    assert tuple(getattr(options, name) for name in (*names, "epsilon")) == own


def test_piecewise_learning_rate() -> None:
    options = read(f"{NET}options: {{LearnRateSchedule: piecewise, LearnRateDropPeriod: 2}}").options
    assert [options.learn_rate(epoch) for epoch in range(1, 6)] == [
        0.001,
        0.001,
        0.001 * 0.1,
        0.001 * 0.1,
        0.001 * 0.1**2,
    ]


def test_flags_win() -> None:
    text = f"{NET}options: {{MaxEpochs: 3, MiniBatchSize: 5}}\ndata: {{train: a.csv, labels: x}}\nseed: 4\n"
    spec = read(text, option_flags={"maxepochs": ["7"]}, data_flags={"train": ["b.csv", "c.csv"]}, seed="6")
    assert (spec.options.max_epochs, spec.options.mini_batch_size) == (7, 5)
    assert (spec.data.train, spec.data.labels, spec.seed) == (("b.csv", "c.csv"), "x", 6)


def test_flags_replace_faulty_values() -> None:
    text = f"{NET}options: {{MaxEpochs: many}}\nseed: x\n"
    assert read(text, option_flags={"MaxEpochs": ["7"]}, seed="1").options.max_epochs == 7


def test_last_of_several_solvers_own_flags() -> None:
    options = read(NET, option_flags={"solver": ["sgdm"], "Momentum": ["0.5"]}).options
    assert (options.solver, options.momentum, options.epsilon) == ("sgdm", 0.5, None)


def test_fault_in_a_flag_shows_the_command_line() -> None:
    assert fault(NET, option_flags={"MaxEpochs": ["many"]}) == (
        "error: `MaxEpochs` of trainingOptions must be a positive integer, got `many`\n"
        " --> command line:1:13\n"
        "  |\n"
        "1 | --MaxEpochs many\n"
        "  |             ^^^^"
    )


def test_faults_of_the_text_come_before_those_of_flags() -> None:
    text = fault(f"{NET}data: {{trian: a}}\n", option_flags={"MaxEpochs": ["0"]}, seed="x")
    places = [line.strip() for line in text.splitlines() if "-->" in line]
    assert places == ["--> spec.yaml:7:8", "--> command line:1:13", "--> command line:1:22"]


def test_faults_of_flags_come_in_the_order_of_the_flags() -> None:
    options = {"MaxEpochs": ["0"], "Shuffle": ["x"], "Momentum": ["1"], "Epsilon": ["0"]}
    text = fault(NET, option_flags=options, data_flags={"window": ["0"], "features": ["a", ""]}, seed="x")
    source = (
        "1 | --MaxEpochs 0 --Shuffle x --Momentum 1 --Epsilon 0 --window 0 --features a --features  --seed x"
    )
    words = [line.split("`")[-2] for line in text.splitlines() if line.startswith("error: ")]
    assert words == ["0", "x", "Momentum", "0", "0", "features", "x"]
    lines = text.splitlines()
    assert lines.count(source) == len(words)
    under = [source[below.index("^") : below.rindex("^") + 1] for below in lines if "^" in below]
    assert under == ["0", "x", "1", "0", "0", "--features", "x"]


def test_flags_belong_together_with_the_spec() -> None:
    assert "not both" in fault(f"{NET}data: {{labels: a}}", data_flags={"responses": ["b"]})
    assert "has no `Momentum`" in fault(
        f"{NET}options: {{solver: sgdm, Momentum: 0.5}}", option_flags={"solver": ["adam"]}
    )


def test_paths_are_relative_to_the_spec() -> None:
    assert read(NET).paths(["a.csv", "-", "/b.csv"]) == ["folder/a.csv", "-", "/b.csv"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.25", 0.25),
        ("[0.25]", ("0.25",)),
        ("'0.25'", ("0.25",)),
        ("a.csv", ("a.csv",)),
        ("[a, b]", ("a", "b")),
    ],
)
def test_held_out_data(text: str, expected: object) -> None:
    assert read(f"{NET}data: {{validation: {text}}}").data.validation == expected


def test_columns() -> None:
    columns = read(f"{NET}data: {{features: [a, b], responses: y, window: 9, header: no}}").data
    assert (columns.features, columns.responses, columns.window) == (("a", "b"), ("y",), 9)
    assert columns.header is False
    assert read(NET).data.responses is None


@pytest.mark.parametrize("word", ["sequence", "time"])
def test_no_column(word: str) -> None:
    spec = read(f"{NET}data: {{{word}: None}}")
    assert getattr(spec.data, word) == "none"
    assert getattr(read(spec.text([entry.layer for entry in spec.layers.entries])).data, word) == "none"


def test_python_runs_only_where_allowed() -> None:
    spec = read(NET.replace("4,", "4, BiasInitializer: 'python:a:b',"))
    with pytest.raises(SpecError, match="--allow-python"):
        refuse_python(spec)
    refuse_python(read(NET))


def test_graph_of_a_spec() -> None:
    graph = build_graph(read(NET).layers)
    assert [node.size_out.time for node in graph.nodes] == [True, False, False, False, False]
    assert [node.size_out.channels for node in graph.nodes] == [3, 4, 2, 2, 2]
    assert (graph.task.classification, graph.task.per_step, graph.task.classes) == (True, False, None)


scalars = st.sampled_from(WORDS) | st.integers(-2, 20) | st.floats() | st.booleans() | st.none() | st.text()
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
mappings = st.dictionaries(st.sampled_from(WORDS), trees, max_size=4)
items = st.sampled_from([layer.word for layer in LAYERS]).flatmap(
    lambda word: st.just(word) | trees.map(lambda tree: {word: tree}) | mappings.map(lambda m: {word: m})
)
specs = st.fixed_dictionaries(
    {"layers": st.lists(items | trees, max_size=5) | trees},
    optional={"options": mappings | trees, "data": mappings | trees, "seed": trees, "lairs": trees},
)


def spec_or_faults(text: str) -> Spec | str:
    """The spec, or what its user reads instead. Any exception but SpecError fails the test."""
    try:
        spec = read(text)
        build_graph(spec.layers)
    except SpecError as error:
        return str(error)
    return spec


def is_either(outcome: Spec | str) -> bool:
    return outcome.startswith("error: ") if isinstance(outcome, str) else bool(outcome.layers.entries)


@given(specs)
def test_any_tree_is_a_spec_or_refused(tree: dict[str, Any]) -> None:
    text = json.dumps(tree, ensure_ascii=True)
    assert is_either(spec_or_faults(text))


@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    assert str(spec_or_faults(text)).startswith("error: ")


@given(st.data())
def test_any_damage_to_a_spec_is_a_spec_or_refused(data: st.DataObject) -> None:
    text = f"{NET}options: {{solver: sgdm, Momentum: 0.5}}\ndata:\n  validation: 0.2\nseed: 3\n"
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    assert is_either(spec_or_faults(text[:start] + data.draw(st.text(max_size=5)) + text[stop:]))
