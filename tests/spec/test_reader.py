"""The reader: places, aliases, and texts that try to break it."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.errors import Fault, SpecError
from lstmcli.spec.nodes import Form, Node
from lstmcli.spec.reader import MAX_REPEATED, read_tree

SIGNS = tuple("\n\t #:,{}[]-?&*!|>%@`'\"\\~=")
PIECES = (
    "layers: options: seed: - lstm softmax &a *a &b *b !!int !x \\U FFFF << 1e999 null --- ... %YAML %TAG 1.1"
)
FRAGMENTS = (*SIGNS, *PIECES.split(), "\n  ", "\r", "\x85", "\u2028", "\ufeff", "é", "😀")


def read(text: str) -> Node:
    faults: list[Fault] = []
    tree = read_tree(text, "spec.yaml", faults)
    assert not faults
    return tree


def bomb(levels: int, width: int = 10) -> str:
    """A text that unfolds to width ** levels ones."""
    lines = [f"a0: &a0 [{', '.join(['1'] * width)}]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * width)}]" for k in range(1, levels)]
    return "\n".join(lines)


def test_every_node_knows_its_place() -> None:
    tree = read("layers:\n  - lstm: {NumHiddenUnits: 10}\n")
    layers = tree.pairs[0][1]
    key, value = layers.items[0].pairs[0]
    word, number = value.pairs[0]
    places = [(n.mark.line, n.mark.column, n.mark.length) for n in (tree.pairs[0][0], key, word, number)]
    assert places == [(1, 1, 6), (2, 5, 4), (2, 12, 14), (2, 28, 2)]
    assert number.mark.source == "  - lstm: {NumHiddenUnits: 10}"


def test_scalars_stay_as_written() -> None:
    items = read("[010, 1e-3, on, '007', ~, , 12:30, 1_0, \"a\\tb\"]".replace(" ,", " '',")).items
    assert [item.text for item in items] == ["010", "1e-3", "on", "007", "~", "", "12:30", "1_0", "a\tb"]
    assert [item.quoted for item in items] == [False, False, False, True, False, True, False, False, True]
    assert [item.empty for item in items] == [False] * 4 + [True] + [False] * 4


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_counted_as_yaml_does(line_end: str) -> None:
    mark = read(line_end.join(("a: 1", "b: 'x", "  y'", "c: 3"))).pairs[2][0].mark
    assert (mark.line, mark.source) == (4, "c: 3")


def test_alias_is_the_node_it_names() -> None:
    tree = read("a: &one {x: 1}\nb: *one\nc: [*one, *one]\n")
    a, b, c = (value for _, value in tree.pairs)
    assert a is b
    assert all(item is a for item in c.items)


def test_aliases_may_repeat_some_nodes() -> None:
    assert len(read(bomb(4)).pairs) == 4


def test_large_written_list_is_no_bomb() -> None:
    row = f"  - [{', '.join(['1'] * 100)}]\n"
    items = read("a:\n" + row * (MAX_REPEATED // 5000)).pairs[0][1].items
    assert sum(len(item.items) for item in items) == MAX_REPEATED // 50


@pytest.mark.parametrize("levels", [6, 50, 500])
def test_bomb_of_aliases_ends_at_once(levels: int) -> None:
    text = bomb(levels)
    tracemalloc.start()
    begun = time.monotonic()
    with pytest.raises(SpecError, match="unfold to more than"):
        read(text)
    seconds, (_, most) = time.monotonic() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 10
    assert most < 100_000 * levels


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 2000, "{a: " * 5000, "? " * 2000])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(SpecError, match="nested too deep"):
        read(text)


@pytest.mark.parametrize(
    "text", ['"\\UFFFFFFFF"', '"\\U00110000"', f"%YAML 1.{'9' * 5000}\n---\na: 1", "\0", "a: \x07", "\ud800"]
)
def test_impossible_characters_and_numbers_are_refused(text: str) -> None:
    with pytest.raises(SpecError, match="not YAML"):
        read(text)


def test_half_a_character_is_a_fault() -> None:
    faults: list[Fault] = []
    read_tree('a: "\\uD83D"\nb: "\\U0001F600"', "spec.yaml", faults)
    assert [fault.message.split(":")[0] for fault in faults] == ["half a character"]


@given(st.text() | st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_any_text_is_a_tree_or_refused(text: str) -> None:
    faults: list[Fault] = []
    try:
        tree = read_tree(text, "spec.yaml", faults)
    except SpecError as error:
        faults += error.faults
    else:
        assert tree.form in Form
    for fault in faults:
        assert fault.render().startswith("error: ")
