"""How far long work is: nothing at first, then a line from time to time, or a bar in a terminal."""

import io

import pytest

from lstmcli.cli import waiting
from lstmcli.cli.waiting import Waiting


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the clock shows."""
    now = [0.0]
    monkeypatch.setattr(waiting.time, "monotonic", lambda: now[0])
    return now


def test_a_log_has_a_line_from_time_to_time(clock, capsys):
    with Waiting("steps ahead", 100) as shown:
        for done in range(1, 101):
            clock[0] = done / 4
            shown.show(done)
    assert capsys.readouterr() == (
        "",
        "41 of 100 steps ahead, 15 s left\n82 of 100 steps ahead, 4 s left\n",
    )


def test_a_terminal_has_a_bar_of_which_nothing_stays(clock, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stderr = Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with Waiting("steps ahead", 100) as shown:
        shown.show(1)
        assert stderr.getvalue() == ""
        clock[0] = 3
        shown.show(50)
        assert "100 steps ahead" in stderr.getvalue()
        assert "50%" in stderr.getvalue()
    assert stderr.getvalue().endswith("\x1b[2K")


def test_short_work_shows_nothing(clock, capsys):
    with Waiting("steps ahead", 2) as shown:
        shown.show(1)
        shown.show(2)
    assert capsys.readouterr() == ("", "")
