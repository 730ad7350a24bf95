"""Metrics as a person reads them."""

import sys

import numpy as np

from lstmcli.cli.columns import aligned, print_columns, room_on
from lstmcli.cli.metrics_data import TOP
from lstmcli.cli.streams import result
from lstmcli.errors import cells, counted
from lstmcli.metrics import ClassificationMetrics, Metrics, RegressionMetrics

CORNER = "true \\ predicted"
LEAST_COLUMN = 3
"""Cells of a count in the table, with those before it."""
MOST_PAIRS = 15
"""Pairs of classes that are listed where the table has no room."""


def print_metrics(metrics: Metrics, title: str, tables: bool) -> None:
    """Print on stdout: the figure that counts, `title` in front of it, and the tables behind it."""
    if isinstance(metrics, ClassificationMetrics):
        counts = f"{metrics.correct} of {metrics.count}"
        result(f"{title}accuracy: {metrics.accuracy:.4f} ({counts})")
        if tables:
            _print_more(metrics)
            _print_classes(metrics)
            _print_confusion(metrics)
    elif tables and len(metrics.responses) > 1:
        _print_responses(metrics)
    else:
        figures = metrics.rmse, metrics.mae, metrics.mape, metrics.r2
        for name, rmse, mae, mape, r2 in zip(metrics.responses, *figures, strict=True):
            of = "" if len(metrics.responses) == 1 else f" of {name}"
            more = f", MAPE: {_percent(mape)}, R2: {_share(r2)}" if tables else ""
            result(f"{title}RMSE{of}: {rmse:.6g}, MAE: {mae:.6g}{more} ({metrics.count} samples)")


def _print_responses(metrics: RegressionMetrics) -> None:
    rows = [["response", "RMSE", "MAE", "MAPE", "R2", "samples"]]
    figures = metrics.rmse, metrics.mae, metrics.mape, metrics.r2
    for name, rmse, mae, mape, r2 in zip(metrics.responses, *figures, strict=True):
        rows.append([name, f"{rmse:.6g}", f"{mae:.6g}", _percent(mape), _share(r2), str(metrics.count)])
    print_columns(rows, room_on(sys.stdout))


def _print_more(metrics: ClassificationMetrics) -> None:
    """Figures that say more where classes are of different sizes, or many."""
    result(f"balanced accuracy: {_share(metrics.balanced_accuracy)}")
    for k in TOP:
        if k < len(metrics.classes):
            result(f"top-{k} accuracy: {metrics.top(k):.4f}")


def _print_classes(metrics: ClassificationMetrics) -> None:
    rows = [["class", "precision", "recall", "F1", "AUC", "samples"]]
    shares = metrics.precision, metrics.recall, metrics.f1, metrics.auc
    for name, *own, support in zip(metrics.classes, *shares, metrics.support, strict=True):
        rows.append([name, *map(_share, own), str(support)])
    result()
    print_columns(rows, room_on(sys.stdout))


def _print_confusion(metrics: ClassificationMetrics) -> None:
    """The whole table if there is room for it, else with numbers for classes, else what is confused most."""
    room = room_on(sys.stdout)
    if len(metrics.classes) * LEAST_COLUMN > room:
        _print_confused(metrics, room)
        return
    rows = [[str(count) if count else "." for count in row] for row in metrics.confusion.tolist()]
    numbers = [str(k + 1) for k in range(len(rows))]
    named = zip(metrics.classes, rows, strict=True)
    numbered = zip(metrics.classes, numbers, rows, strict=True)
    forms = (
        [[CORNER, *metrics.classes], *([name, *row] for name, row in named)],
        [[CORNER, "", *numbers], *([name, number, *row] for name, number, row in numbered)],
    )
    for form, names in zip(forms, ((), (0,)), strict=True):
        lines = aligned(form, room, names)
        if max(map(cells, lines)) <= room:
            result("\n".join(["", *lines]))
            return
    _print_confused(metrics, room)


def _print_confused(metrics: ClassificationMetrics, room: float) -> None:
    """The pairs of classes that are confused most, if any are."""
    pairs = metrics.confused
    if not pairs:
        return
    rows = [[metrics.classes[t], metrics.classes[p], str(count)] for t, p, count in pairs[:MOST_PAIRS]]
    result()
    print_columns([["true", "confused with", "samples"], *rows], room, names=(0, 1))
    if len(pairs) > MOST_PAIRS:
        result(f"... and {counted(len(pairs) - MOST_PAIRS, 'more pair')}")


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.4g} %"


def _share(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.4f}"
