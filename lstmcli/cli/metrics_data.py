"""Metrics as a program reads them: one JSON object, or CSV with a row for each class or response."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from lstmcli.cli.streams import result
from lstmcli.data.writing import quote
from lstmcli.metrics import ClassificationMetrics, Metrics, RegressionMetrics

TOP = (2, 5)
"""Accuracies among so many classes with the largest scores, of networks with more classes."""


def print_json(metrics: Metrics) -> None:
    """Print all figures as one JSON object on one line; what has no value is null."""
    rows = list(_rows(metrics))
    if isinstance(metrics, RegressionMetrics):
        result(json.dumps({"samples": metrics.count, "responses": rows}, ensure_ascii=False))
        return
    figures: dict[str, Any] = {
        "samples": metrics.count,
        "correct": metrics.correct,
        "accuracy": metrics.accuracy,
        "balanced_accuracy": number(metrics.balanced_accuracy),
        **{f"top_{k}_accuracy": metrics.top(k) for k in TOP if k < len(metrics.classes)},
        "classes": rows,
        "confusion": metrics.confusion.tolist(),
    }
    result(json.dumps(figures, ensure_ascii=False))


def print_csv(metrics: Metrics) -> None:
    """Print the rows of the classes, or of the responses, as CSV; what has no value is empty."""
    rows = list(_rows(metrics))
    result(",".join(rows[0]))
    for row in rows:
        result(",".join("" if value is None else quote(str(value)) for value in row.values()))


def _rows(metrics: Metrics) -> Sequence[Mapping[str, Any]]:
    if isinstance(metrics, ClassificationMetrics):
        shares = {name: getattr(metrics, name).tolist() for name in ("precision", "recall", "f1", "auc")}
        return [
            {"class": name, **{key: number(own[k]) for key, own in shares.items()}, "samples": support}
            for k, (name, support) in enumerate(zip(metrics.classes, metrics.support.tolist(), strict=True))
        ]
    errors = {name: getattr(metrics, name).tolist() for name in ("rmse", "mae", "mape", "r2")}
    return [
        {"response": name, **{key: number(own[k]) for key, own in errors.items()}, "samples": metrics.count}
        for k, name in enumerate(metrics.responses)
    ]


def number(value: float) -> float | None:
    """What JSON has for a figure: None for one that has no value, or no finite one."""
    return value if math.isfinite(value) else None
