"""Kernels are counted while they are compiled: lines in a log, one line that moves in a terminal."""

import re

import pytest

from lstmcli.cli.verbs.warmup import counting


@pytest.mark.parametrize(
    ("kernels", "lines"), [(0, []), (10, []), (11, [10]), (20, [10]), (35, [10, 20, 30])]
)
def test_a_line_for_every_ten_kernels_that_are_done(capsys, kernels, lines):
    with counting(terminal=False) as count:
        for _ in range(kernels):
            count()
    out, err = capsys.readouterr()
    assert (out, err.splitlines()) == ("", [f"compiled {number} kernels" for number in lines])


def test_a_terminal_shows_the_kernel_that_is_being_compiled(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with counting(terminal=True) as count:
        nothing = capsys.readouterr().err
        for _ in range(3):
            count()
    assert "compiling" not in nothing
    assert re.findall(r"compiling kernel (\d+)", capsys.readouterr().err)[-1] == "3"
