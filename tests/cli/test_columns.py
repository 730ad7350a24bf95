"""Tables that are wrapped between words, and only where they are too wide."""

import pytest

from lstmcli.cli.columns import aligned, print_table
from lstmcli.errors import cells

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


SHARES = [["class", "of", "share"], ["走路走路走路走路12", "a_long_name_of_all", "0.25"], ["b", "c", "1"]]


@pytest.mark.parametrize(
    ("room", "row"),
    [
        (45, "走路走路走路走路12  a_long_name_of_all   0.25"),
        (44, "走路走路...走路12  a_long_name_of_all   0.25"),
        (40, "走路走路...路12  a_long_...of_all   0.25"),
        (33, "走路走...12   a_lon..._all   0.25"),
        (1, "走路走...12   a_lon..._all   0.25"),
    ],
)
def test_names_are_cut_in_their_middle_the_widest_first(room, row):
    lines = aligned(SHARES, room, names=(0, 1))
    assert lines[1] == row
    assert max(map(cells, lines)) <= max(room, 33)


def test_other_columns_and_headings_are_not_cut():
    rows = [["sequences of all", "true"], ["a_name_that_is_rather_long", "0.123456789012345678"]]
    assert aligned(rows, 1) == [
        "sequences of all                  true",
        "a_name_...r_long  0.123456789012345678",
    ]
