"""A network as Python holds it: it answers arrays, goes on with sequences, and is saved."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.blocks import answer_blocks
from lstmcli.carried_states import CarriedStates
from lstmcli.continuation import Continuation
from lstmcli.data_fit import check_sequences, check_steps
from lstmcli.errors import Fault, ModelError, counted
from lstmcli.graph import Graph
from lstmcli.kernels.memory import Memory
from lstmcli.modelfile import refuse_other_files, write_model
from lstmcli.network_file import Stored, to_model
from lstmcli.network_file import read_network as read_stored
from lstmcli.prediction import Prediction, predict
from lstmcli.python.arrays import Data, is_list, joined, sequences_of
from lstmcli.python.values import changed
from lstmcli.records import Array, Sequences
from lstmcli.thread_count import use_allowed_processors

Answers = Array | list[Array]
Labels = NDArray[np.str_] | list[NDArray[np.str_]]


class Network:
    """A trained network, from `train_network` or `read_network`.

    Sequences are T-by-C arrays, steps by channels (MATLAB's are C-by-T); a list holds several. Answers to a
    list come in a list, to one array in one array; a network that answers once a sequence gives one array for
    all, N-by-K, a row a sequence. Mini-batches and padding are those of training, unless options such as
    MiniBatchSize or MaskPadding say otherwise.

    training_info : name -> float64, one value an iteration: TrainingLoss, ValidationLoss, ...
    """

    def __init__(self, stored: Stored):
        self._stored = stored
        self.training_info = {name: np.array(values) for name, values in stored.history.items()}
        self._memory = Memory()
        self.reset_state()

    def __repr__(self) -> str:
        graph = self._graph
        answers = ("class", "classes") if graph.output.classification else ("response",)
        layers = ", ".join(node.name for node in sorted(graph.nodes, key=lambda node: node.number))
        sizes = counted(graph.columns, "channel"), counted(graph.output_size.channels, *answers)
        return f"<Network of {' and '.join(sizes)}: {layers}>"

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of the scores; none of a regression network."""
        return self._names if self._graph.output.classification else ()

    @property
    def response_names(self) -> tuple[str, ...]:
        """The responses in their order; none of a classification network."""
        return () if self._graph.output.classification else self._names

    def learnables(self) -> dict[str, dict[str, Array]]:
        """Copies of all arrays, layer -> name -> array, with MATLAB's names and shapes."""
        weights = self._stored.network.weights
        return {layer: {name: array.copy() for name, array in own.items()} for layer, own in weights.items()}

    def predict(self, X: Data, **options: Any) -> Answers:
        """Scores or responses, as `lstmcli predict` writes them (MATLAB predict).

        Each sequence begins with the network's own state, whatever `predict_and_update_state` has seen.
        Raises InputError for data that does not fit the network.
        """
        sequences, run = sequences_of(X, self._graph.columns, "X"), changed(self._stored.options, options)
        check_sequences(self._graph, sequences, run, trained=True)

        def answer(some: Sequences) -> Iterable[Prediction]:
            return predict(self._stored.network, some, run, self._memory)

        by_length = self._stored.spec.data.sort == "length"
        found = answer_blocks(answer, [sequences], run, by_length)
        answers = [prediction.values for _, predictions in found for prediction in predictions]
        return joined(answers, self._graph.output_size.time, is_list(X))

    def classify(self, X: Data, **options: Any) -> Labels:
        """The class of each sequence, or of each step, by its name (MATLAB classify).

        Names are texts, also of classes that were given as numbers. Raises InputError as `predict` does, and
        for a regression network.
        """
        self._require_classes()
        return self._labels(self.predict(X, **options))

    def predict_and_update_state(self, X: Data) -> Answers:
        """Scores or responses of sequences that go on where the last call left them (MATLAB
        predictAndUpdateState).

        The k-th sequence of a list goes on with the k-th of earlier calls, a single one with the first.
        Padding never counts. Raises InputError as `predict` does, and for layers that need whole sequences.
        """
        graph = self._graph
        for node in graph.nodes:
            if not node.layer.works_in_pieces:
                message = (
                    f"{node.entry.title} needs whole sequences: pieces are not answered as these would be"
                )
                raise ModelError(Fault(message, None, "use `predict`"))
        sequences = sequences_of(X, graph.columns, "X")
        check_steps(graph, sequences, trained=True)
        answers = [found.values for found in self._continuation.predict(sequences)]
        return joined(answers, graph.output_size.time, is_list(X))

    def classify_and_update_state(self, X: Data) -> Labels:
        """The classes of sequences that go on, see `predict_and_update_state`."""
        self._require_classes()
        return self._labels(self.predict_and_update_state(X))

    def reset_state(self) -> None:
        """All sequences begin anew (MATLAB resetState)."""
        network = self._stored.network
        self._continuation = Continuation(network, self._stored.options, CarriedStates(network))

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write the model file that `lstmcli` reads, whole or not at all.

        Raises InputError if it cannot be written, or a file that is no model would be lost.
        """
        stored = self._stored
        refuse_other_files(file)
        write_model(Path(file), to_model(stored.spec, stored.network, stored.history))

    @property
    def _graph(self) -> Graph:
        return self._stored.network.graph

    @property
    def _names(self) -> tuple[str, ...]:
        return self._graph.output.names or ()

    def _require_classes(self) -> None:
        if not self._graph.output.classification:
            raise ModelError(
                Fault("a regression network has no classes", None, "use `predict` for its responses")
            )

    def _labels(self, scores: Answers) -> Labels:
        names = np.array(self.classes)
        if isinstance(scores, list):
            return [names[own.argmax(axis=1)] for own in scores]
        found: NDArray[np.str_] = names[scores.argmax(axis=1)]
        return found


def read_network(file: str | os.PathLike[str]) -> Network:
    """The network in a model file; raises InputError if there is none, or it is damaged."""
    use_allowed_processors()
    return Network(read_stored(Path(file)))
