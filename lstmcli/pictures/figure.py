"""A figure of matplotlib without a screen, and its bytes: the same for the same figure."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lstmcli.errors import printable

STYLE: dict[Any, Any] = {
    "axes.edgecolor": "#888888",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.dpi": 150.0,
    "font.family": "sans-serif",
    "font.size": 9.0,
    # Texts stay texts, which are found, copied and small.
    "svg.fonttype": "none",
    "svg.hashsalt": "lstmcli",
}
BLUE, ORANGE, GRAY = "#0072bd", "#d95319", "#888888"
"""MATLAB's first two colours of lines, and what steps back."""


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, in inches; `figure.subplots()` makes its axes. Draw and store it within `styled`."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


@contextmanager
def styled() -> Iterator[None]:
    """The program's own style for what is drawn and stored inside, whatever a user's matplotlibrc says."""
    with mpl.rc_context(mpl.rcParamsDefault), mpl.rc_context(STYLE):
        yield


def label(name: str, longest: int = 24) -> str:
    """A user's name for something as a text of a figure: cut if it is long, and no formula."""
    cut = name if len(name) <= longest else name[: longest - 1] + "…"
    return printable(cut).replace("$", r"\$")


def drawn(figure: Figure, form: str) -> bytes:
    """The figure as `png`, `svg` or `pdf`."""
    buffer = io.BytesIO()
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
    with styled(), warnings.catch_warnings():
        # A name may be in a script that the font does not have.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        # Of the distances that are there for dates the widest is taken where all give too many.
        warnings.filterwarnings("ignore", "AutoDateLocator was unable", UserWarning)
        figure.savefig(buffer, format=form, metadata=dates[form])
    return buffer.getvalue()
