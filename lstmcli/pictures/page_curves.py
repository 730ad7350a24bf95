"""The curves of a run for a page: metric, loss and learning rate in one figure of plotly."""

import json
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs
from plotly.subplots import make_subplots

from lstmcli.pictures.curve import MOST_MARKERS, Panel, Points, panels_of
from lstmcli.pictures.page_style import HEIGHT

BLUE, ORANGE, GRAY = "#2f81f7", "#e0701c", "#7d8590"
"""Legible on white and on black."""
SHARES = (0.43, 0.43, 0.14)
"""Of the height, for each row."""
DIGITS = 6
CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d"],
    "toImageButtonOptions": {"format": "svg", "filename": "training"},
}


def library() -> str:
    """The text of plotly.js."""
    text: str = get_plotlyjs()
    return text.strip()


def curves_json(history: Mapping[str, Sequence[float]]) -> str:
    """The figure with its configuration, as an argument of a script; history : as TrainingInfo has it."""
    figure = make_subplots(rows=len(SHARES), shared_xaxes=True, vertical_spacing=0.04, row_heights=SHARES)
    panels = panels_of(history)
    for row, (panel, color) in enumerate(zip(panels, (BLUE, ORANGE), strict=True), start=1):
        for trace in _traces(panel, color):
            figure.add_trace(trace, row=row, col=1)
        figure.update_yaxes(title_text=panel.label, row=row, col=1)
    rates = _corners(history["BaseLearnRate"])
    line = {"color": GRAY, "shape": "hv", "width": 1.5}
    rate = go.Scatter(x=rates[0], y=rates[1], name="learning rate", line=line, showlegend=False, mode="lines")
    figure.add_trace(rate, row=len(SHARES), col=1)
    figure.update_yaxes(title_text="Rate", nticks=3, rangemode="tozero", row=len(SHARES), col=1)
    figure.update_xaxes(title_text="Iteration", row=len(SHARES), col=1)
    ends = [0, len(history["TrainingLoss"]) * 1.01]
    figure.update_xaxes(zeroline=False, separatethousands=True, title_font_size=13, range=ends)
    figure.update_yaxes(zeroline=False, automargin=True, title_font_size=13)
    if panels[0].unit == "%":
        figure.update_yaxes(range=[-3, 103], row=1, col=1)
    figure.update_layout(
        template="none",
        height=HEIGHT,
        font={"family": "sans-serif", "size": 13},
        hovermode="x unified",
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
        margin={"l": 72, "r": 12, "t": 36, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    drawn = figure.to_plotly_json()
    return json.dumps([drawn["data"], drawn["layout"], CONFIG], separators=(",", ":"))


def _traces(panel: Panel, color: str) -> list[go.Scatter]:
    """Raw, smoothed, and validation; the legend has them once."""
    first = panel.unit == "%" or panel.title == "RMSE"
    raw, smoothed = panel.training.raw(), panel.training.smooth()
    lone = "lines+markers" if len(smoothed[0]) == 1 else "lines"
    kept = {"legendgroup": panel.title, "mode": lone}
    traces = [
        go.Scatter(
            **_points(raw),
            name=f"{panel.name}, raw",
            line={"color": color, "width": 1},
            opacity=0.35,
            showlegend=False,
            hoverinfo="skip" if panel.training.size > 1 else None,
            **kept,
        ),
        go.Scatter(
            **_points(smoothed), name=f"training {panel.name}", line={"color": color, "width": 2.2}, **kept
        ),
    ]
    if panel.validation:
        dashes = {"color": GRAY, "width": 1.5, "dash": "4px,3px"}
        points = panel.validation.means()
        traces.append(
            go.Scatter(
                **_points(points),
                name="validation",
                line=dashes,
                marker={"color": GRAY, "size": 5},
                mode="lines+markers" if len(points[0]) <= MOST_MARKERS else "lines",
                showlegend=first,
            )
        )
    return traces


def _points(points: Points) -> dict[str, list[float]]:
    """Coordinates in the digits that can be seen."""
    return {
        axis: [float(f"{v:.{DIGITS}g}") for v in values] for axis, values in zip("xy", points, strict=True)
    }


def _corners(rates: Sequence[float]) -> Points:
    """Where the learning rate changes, with the first and the last iteration."""
    kept = [k for k, rate in enumerate(rates) if k in (0, len(rates) - 1) or rate != rates[k - 1]]
    return [float(k + 1) for k in kept], [float(rates[k]) for k in kept]
