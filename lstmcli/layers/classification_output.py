"""Classification output layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.losses import cross_entropy, cross_entropy_gradient
from lstmcli.layers.layer import Problem
from lstmcli.layers.output_layer import Loss, OutputLayer
from lstmcli.records import Array
from lstmcli.spec.kinds import list_of, positive, text, word_or
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class ClassificationOutput(OutputLayer):
    """Cross-entropy over classes that exclude one another (MATLAB classificationLayer).

        loss = -(1/N) sum_n sum_k w_k t_nk ln y_nk

    N counts the samples, each real time step being one in sequence-to-sequence networks; w are the
    ClassWeights. The gradient is taken through the softmax before it, w (y - t) / N, where no
    0 * inf can arise.
    """

    word: ClassVar[str] = "classification"
    aliases: ClassVar[tuple[str, ...]] = ("classificationOutput",)
    type_text: ClassVar[str] = "Classification Output"
    stem: ClassVar[str] = "classoutput"
    metric: ClassVar[str] = "Accuracy"
    classification: ClassVar[bool] = True
    follows: ClassVar[str | None] = "softmax"

    classes: str | tuple[str, ...] = prop(
        word_or("auto", list_of(text, "a list of class names")), "the classes in their order", default="auto"
    )
    class_weights: str | tuple[float, ...] = prop(
        word_or("none", list_of(positive, "a list of positive numbers")),
        "the weight of each class in the loss",
        default="none",
    )

    def describe(self) -> str:
        return "crossentropyex"

    @property
    def names(self) -> tuple[str, ...] | None:
        return self.classes if isinstance(self.classes, tuple) else None

    def with_names(self, names: tuple[str, ...]) -> Self:
        return replace(self, classes=names)

    def check(self) -> Iterator[Problem]:
        if isinstance(self.classes, tuple) and len(set(self.classes)) < len(self.classes):
            yield Problem("classes", "`Classes` names a class twice")
        if isinstance(self.class_weights, tuple):
            if not isinstance(self.classes, tuple):
                yield Problem(
                    "class_weights", "`ClassWeights` needs `Classes`, to know which weight is whose"
                )
            elif len(self.class_weights) != len(self.classes):
                counts = f"{len(self.class_weights)} weights and {len(self.classes)} classes"
                yield Problem("class_weights", f"`ClassWeights` has one weight a class, got {counts}")

    def loss(
        self,
        weights: Mapping[str, Array],
        y: Array,
        targets: NDArray[np.int32] | Array,
        counted: NDArray[np.bool_],
        need_gradient: bool,
    ) -> Loss:
        rows = y.reshape(-1, y.shape[-1])
        known = np.where(counted, targets, -1).astype(np.int32).ravel()
        w = np.ones(y.shape[-1]) if isinstance(self.class_weights, str) else np.array(self.class_weights)
        w = w.astype(y.dtype)
        total, correct, count = cross_entropy(rows, known, w)
        gradient = None
        if need_gradient:
            gradient = cross_entropy_gradient(rows, known, w, 1 / max(count, 1)).reshape(y.shape)
        return Loss(total, correct, count, gradient)

    def metric_value(self, loss: Loss) -> float:
        """Accuracy: the share of samples whose highest score is their class, in percent."""
        return 100 * loss.error / loss.samples if loss.samples else float("nan")
