"""Pictures of forecasts: the values that are in them, where they stand, and how much of what is drawn."""

import numpy as np
import pytest

from lstmcli.pictures.figure import drawn
from lstmcli.pictures.forecasts import Forecast, draw_forecasts, drawn_sequences

BEFORE = "the value before"


def forecast(name="a", known=9, steps=4, responses=1, held_out=True, times=None):
    random = np.random.default_rng(len(name) + known)
    values = [
        random.standard_normal((count, responses)).astype(np.float32) for count in (known, *[steps] * 3)
    ]
    before = values[1:] if held_out else (values[1], None, None)
    return Forecast(name, 101, values[0], *before, times)


def lines_of(axes):
    return {line.get_label(): line.get_xydata().T.tolist() for line in axes.lines}


def panels(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def said(figure):
    (legend,) = figure.legends
    return legend.get_title().get_text(), [text.get_text() for text in legend.get_texts()]


def test_a_panel_has_what_is_known_what_is_said_and_what_came_true():
    one = forecast(responses=2)
    figure = draw_forecasts([one], ("x", "$y$"), 1, "month", BEFORE)
    assert said(figure) == ("", ["known", BEFORE, "true", "forecast"])
    titles = "x", r"\$y\$"
    for r, axes in enumerate(panels(figure)):
        known, ahead = list(range(101, 110)), list(range(109, 114))
        joined = {
            name: [ahead, [float(one.known[-1, r]), *values[:, r].tolist()]]
            for name, values in ((BEFORE, one.before), ("true", one.true), ("forecast", one.answers))
        }
        assert lines_of(axes) == {"known": [known, one.known[:, r].tolist()], **joined}
        own, other = (
            np.sqrt(np.mean((values[:, r].astype(float) - one.true[:, r]) ** 2))
            for values in (one.answers, one.before)
        )
        assert axes.get_title() == f"{titles[r]}\nRMSE {own:.4g}, of {BEFORE}: {other:.4g}"
        assert axes.get_xlabel() == "month"
        (shade,) = axes.patches
        assert (shade.get_x(), shade.get_width()) == (109, 4)


def test_what_is_to_come_has_only_the_forecast():
    figure = draw_forecasts([forecast(held_out=False)], ("x",), 1, "Time step", "")
    (axes,) = panels(figure)
    assert (list(lines_of(axes)), axes.get_title()) == (["known", "forecast"], "x")
    assert said(figure)[1] == ["known", "forecast"]
    svg = drawn(figure, "svg")
    assert svg == drawn(draw_forecasts([forecast(held_out=False)], ("x",), 1, "Time step", ""), "svg")
    assert b"Time step" in svg


@pytest.mark.parametrize(
    ("responses", "sequences", "shown", "title", "first", "count"),
    [
        (1, 8, 8, "", "id 0", 8),
        (1, 9, 8, "The first 8 of 9 sequences", "id 0", 8),
        (3, 2, 2, "", "id 0: r0", 6),
        (5, 9, 1, "The first 1 of 9 sequences", "id 0: r0", 5),
        (9, 1, 1, "The first 8 of 9 responses", "r0", 8),
        (9, 2, 1, "The first 1 of 2 sequences, the first 8 of 9 responses", "id 0: r0", 8),
    ],
)
def test_the_first_of_many_are_drawn(responses, sequences, shown, title, first, count):
    assert min(sequences, drawn_sequences(responses)) == shown
    forecasts = [forecast(f"id {n}", responses=responses, held_out=False) for n in range(shown)]
    names = tuple(f"r{k}" for k in range(responses))
    figure = draw_forecasts(forecasts, names, sequences, "t", "")
    assert said(figure)[0] == title
    assert (panels(figure)[0].get_title(), len(panels(figure))) == (first, count)


def test_a_picture_of_long_series_is_small():
    long = forecast(known=30_000, steps=10_000)
    figure = draw_forecasts([long], ("x",), 1, "t", BEFORE)
    (axes,) = panels(figure)
    assert axes.get_xlabel() == "t (smallest and largest of each 30)"
    _, values = lines_of(axes)["known"]
    assert (max(values), min(values)) == (long.known.max(), long.known.min())
    assert len(drawn(figure, "svg")) < 400_000


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, -np.inf, 3e38])
def test_any_forecast_can_be_drawn(value):
    answers = np.full((3, 1), value, np.float32)
    one = Forecast("a", 1, np.zeros((1, 1), np.float32), answers, np.zeros((3, 1), np.float32), answers)
    assert drawn(draw_forecasts([one], ("x",), 1, "t", BEFORE), "png").startswith(b"\x89PNG")
