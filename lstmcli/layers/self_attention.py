"""Self-attention layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.attention import attention_backward, attention_forward
from lstmcli.kernels.fully_connected import fully_connected_backward, fully_connected_forward
from lstmcli.layers.initializers import WEIGHT_RULES, Draw
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Given,
    Gradients,
    Layer,
    Mode,
    Parameter,
    Problem,
    Signals,
    Sizes,
    State,
    learnable,
    require_channels,
    require_sequences,
)
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import (
    PythonFunction,
    array,
    fraction_below_one,
    initializer,
    nonnegative,
    one_of,
    positive_integer,
    word_or,
)
from lstmcli.spec.properties import camel, prop

PROJECTIONS = ("query", "key", "value", "output")
WEIGHTS = tuple(camel(f"{name}_weights") for name in PROJECTIONS)
BIASES = tuple(camel(f"{name}_bias") for name in PROJECTIONS)
auto_or_count = word_or("auto", positive_integer)


@dataclass(frozen=True, kw_only=True)
class SelfAttention(Layer):
    """Steps that attend to one another (MATLAB selfAttentionLayer; Vaswani et al. 2017).

        q_t = W_q x_t + b_q    k_t, v_t likewise    each cut into H heads of equal size
        p_ts = exp(q_t' k_s / sqrt(K / H)) / sum_r exp(q_t' k_r / sqrt(K / H))    of each head
        y_t = W_o [sum_s p_ts v_s, of one head below the other] + b_o

    over the steps s and r of the same observation that count, with a causal mask those up to t.
    QueryWeights and KeyWeights (K, C), ValueWeights (V, C), OutputWeights (O, V), each with a bias. In
    training the scores p are dropped with DropoutProbability, each for itself.
    """

    word: ClassVar[str] = "selfAttention"
    type_text: ClassVar[str] = "Self Attention"
    stem: ClassVar[str] = "selfattention"
    arguments: ClassVar[tuple[str, ...]] = ("num_heads", "num_key_channels")
    foreign: ClassVar[dict[str, str]] = {
        "HasPaddingMaskInput": "`MaskPadding: true` says which steps are padding",
        "HasScoresOutput": "scores are as many for each step as the sequence has steps: no layer takes these",
        "NumQueryChannels": "there are as many as `NumKeyChannels`",
    }

    num_heads: int = prop(positive_integer, "the number of heads")
    num_key_channels: int = prop(
        positive_integer, "the number of channels of queries and keys, a multiple of NumHeads"
    )
    num_value_channels: int | str = prop(
        auto_or_count, "that of values, a multiple of NumHeads; auto is NumKeyChannels", default="auto"
    )
    output_size: int | str = prop(
        auto_or_count, "the number of output channels; auto is that of input channels", default="auto"
    )
    input_size: int | str = prop(auto_or_count, "the number of input channels", default="auto")
    attention_mask: str = prop(
        one_of("none", "causal"), "whether a step sees all steps or only those up to it", default="none"
    )
    dropout_probability: float = prop(
        fraction_below_one, "the probability of dropping a score in training", default=0.0
    )
    weights_initializer: str | PythonFunction = prop(
        initializer(*WEIGHT_RULES), "how all weights are drawn", default="glorot"
    )
    bias_initializer: str | PythonFunction = prop(
        initializer("zeros", "narrow-normal", "ones"), "how all biases are drawn", default="zeros"
    )
    query_weights: Given | None = prop(array, "the weights of queries to start from", default=None)
    key_weights: Given | None = prop(array, "the weights of keys to start from", default=None)
    value_weights: Given | None = prop(array, "the weights of values to start from", default=None)
    output_weights: Given | None = prop(array, "the weights of the output to start from", default=None)
    query_bias: Given | None = prop(array, "the bias of queries to start from", default=None)
    key_bias: Given | None = prop(array, "the bias of keys to start from", default=None)
    value_bias: Given | None = prop(array, "the bias of values to start from", default=None)
    output_bias: Given | None = prop(array, "the bias of the output to start from", default=None)
    weight_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    bias_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    weight_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)
    bias_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=0.0)

    def check(self) -> Iterator[Problem]:
        for name in ("num_key_channels", "num_value_channels"):
            count = getattr(self, name)
            if count != "auto" and count % self.num_heads:
                message = f"`{camel(name)}` of {self.word} must be a multiple of `NumHeads` {self.num_heads}"
                yield Problem(name, f"{message}, got {count}")

    @property
    def works_in_pieces(self) -> bool:
        return False

    def describe(self) -> str:
        heads = f"{self.num_heads} head{'s' if self.num_heads > 1 else ''}"
        return f"Self attention layer with {heads} and {self.num_key_channels} key channels"

    @property
    def values(self) -> int:
        """The number of channels of values, V."""
        count = self.num_value_channels
        return self.num_key_channels if isinstance(count, str) else count

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_sequences(size)
        require_channels("InputSize", self.input_size, size.channels)
        return (replace(size, channels=self._outputs(size)),)

    def _outputs(self, size: Size) -> int:
        return size.channels if isinstance(self.output_size, str) else self.output_size

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        keys, values = (self.num_key_channels, size.channels), (self.values, size.channels)
        shapes = dict(zip(PROJECTIONS, (keys, keys, values, (self._outputs(size), self.values)), strict=True))
        draws = {
            kind: {name: Draw(rule, columns, rows) for name, (rows, columns) in shapes.items()}
            for kind, rule in (("weights", self.weights_initializer), ("bias", self.bias_initializer))
        }
        weights = [
            learnable(self, f"{name}_weights", shape, draws["weights"][name], factors="weight")
            for name, shape in shapes.items()
        ]
        biases = [
            learnable(self, f"{name}_bias", shape[:1], draws["bias"][name], factors="bias")
            for name, shape in shapes.items()
        ]
        return (*weights, *biases)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        (T, B, C), K, V = x.data.shape, self.num_key_channels, self.values
        memory, kind = mode.memory_of(self), x.data.dtype
        packs = mode.packs(memory)
        # Queries, keys and values are one product.
        W, b = memory.take("weights", (2 * K + V, C), kind), memory.take("bias", (2 * K + V,), kind)
        if packs:
            np.concatenate([weights[name] for name in WEIGHTS[:3]], out=W)
            np.concatenate([weights[name] for name in BIASES[:3]], out=b)
        rows = x.data.reshape(-1, C)
        qkv = fully_connected_forward(rows, W, b, memory.part("input"), packs).reshape(T, B, len(W))
        probability, key = 0.0, np.uint64(0)
        if mode.random is not None and self.dropout_probability > 0:
            probability, key = self.dropout_probability, mode.random.integers(2**64, dtype=np.uint64)
        how = (self.num_heads, K, self.attention_mask == "causal", probability, key)
        passed = attention_forward(qkv, x.start, x.stop, *how, memory.part("attention"))
        values, output = passed.o.reshape(-1, V), memory.part("output")
        y = fully_connected_forward(values, weights["OutputWeights"], weights["OutputBias"], output, packs)
        return Forward((x.with_data(y.reshape(T, B, y.shape[-1])),), (), (rows, W, passed, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (rows, W, passed, memory), K = dys, saved, self.num_key_channels
        assert dy is not None
        flat, values = dy.reshape(-1, dy.shape[-1]), passed.o.reshape(-1, self.values)
        output = memory.part("output")
        do, dWo, dbo = fully_connected_backward(values, weights["OutputWeights"], flat, True, output)
        assert do is not None
        dqkv = attention_backward(passed, do.reshape(passed.o.shape), memory.part("attention"))
        dqkv = dqkv.reshape(-1, len(W))
        dx, dW, db = fully_connected_backward(rows, W, dqkv, need_dx, memory.part("input"))
        # It adds the same to all scores of a query, which changes no weight: the sum is 0 but for rounding.
        db[K : 2 * K] = 0
        parts = slice(K), slice(K, 2 * K), slice(2 * K, None)
        gradients = [*(dW[part] for part in parts), dWo, *(db[part] for part in parts), dbo]
        dx = None if dx is None else dx.reshape(*dy.shape[:-1], rows.shape[-1])
        return Backward((dx,), dict(zip((*WEIGHTS, *BIASES), gradients, strict=True)))
