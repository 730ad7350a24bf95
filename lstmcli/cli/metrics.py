"""Metrics as a person reads them."""

import numpy as np

from lstmcli.cli.streams import result
from lstmcli.evaluation import ClassificationMetrics, RegressionMetrics


def print_metrics(metrics: ClassificationMetrics | RegressionMetrics, title: str, tables: bool) -> None:
    """Print on stdout: the figure that counts, `title` in front of it, and the tables behind it."""
    if isinstance(metrics, ClassificationMetrics):
        counts = f"{metrics.correct} of {metrics.count}"
        result(f"{title}accuracy: {metrics.accuracy:.4f} ({counts})")
        if tables:
            _print_classes(metrics)
            _print_confusion(metrics)
        return
    for name, rmse, mae in zip(metrics.responses, metrics.rmse, metrics.mae, strict=True):
        of = "" if len(metrics.responses) == 1 else f" of {name}"
        result(f"{title}RMSE{of}: {rmse:.6g}, MAE: {mae:.6g} ({metrics.count} samples)")


def _print_classes(metrics: ClassificationMetrics) -> None:
    rows = [["class", "precision", "recall", "samples"]]
    supports = metrics.confusion.sum(axis=1)
    for name, precision, recall, support in zip(
        metrics.classes, metrics.precision, metrics.recall, supports, strict=True
    ):
        rows.append([name, _share(precision), _share(recall), str(support)])
    result()
    print_columns(rows)


def _print_confusion(metrics: ClassificationMetrics) -> None:
    rows = [["true \\ predicted", *metrics.classes]]
    for name, counts in zip(metrics.classes, metrics.confusion, strict=True):
        rows.append([name, *(str(count) if count else "." for count in counts)])
    result()
    print_columns(rows)


def print_columns(rows: list[list[str]]) -> None:
    """Print rows with the first column to the left and the others to the right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
        ]
        result("  ".join(cells).rstrip())


def _share(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.4f}"
