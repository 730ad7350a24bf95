"""Tables that are wrapped between words, and only where they are too wide."""

import pytest

from lstmcli.cli.columns import print_table

WIDE = [
    [("",), ("Name",), ("Activations",), ("States",)],
    [("1",), ("a",), ("12(C) x 1(B) x 1(T)",), ()],
    [("2",), ("b",), ("out 3(C) x 1(B)", "cell 3(C) x 1(B)"), ("HiddenState 100x1",)],
]
NARROW = [[number, activations + states] for number, _, activations, states in WIDE]


@pytest.fixture
def printed(capsys):
    def lines(arrangements, room):
        print_table(arrangements, room)
        return capsys.readouterr().out.splitlines()

    return lines


def test_a_table_that_fits_is_as_wide_as_it_is(printed):
    whole = [
        "   Name  Activations          States",
        "-  ----  -------------------  -----------------",
        "1  a     12(C) x 1(B) x 1(T)",
        "2  b     out 3(C) x 1(B)      HiddenState 100x1",
        "         cell 3(C) x 1(B)",
    ]
    assert printed([WIDE, NARROW], 47) == printed([WIDE], float("inf")) == whole


def test_the_first_arrangement_that_fits_is_taken(printed):
    assert printed([WIDE, NARROW], 46) == [
        "   Activations",
        "   States",
        "-  -------------------",
        "1  12(C) x 1(B) x 1(T)",
        "2  out 3(C) x 1(B)",
        "   cell 3(C) x 1(B)",
        "   HiddenState 100x1",
    ]


def test_else_the_last_is_wrapped_where_the_fewest_lines_break(printed):
    assert printed([WIDE], 44) == [
        "   Name  Activations       States",
        "-  ----  ----------------  -----------------",
        "1  a     12(C) x 1(B)",
        "          x 1(T)",
        "2  b     out 3(C) x 1(B)   HiddenState 100x1",
        "         cell 3(C) x 1(B)",
    ]
    assert printed([WIDE], 43)[1:] == [
        "-  ----  -------------------  -----------",
        "1  a     12(C) x 1(B) x 1(T)",
        "2  b     out 3(C) x 1(B)      HiddenState",
        "         cell 3(C) x 1(B)      100x1",
    ]


@pytest.mark.parametrize("room", range(34, 47))
def test_all_fits_where_words_do(printed, room):
    assert max(map(len, printed([WIDE], room))) <= room


def test_no_word_is_broken(printed):
    lines = printed([WIDE], 1)
    assert lines == printed([WIDE], 33)
    assert lines[2:] == [
        "1  a     12(C)",
        "          x 1(B)",
        "          x 1(T)",
        "2  b     out 3(C)     HiddenState",
        "          x 1(B)       100x1",
        "         cell 3(C)",
        "          x 1(B)",
    ]


def test_wide_characters_take_two_cells(printed):
    rows = [[("Name",), ("Type",)], [("値の入力",), ("LSTM",)], [("e\u0301",), ("LSTM",)]]
    assert printed([rows], 80)[1:] == ["--------  ----", "値の入力  LSTM", "e\u0301         LSTM"]
