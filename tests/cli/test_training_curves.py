"""`Plots: training-progress` at a terminal: live curves on a screen of their own, and what stays of them."""

import re
import sys
from types import ModuleType

import numpy as np
import pytest
from cli.terminal import screen_of
from cli.test_cases import without_time
from cli.test_terminal import COLOUR, TABLE, TRAIN

from lstmcli.cli import training_curves
from lstmcli.cli.terminal_plot import MOST_MARKERS, drawn_panel, nice_ticks, usable_plotext
from lstmcli.cli.training_curves import Curves
from lstmcli.options import TrainingOptions
from lstmcli.pictures.curve import new_panels
from lstmcli.training.run import Step

PLOTS = "--Plots training-progress"
LONG = (
    "lstmcli train learn.yaml --validation animals.csv --OutputNetwork last-iteration --Verbose false "
    f"--MaxEpochs 10000000 {PLOTS}"
)
STOP = "until [ -s l.csv ]; do sleep 0.1; done; sleep 1; kill $!; wait $!"
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
BRAILLE = re.compile("[\u2801-\u28ff]")


def frames_and_rest(written):
    """What stood on the screen of the curves, one time after the other, and what stands after it is left."""
    before, _, shown = written.partition(ENTER)
    shown, _, after = re.sub(r"\x1b\[\?25[hl]", "", shown).partition(LEAVE)
    frames = [COLOUR.sub("", frame).split("\r\n") for frame in shown.split("\x1b[H")[1:]]
    return frames, screen_of(before + after)


@pytest.mark.parametrize(("columns", "rows", "stacked"), [(80, 24, True), (160, 50, True), (160, 24, False)])
def test_curves_fill_the_screen_and_the_last_ones_stay(at_terminal, columns, rows, stacked):
    out, written, code = at_terminal(f"TERM=xterm {LONG} --log l.csv & {STOP}", columns, rows)
    assert (out, code) == ("", 143)
    frames, rest = frames_and_rest(written)
    frame = next(frame for frame in reversed(frames) if "Ctrl-C" in frame[-1])
    assert len(frame) == rows
    assert all(len(line) <= columns for line in frame)
    assert re.match(r"epoch [\d,]+ of 10,000,000   iteration [\d,]+   learning rate 0.1", frame[0])
    assert re.match(r"accuracy 100 % \(validation 80 %\)   loss ", frame[1])
    assert re.search(r"━ +00:00:0\d elapsed +\d+:\d\d:\d\d left *$", frame[2])
    assert re.match(
        r"─ mini-batch  ━ smoothed  o validation +Ctrl-C stops and saves the network *$", frame[-1]
    )
    titles = [k for k, line in enumerate(frame) for name in ("Accuracy (%)", "Loss") if name in line]
    assert len(titles) == 2
    assert (titles[0] < titles[1]) == stacked
    assert sum("┌" in line for line in frame) == 1 + stacked
    assert sum(bool(BRAILLE.search(line)) for line in frame) >= 2
    lines = rest.splitlines()
    assert all(len(line) <= columns for line in lines)
    assert "SIGTERM: stopping after this iteration, then saving" in lines
    legend, *ends = lines[-3:]
    assert legend == "─ mini-batch  ━ smoothed  o validation"
    assert ends == ["the model that was there is kept as learn.previous.h5", "saved learn.h5"]
    assert sum(bool(BRAILLE.search(line)) for line in lines) >= 2


def test_the_table_stands_above_the_last_picture(at_terminal):
    out, written, code = at_terminal(f"{TRAIN} {PLOTS}", 90, 30)
    assert (out, code) == ("test accuracy: 0.8000 (4 of 5)\n", 0)
    rest = without_time(frames_and_rest(written)[1])
    *table, saved = TABLE.splitlines(keepends=True)
    assert rest.startswith("".join(table))
    assert rest.endswith(f"─ mini-batch  ━ smoothed\n{saved}")


def test_no_colours_where_none_are_wanted(at_terminal):
    _, written, code = at_terminal(f"NO_COLOR=1 {TRAIN} {PLOTS}", 80, 24)
    assert code == 0
    assert not re.search(r"\x1b\[[0-9;]*(3[0-8]|9[0-7])[;m]", written)
    assert "━ smoothed" in written
    assert "mini-batch  " not in written


