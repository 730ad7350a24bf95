"""Words by number: lists of them brought together, the vocabulary of training data, words looked up in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place
from lstmcli.records import Sequences

MOST_WORDS = 2**24
"""Whole numbers up to this one are exact in single precision."""


@dataclass(frozen=True)
class Vocabulary:
    """The words that a network knows, numbered from 1.

    closed : where data with other words is at fault, rather than them being 0, what would be right
    """

    words: tuple[str, ...]
    closed: str | None = None

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words, 1)}

    def look_up(self, sequences: Sequences) -> Sequences:
        """The sequences with their words' numbers in this vocabulary.

        Raises DataError if the values are no words, if there are other words than a closed vocabulary has,
        and as `numbers_as_values` does.
        """
        words = _words_of(sequences)
        table = np.array([0, *(self._numbers.get(word, 0) for word in words)], np.int64)
        numbers = table[sequences.values.astype(np.int64)]
        if self.closed and not numbers.all():
            raise DataError(self._unknown(sequences, np.flatnonzero(numbers[:, 0] == 0)))
        return replace(sequences, values=numbers_as_values(numbers, self.words), words=self.words)

    def _unknown(self, sequences: Sequences, steps: NDArray[np.int64]) -> list[Fault]:
        """The fault of each word, at its first step, that is not in the vocabulary."""
        words = _words_of(sequences)
        found: dict[str, Fault] = {}
        for step in steps.tolist():
            word = words[int(sequences.values[step, 0]) - 1]
            n = int(np.searchsorted(sequences.offsets, step, "right")) - 1
            where = Place(*sequences.places[n]) if sequences.places else None
            message = f"the word `{word}` in sequence `{sequences.ids[n]}` is not in the vocabulary"
            found.setdefault(word, Fault(message, where, self.closed))
            if len(found) > MOST_FAULTS:
                break
        return list(found.values())


def numbers_as_values(numbers: NDArray[np.int64], words: tuple[str, ...]) -> NDArray[np.float32]:
    """Numbers of words as the values of sequences, float32 as all are.

    Raises DataError if there are more words than single precision has whole numbers.
    """
    if len(words) > MOST_WORDS:
        message = f"there are {len(words)} different words, and no more than {MOST_WORDS} can be numbered"
        raise DataError(Fault(message, None, "read fewer texts"))
    return numbers.astype(np.float32)


def find_vocabulary(sequences: Sequences, most: int | None) -> tuple[str, ...]:
    """The words that occur, in the order of their first steps.

    most : only so many, those that occur most often; of words that occur equally often the first
    Raises DataError if the values are no words.
    """
    words = _words_of(sequences)
    numbers = sequences.values[:, 0].astype(np.int64)
    counts = np.bincount(numbers, minlength=len(words) + 1)
    first = np.empty(len(counts), np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    found = np.flatnonzero(counts)
    found = found[np.lexsort((first[found], -counts[found]))][:most]
    return tuple(words[number - 1] for number in found[np.argsort(first[found])])


def with_words_together(pieces: Sequence[Sequences]) -> Sequence[Sequences]:
    """The pieces with one list of words, theirs in order, where they number words."""
    if all(piece.words is pieces[0].words for piece in pieces):
        return pieces
    together = Vocabulary(tuple(dict.fromkeys(chain.from_iterable(piece.words or () for piece in pieces))))
    return [together.look_up(piece) for piece in pieces]


def _words_of(sequences: Sequences) -> tuple[str, ...]:
    if sequences.words is None:
        place = Place(sequences.places[0][0]) if sequences.places else None
        raise DataError(Fault("the data has numbers where words are to be read", place))
    return sequences.words
