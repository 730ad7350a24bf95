"""The picture of an evaluation: a confusion chart of a classifier, predicted against true of a regressor."""

from matplotlib.figure import Figure

from lstmcli.evaluation import Evaluation
from lstmcli.metrics import ClassificationMetrics
from lstmcli.pictures.confusion import draw_confusion
from lstmcli.pictures.responses import draw_responses


def draw_evaluation(found: Evaluation) -> Figure:
    """The one that fits."""
    metrics = found.metrics
    return draw_confusion(metrics) if isinstance(metrics, ClassificationMetrics) else draw_responses(found)
