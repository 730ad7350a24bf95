"""Where a fault is, as it is shown: lines of any length, with tabs and wide characters."""

import pytest

from lstmcli.errors import DataError, Fault, Mark, Place, SpecError


def shown(column: int, length: int, source: str) -> tuple[str, str]:
    """The line of source and the carets, without what stands before them."""
    *_, line, carets = Mark("s.yaml", 7, column, length, source).render().split("\n")
    assert line.startswith("7 | ")
    assert carets.startswith("  | ")
    return line[4:], carets[4:]


def test_the_place_in_four_lines() -> None:
    rendered = Mark("s.yaml", 12, 3, 2, "a: bc").render()
    assert rendered == "  --> s.yaml:12:3\n   |\n12 | a: bc\n   |   ^^"


@pytest.mark.parametrize(
    ("column", "length", "source", "line", "carets"),
    [
        (1, 3, "abc", "abc", "^^^"),
        (2, 9, "abc", "abc", " ^^"),
        (4, 1, "abc", "abc", "   ^"),
        (1, 1, "", "", "^"),
        (3, 1, "\t\tx", "  x", "  ^"),
        (2, 2, "a\tb", "a b", " ^^"),
        (2, 1, "a\x1b[31m", "a [31m", " ^"),
        (3, 2, "名: 値値", "名: 値値", "   ^^^"),
        (2, 1, "e\u0301x", "e\u0301x", " ^"),
        (3, 1, "e\u0301x", "e\u0301x", " ^"),
    ],
)
def test_the_caret_stands_under_its_character(column, length, source, line, carets) -> None:
    assert shown(column, length, source) == (line, carets)


def test_a_line_that_fits_is_shown_whole() -> None:
    assert shown(100, 1, "x" * 100) == ("x" * 100, " " * 99 + "^")


@pytest.mark.parametrize("character", ["x", "値"])
@pytest.mark.parametrize("column", [1, 20, 100, 101, 5000, 9990, 10_000])
def test_of_a_long_line_what_is_around_the_place_is_shown(column, character) -> None:
    source = character * (column - 1) + "!" + character * (10_000 - column)
    line, carets = shown(column, 1, source)
    cells = 2 if character == "値" else 1
    where = line.index("!")
    assert (
        carets == " " * (where - 3 * line.startswith("...")) * cells + " " * 3 * line.startswith("...") + "^"
    )
    assert sum(cells if c == character else 1 for c in line) <= 106
    assert line.startswith("...") == (column > 40)
    assert line.endswith("...") == (column < 9950)


def test_carets_end_where_the_line_is_cut() -> None:
    line, carets = shown(1, 10_000, "x" * 10_000)
    assert line == "x" * 100 + "..."
    assert carets == "^" * 100


def fault(number: int, help: str | None) -> Fault:
    return Fault(f"fault {number}", Place("d.csv", number), help)


def test_a_help_is_said_once_for_faults_in_a_row() -> None:
    faults = [fault(n, help) for n, help in enumerate(["a", "a", "b", None, None, "a"], 1)]
    error = SpecError(faults)
    lines = [line for line in str(error).split("\n") if line and "-->" not in line]
    assert lines == [
        *("error: fault 1", "error: fault 2", "help: a", "error: fault 3", "help: b"),
        *("error: fault 4", "error: fault 5", "error: fault 6", "help: a"),
    ]
    assert error.faults == faults


def test_of_many_faults_in_data_ten_are_shown() -> None:
    faults = [fault(n, "a") for n in range(1, 12)]
    assert str(DataError(faults[:10])).endswith("error: fault 10\n --> d.csv: row 10\nhelp: a")
    assert str(DataError(faults)) == str(DataError(faults[:10])) + "\n\n... and more"
    assert str(SpecError(faults)).count("error:") == 11
