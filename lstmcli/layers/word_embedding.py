"""Word embedding layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.kernels.embedding import embedding_backward, embedding_forward
from lstmcli.layers.initializers import WEIGHT_RULES, Draw
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Given,
    Gradients,
    Layer,
    Mode,
    Parameter,
    Signals,
    SizeError,
    Sizes,
    State,
    learnable,
    require_sequences,
)
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import PythonFunction, initializer, nonnegative, one_of, positive_integer, word_or
from lstmcli.spec.properties import prop
from lstmcli.spec.word_values import word_values

MAP_TO_LAST, ERROR = "map-to-last", "error"


@dataclass(frozen=True, kw_only=True)
class WordEmbedding(Layer):
    """A vector for each number of a word, 1 ... N (MATLAB wordEmbeddingLayer).

        y_t = W e_i,  i the number of the word at step t

    Weights W (D, N + 1) for dimension D and N words. The last column is for every other number: a word that
    is not in the vocabulary, and padding, both 0. With OOVMode error it is not there, Weights are (D, N),
    data with such words is at fault, and padding is a vector of zeros. Numbers have no gradient.
    """

    word: ClassVar[str] = "wordEmbedding"
    type_text: ClassVar[str] = "Word Embedding Layer"
    stem: ClassVar[str] = "word-embedding"
    arguments: ClassVar[tuple[str, ...]] = ("dimension", "num_words")

    dimension: int = prop(positive_integer, "the length of each vector, D")
    num_words: int | str = prop(
        word_or("auto", positive_integer),
        "the number of words, N: all of the training data, or the most frequent ones",
        default="auto",
    )
    oov_mode: str = prop(
        one_of(MAP_TO_LAST, ERROR),
        "whether words out of the vocabulary have the last vector or are a fault",
        default=MAP_TO_LAST,
        word="OOVMode",
    )
    weights_initializer: str | PythonFunction = prop(
        initializer(*WEIGHT_RULES), "how the weights are drawn", default="narrow-normal"
    )
    weights: Given | None = prop(
        word_values,
        "the vectors to start from, columns of a matrix or by word; those that are not there are drawn",
        default=None,
    )
    weight_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    weight_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)

    def describe(self) -> str:
        words = "all" if self.num_words == "auto" else self.num_words
        return f"Word embedding layer with {self.dimension} dimensions and {words} unique words"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_sequences(size)
        if size.channels != 1:
            raise SizeError("takes one channel, of numbers of words")
        return (replace(size, channels=self.dimension),)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        if isinstance(self.num_words, str):
            return ()
        columns = self.num_words + (self.oov_mode == MAP_TO_LAST)
        draw = Draw(self.weights_initializer, columns, self.dimension)
        weights = learnable(self, "weights", (self.dimension, columns), draw, factors="weight")
        return (replace(weights, words=self.num_words),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        W, memory = weights["Weights"], mode.memory_of(self)
        assert isinstance(self.num_words, int)
        y, found = embedding_forward(x.data.reshape(-1), W, self.num_words, memory)
        output = x.with_data(y.reshape(*x.data.shape[:-1], self.dimension))
        return Forward((output,), (), (found, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (found, memory) = dys, saved
        assert dy is not None
        flat = dy.reshape(-1, self.dimension)
        dW = embedding_backward(found, flat, weights["Weights"].shape[1], memory)
        dx = memory.zeros("dx", (*dy.shape[:-1], 1), dy.dtype) if need_dx else None
        return Backward((dx,), {"Weights": dW})