@pytest.mark.parametrize(
    ("command", "columns", "rows", "reason"),
    [
        (TRAIN, 59, 24, "curves need 60 columns and 14 rows"),
        (TRAIN, 80, 13, "curves need 60 columns and 14 rows"),
        (TRAIN.replace("xterm", "dumb"), 80, 24, "curves need a terminal with a cursor and UTF-8"),
        (f"PYTHONIOENCODING=latin1 {TRAIN}", 80, 24, "curves need a terminal with a cursor and UTF-8"),
    ],
)
def test_a_bar_is_drawn_where_curves_cannot_be(at_terminal, command, columns, rows, reason):
    _, written, code = at_terminal(f"{command} {PLOTS}", columns, rows)
    assert code == 0
    assert f"note: {reason}; a progress bar is drawn instead of curves\r\n" in written
    assert ENTER not in written


@pytest.mark.parametrize("flag", ["--no-progress", "--quiet"])
def test_no_curves_are_drawn_on_request(at_terminal, flag):
    _, written, code = at_terminal(f"{TRAIN} {PLOTS} {flag}")
    assert code == 0
    assert without_time(written.replace("\r\n", "\n")) == ("" if flag == "--quiet" else TABLE)


@pytest.mark.parametrize("colors", [True, False])
@pytest.mark.parametrize("validations", [1, MOST_MARKERS, MOST_MARKERS + 1, 1000])
def test_validations_stand_apart_and_the_legend_says_how(monkeypatch, colors, validations):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if not colors:
        monkeypatch.setenv("NO_COLOR", "1")
    curves = Curves("RMSE", TrainingOptions())
    for k in range(1, validations + 1):
        curves.show(Step(1, k, 0.1, 2.0, 2.0, 1.0 + 1.0 / k, 2.0 - k / validations, 0.5, False, None))
    signs = [part.split()[0] for part in curves._legend().plain.split("  ")]
    assert signs == ["─", "━", "o"][not colors :]
    drawn = COLOUR.sub("", drawn_panel(curves._panels[0], validations, 90, 15, colors))
    inside = [line.partition("┤")[2] or line.partition("│")[2] for line in drawn.split("\n")]
    assert min(MOST_MARKERS // 4, validations) <= "".join(inside).count("o") <= MOST_MARKERS
    # However many there are, the last one stands at the right end.
    assert validations == 1 or any(line.rstrip("│").endswith("o") for line in inside)


def test_a_plotext_without_these_functions_is_none(monkeypatch):
    assert usable_plotext()
    for other in (None, ModuleType("plotext")):
        monkeypatch.setitem(sys.modules, "plotext", other)
        assert not usable_plotext()


def test_a_picture_that_fails_costs_nothing(monkeypatch):
    curves = Curves("RMSE", TrainingOptions())
    step = Step(1, 1, 0.1, 2.0, 2.0, None, None, 0.5, True, None)
    curves.show(step)
    monkeypatch.setattr(training_curves, "drawn_panel", lambda *all: 1 / 0)
    assert str(curves._panels_in(step, 80, 20)) == "the curves cannot be drawn: division by zero"


@pytest.mark.parametrize("values", [[0.0], [5.0] * 3, [-1e-30, 1e30], [1e-12, 1e-12], list(range(5000))])
@pytest.mark.parametrize("size", [(30, 5), (80, 10), (160, 24)])
def test_any_curve_can_be_drawn(values, size):
    _, panel = new_panels("RMSE", most=160)
    for number, value in enumerate(values, start=1):
        panel.add(number, value, value)
    lines = COLOUR.sub("", drawn_panel(panel, len(values), *size, colors=True)).split("\n")
    assert len(lines) == size[1]
    assert {len(line) for line in lines} == {size[0]}


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0, 100, 5, [0, 20, 40, 60, 80, 100]),
        (1, 900, 4, [500]),
        (1, 1000, 5, [200, 400, 600, 800, 1000]),
        (0, 2.2, 3, [0, 1, 2]),
        (-0.5, 0.5, 2, [-0.5, 0, 0.5]),
        (3e-7, 8e-7, 5, [3e-7, 4e-7, 5e-7, 6e-7, 7e-7, 8e-7]),
        (1e8, 1e8 + 2, 2, [1e8, 1e8 + 1, 1e8 + 2]),
    ],
)
def test_ticks_are_round(low, high, most, ticks):
    np.testing.assert_allclose(nice_ticks(low, high, most), ticks, rtol=1e-12)
