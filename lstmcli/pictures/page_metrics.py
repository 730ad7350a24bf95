"""How well a network answers, on a page: the confusion matrix of a classifier, the errors of a regressor."""

from collections.abc import Iterator

import numpy as np

from lstmcli.metrics import ClassificationMetrics, Metrics, RegressionMetrics
from lstmcli.pictures.page_style import escaped
from lstmcli.pictures.page_tables import table

MOST_CLASSES = 40
"""Classes whose confusion is a matrix that can be read; of more, the pairs confused most are listed."""
MOST_PAIRS = 20


def metrics_html(metrics: Metrics) -> str:
    """Figures and tables of one evaluation."""
    if isinstance(metrics, RegressionMetrics):
        return _errors(metrics)
    right = f"{metrics.correct:,} of {metrics.count:,} right"
    line = f"{right}: {_percent(metrics.accuracy)}, balanced {_percent(metrics.balanced_accuracy)}"
    shown = _matrix if len(metrics.classes) <= MOST_CLASSES else _pairs
    return f"<p>{line}</p>\n{shown(metrics)}"


def _errors(metrics: RegressionMetrics) -> str:
    figures = metrics.rmse, metrics.mae, metrics.mape, metrics.r2
    rows = [
        ((name,), (f"{rmse:.5g}",), (f"{mae:.5g}",), (_percent(mape),), (_number(r2),))
        for name, rmse, mae, mape, r2 in zip(metrics.responses, *figures, strict=True)
    ]
    heading = ("Response", "RMSE", "MAE", "MAPE", "R²")
    return f"<p>Samples: {metrics.count:,}</p>\n{table(heading, rows, 'numbers')}"


def _matrix(metrics: ClassificationMetrics) -> str:
    """True classes in rows, coloured by their share of the row, with recall and precision at the sides."""
    titles = "".join(f'<th scope="col">{escaped(name)}</th>' for name in metrics.classes)
    rows = "\n".join(_rows(metrics))
    below = "".join(f"<td>{_percent(share)}</td>" for share in metrics.precision)
    count = len(metrics.classes)
    return (
        '<div class="wide"><table class="confusion">\n'
        f'<thead><tr><td></td><th scope="colgroup" colspan="{count}">Predicted class</th><td></td></tr>\n'
        f'<tr><th scope="col" class="true">True class</th>{titles}'
        '<th scope="col" class="rim">Recall</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n"
        f'<tfoot><tr><th scope="row" class="rim">Precision</th>{below}<td></td></tr></tfoot></table></div>'
    )


def _rows(metrics: ClassificationMetrics) -> Iterator[str]:
    rows = zip(metrics.classes, metrics.confusion.tolist(), metrics.recall, strict=True)
    for k, (name, counts, recall) in enumerate(rows):
        total = max(1, sum(counts))
        cells = "".join(_cell(n, n / total, right=k == j) for j, n in enumerate(counts))
        yield f'<tr><th scope="row">{escaped(name)}</th>{cells}<td class="rim">{_percent(recall)}</td></tr>'


def _cell(count: int, share: float, right: bool) -> str:
    if not count:
        return "<td></td>"
    kind = "right" if right else "wrong"
    strong = " strong" if share > 0.5 else ""
    # Rare mistakes are seen, too.
    return f'<td class="{kind}{strong}" style="--share:{100 * (0.12 + 0.88 * share):.0f}%">{count:,}</td>'


def _pairs(metrics: ClassificationMetrics) -> str:
    rows = [
        ((metrics.classes[true],), (metrics.classes[predicted],), (f"{samples:,}",))
        for true, predicted, samples in metrics.confused[:MOST_PAIRS]
    ]
    heading = ("True class", "Predicted class", "Samples")
    return "<p>The classes confused most:</p>\n" + table(heading, rows, "pairs") if rows else ""


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.1f} %"


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.4f}"
