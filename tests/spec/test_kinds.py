"""Kinds of values: YAML 1.1's traps, and every declaration with the values it takes and refuses."""

import math
from typing import Any

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.errors import Fault
from lstmcli.layers import LAYERS
from lstmcli.options import TrainingOptions
from lstmcli.spec import kinds
from lstmcli.spec.kind import Kind, RefusedError
from lstmcli.spec.nodes import Node
from lstmcli.spec.properties import Property, properties_of, read_properties
from lstmcli.spec.reader import read_tree
from lstmcli.spec.writer import write_yaml

DECLARED = [
    pytest.param(declaring, item, id=f"{declaring.__name__}-{item.word}")
    for declaring in (*LAYERS, TrainingOptions, DataSection)
    for item in properties_of(declaring).values()
]


def node(text: str) -> Node:
    return read_tree(f"a: {text}", "spec.yaml", []).pairs[0][1]


def value(kind: Kind, text: str) -> Any:
    return kind.read(node(text))


def accepts(kind: Kind, text: str) -> bool:
    try:
        kind.read(node(text))
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1e-3", 1e-3), ("1E3", 1e3), (".5", 0.5), ("5.", 5), ("+2", 2), ("010", 10), ("0.1e+1", 1), ("00", 0)],
)
def test_numbers_are_read_as_engineers_write_them(text: str, expected: float) -> None:
    assert value(kinds.number, text) == expected


def test_what_is_no_number() -> None:
    texts = "1_000 0x10 0o17 1:30 2026-01-01 1e e3 1,5 1;5 '3' NaN .nan Inf .inf 1e999 ٣ 1- + . ''"
    for text in texts.split():
        assert not accepts(kinds.number, text), text


@pytest.mark.parametrize("text", ["Inf", "inf", ".inf", "+Inf", "INF", "Infinity"])
def test_infinity_has_many_spellings(text: str) -> None:
    assert value(kinds.positive_or_inf, text) == math.inf
    assert value(kinds.positive_integer_or_inf, text) == math.inf
    assert not accepts(kinds.positive, text)
    assert not accepts(kinds.positive_or_inf, f"'{text}'")


@pytest.mark.parametrize(("text", "expected"), [("010", 10), ("1e3", 1000), ("3.0", 3), (str(2**53), 2**53)])
def test_integers(text: str, expected: int) -> None:
    read = value(kinds.positive_integer, text)
    assert read == expected
    assert isinstance(read, int)


@pytest.mark.parametrize("text", ["1e999", str(2**53 + 2), "1e300"])
def test_integers_that_no_double_holds(text: str) -> None:
    assert not accepts(kinds.positive_integer, text)


@pytest.mark.parametrize("text", ["true", "True", "on", "ON", "yes", "1"])
def test_true(text: str) -> None:
    assert value(kinds.boolean, text) is True


@pytest.mark.parametrize("text", ["false", "False", "off", "no", "NO", "0"])
def test_false(text: str) -> None:
    assert value(kinds.boolean, text) is False


def test_class_names_stay_words() -> None:
    listed = "[on, no, 007, 1e3, 1_0, 2026-01-01, '12:30', 0x1F, NaN, 'null', '~', '', é, ' a']"
    names = ("on", "no", "007", "1e3", "1_0", "2026-01-01", "12:30", "0x1F", "NaN", "null", "~", "")
    assert value(kinds.list_of(kinds.text, "names"), listed) == (*names, "é", " a")


def test_single_value_is_a_list_of_one() -> None:
    assert value(kinds.list_of(kinds.text, "names"), "on") == ("on",)
    assert value(kinds.list_of(kinds.positive, "numbers"), "2") == (2.0,)


def test_word_wins_over_the_other_kind() -> None:
    kind = kinds.word_or("auto", kinds.list_of(kinds.text, "names"))
    assert value(kind, "AUTO") == "auto"
    assert value(kind, "[auto]") == ("auto",)


def test_enumerated_values_without_regard_to_case() -> None:
    assert value(kinds.one_of("zscore", "L2"), "ZScore") == "zscore"
    assert value(kinds.one_of("zscore", "L2"), "'l2'") == "L2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weights.csv", kinds.FileValues("weights.csv", None)),
        ("a/b.NPY", kinds.FileValues("a/b.NPY", None)),
        ("'net.h5:/Layers/lstm/Bias'", kinds.FileValues("net.h5", "/Layers/lstm/Bias")),
        ("C:\\net.mat:W", kinds.FileValues("C:\\net.mat", "W")),
        ("3", kinds.ListValues(3.0)),
        ("[1, 2e0]", kinds.ListValues((1.0, 2.0))),
        ("[[1, 2], [3, 4]]", kinds.ListValues(((1.0, 2.0), (3.0, 4.0)))),
    ],
)
def test_given_values(text: str, expected: object) -> None:
    assert value(kinds.array, text) == expected


def test_python_function() -> None:
    read = value(kinds.initializer("zeros"), "python:my.module:draw")
    assert read == kinds.PythonFunction("my.module", "draw")
    assert value(kinds.initializer("zeros"), f"'{read}'") == read
    assert not accepts(kinds.initializer("zeros"), "python:my.module")


def test_refusal_names_the_item() -> None:
    with pytest.raises(RefusedError) as refused:
        value(kinds.array, "[[1, 2], [3, x]]")
    assert refused.value.node is not None
    assert refused.value.node.text == "x"


@pytest.mark.parametrize(("declaring", "item"), DECLARED)
def test_bad_values_are_refused(declaring: type, item: Property) -> None:
    assert item.kind.bad
    for bad in item.kind.bad:
        faults: list[Fault] = []
        pairs = read_tree(f"{item.word}: {bad}", "spec.yaml", faults).pairs
        mark = pairs[0][0].mark
        reading = read_properties(declaring, pairs, "owner", mark, faults)
        messages = [fault.message for fault in faults if fault.message.startswith(f"`{item.word}` of owner")]
        assert messages, bad
        assert f"must be {item.kind.wording}, got " in messages[0]
        assert not reading.whole
        assert item.name not in reading.values


@pytest.mark.parametrize(("declaring", "item"), DECLARED)
def test_defaults_are_values_of_their_kind(declaring: type, item: Property) -> None:
    if item.required or item.default in (None, ""):
        assert item.required or item.name == "name" or item.default is None
        return
    for word in (item.word, item.word.lower(), item.word.upper()):
        text = write_yaml({word: item.kind.write(item.default)})
        faults: list[Fault] = []
        tree = read_tree(text, "spec.yaml", faults)
        reading = read_properties(declaring, tree.pairs, "owner", tree.mark, faults)
        assert reading.values[item.name] == item.default
        assert type(reading.values[item.name]) is type(item.default)


@pytest.mark.parametrize(("declaring", "item"), DECLARED)
def test_enumerated_defaults_in_capitals(declaring: type, item: Property) -> None:
    if isinstance(item.default, str) and f"`{item.default}`" in item.kind.wording:
        assert value(item.kind, item.default.upper()) == item.default
