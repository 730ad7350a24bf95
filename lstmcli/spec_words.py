"""Where words of data meet the layers that take them: the vocabulary, and what must go together."""

import numpy as np

from lstmcli.data.vocabulary import Vocabulary, find_vocabulary
from lstmcli.errors import Fault, SpecError
from lstmcli.layer_array import Entry
from lstmcli.layers.word_embedding import ERROR, WordEmbedding
from lstmcli.records import Sequences
from lstmcli.spec_file import Spec


def check_words(spec: Spec) -> None:
    """Raise SpecError for words that no layer takes, and at layers that nothing tells the number of words."""
    found, section = _embeddings(spec), spec.data
    faults = []
    if section.words is not None and not found:
        help = "put `- wordEmbedding: 100` behind the input layer, which has `InputSize` 1"
        faults.append(Fault("`words` of data needs a wordEmbedding layer", None, help))
    if section.words is None or section.train is None:
        help = "give the number, or training data with texts: `data: {train: file.csv, words: COLUMN}`"
        faults += [
            Fault(f"{entry.title} needs `NumWords`, as no words are named", entry.mark, help)
            for entry, layer in found
            if layer.num_words == "auto"
        ]
    if faults:
        raise SpecError(faults)


def learn_vocabulary(spec: Spec, train: Sequences) -> Vocabulary:
    """The words of the training sequences, as many as the largest NumWords says; raises as it does."""
    sizes = [layer.num_words for _, layer in _embeddings(spec)]
    numbers = [size for size in sizes if isinstance(size, int)]
    most = max(numbers) if len(numbers) == len(sizes) else None
    words = find_vocabulary(train, most)
    if not _is_closed(spec):
        return Vocabulary(words)
    is_cut = len(words) < len(np.unique(train.values))
    help = "let unknown words have the last vector: `OOVMode: map-to-last`"
    return Vocabulary(words, f"raise `NumWords`, or {help}" if is_cut else help)


def stored_vocabulary(spec: Spec) -> Vocabulary | None:
    """The words that a trained network knows, None if it takes numbers."""
    if spec.data.words is None:
        return None
    help = "a network trained with `OOVMode: map-to-last` takes unknown words, too"
    return Vocabulary(spec.vocabulary, help if _is_closed(spec) else None)


def _is_closed(spec: Spec) -> bool:
    return any(layer.oov_mode == ERROR for _, layer in _embeddings(spec))


def _embeddings(spec: Spec) -> list[tuple[Entry, WordEmbedding]]:
    entries = ((entry, entry.layer) for entry in spec.layers.entries)
    return [(entry, layer) for entry, layer in entries if isinstance(layer, WordEmbedding)]
