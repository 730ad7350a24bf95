"""Metrics as a person reads them."""

import numpy as np

from lstmcli.cli.columns import print_columns
from lstmcli.cli.metrics_data import TOP
from lstmcli.cli.streams import result
from lstmcli.metrics import ClassificationMetrics, Metrics


def print_metrics(metrics: Metrics, title: str, tables: bool) -> None:
    """Print on stdout: the figure that counts, `title` in front of it, and the tables behind it."""
    if isinstance(metrics, ClassificationMetrics):
        counts = f"{metrics.correct} of {metrics.count}"
        result(f"{title}accuracy: {metrics.accuracy:.4f} ({counts})")
        if tables:
            _print_more(metrics)
            _print_classes(metrics)
            _print_confusion(metrics)
        return
    figures = metrics.rmse, metrics.mae, metrics.mape, metrics.r2
    for name, rmse, mae, mape, r2 in zip(metrics.responses, *figures, strict=True):
        of = "" if len(metrics.responses) == 1 else f" of {name}"
        more = f", MAPE: {_percent(mape)}, R2: {_share(r2)}" if tables else ""
        result(f"{title}RMSE{of}: {rmse:.6g}, MAE: {mae:.6g}{more} ({metrics.count} samples)")


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
    print_columns(rows)


def _print_confusion(metrics: ClassificationMetrics) -> None:
    rows = [["true \\ predicted", *metrics.classes]]
    for name, counts in zip(metrics.classes, metrics.confusion, strict=True):
        rows.append([name, *(str(count) if count else "." for count in counts)])
    result()
    print_columns(rows)


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.4g} %"


def _share(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.4f}"
