"""Regression output layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.losses import half_squared_error, half_squared_error_gradient
from lstmcli.layers.initializers import Draw
from lstmcli.layers.layer import Parameter, Role
from lstmcli.layers.output_layer import Loss, OutputLayer
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import list_of, text, word_or
from lstmcli.spec.properties import prop

RESPONSE_NORMALIZATIONS = ("none", "zscore", "rescale-zero-one")


@dataclass(frozen=True, kw_only=True)
class RegressionOutput(OutputLayer):
    """Half the mean squared error, not divided by the number of responses (MATLAB regressionLayer).

        loss of an observation = 1/2 sum_j (t_j - y_j)^2, or 1/(2S) sum_s sum_j (t_sj - y_sj)^2

    with S its real time steps; then the mean over the observations. RMSE = sqrt(2 loss).

    ResponseOffset a and ResponseScale b, float[R], are 0 and 1 unless the option ResponseNormalization
    has them measured: the network learns (t - a) / b and answers with b y + a. The loss is then in
    the network's scale, the RMSE in that of the responses.
    """

    word: ClassVar[str] = "regression"
    aliases: ClassVar[tuple[str, ...]] = ("regressionOutput",)
    type_text: ClassVar[str] = "Regression Output"
    stem: ClassVar[str] = "regressionoutput"
    metric: ClassVar[str] = "RMSE"
    classification: ClassVar[bool] = False

    response_names: str | tuple[str, ...] = prop(
        word_or("auto", list_of(text, "a list of names")), "the responses in their order", default="auto"
    )

    def describe(self) -> str:
        return "mean-squared-error"

    @property
    def names(self) -> tuple[str, ...] | None:
        return self.response_names if isinstance(self.response_names, tuple) else None

    def with_names(self, names: tuple[str, ...]) -> Self:
        return replace(self, response_names=names)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        shape = (size.channels,)
        return (
            Parameter("ResponseOffset", shape, Role.STATISTIC, Draw("zeros", 1, 1)),
            Parameter("ResponseScale", shape, Role.STATISTIC, Draw("ones", 1, 1)),
        )

    def measure(self, responses: Array, normalization: str) -> dict[str, Array]:
        """Offset and scale of training responses float[S, R]; a constant response keeps scale 1."""
        t = responses.astype(np.float64)
        offset, scale = np.zeros(t.shape[1]), np.ones(t.shape[1])
        if normalization == "zscore":
            offset = t.mean(axis=0)
            scale = t.std(axis=0, ddof=1) if len(t) > 1 else 0 * offset
        elif normalization == "rescale-zero-one":
            offset, scale = t.min(axis=0), t.max(axis=0) - t.min(axis=0)
        scale[scale == 0] = 1
        return {
            "ResponseOffset": offset.astype(np.float32),
            "ResponseScale": scale.astype(np.float32),
        }

    def loss(
        self,
        weights: Mapping[str, Array],
        y: Array,
        targets: NDArray[np.int32] | Array,
        counted: NDArray[np.bool_],
        need_gradient: bool,
    ) -> Loss:
        scale = weights["ResponseScale"]
        t = ((targets - weights["ResponseOffset"]) / scale).astype(y.dtype)
        steps = counted.sum(axis=0) if counted.ndim == 2 else counted.astype(np.int64)
        weight = (counted / np.maximum(steps, 1)).astype(y.dtype).ravel()
        rows, wanted = y.reshape(-1, y.shape[-1]), t.reshape(-1, y.shape[-1])
        total = half_squared_error(rows, wanted, weight)
        error = 2 * half_squared_error(rows * scale, wanted * scale, weight)
        count = int(np.count_nonzero(steps))
        gradient = None
        if need_gradient:
            weight = (weight / max(count, 1)).astype(y.dtype)
            gradient = half_squared_error_gradient(rows, wanted, weight).reshape(y.shape)
        return Loss(total, error, count, gradient)

    def metric_value(self, loss: Loss) -> float:
        """RMSE: the root of the mean over observations of sum_j (t_j - y_j)^2."""
        return float(np.sqrt(loss.error / loss.samples)) if loss.samples else float("nan")

    def restore(self, weights: Mapping[str, Array], y: Array) -> Array:
        """The answer b y + a on the scale of the responses."""
        return (y * weights["ResponseScale"] + weights["ResponseOffset"]).astype(y.dtype, copy=False)
