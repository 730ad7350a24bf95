"""Texts to words: a step for each word of a text."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from lstmcli.data.parse import LEAVE_OUT, Texts
from lstmcli.data.selection import offsets_of, ranges
from lstmcli.data.targets import once_only
from lstmcli.data.vocabulary import numbers_as_values
from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place
from lstmcli.records import Sequences, Targets, Task

_LETTERS = r"\p{L}\p{M}\p{N}\p{Cf}_"
TOKEN = rf"\p{{Nd}}+(?:[.,]\p{{Nd}}+)+|[{_LETTERS}]+(?:['’][{_LETTERS}]+)*|[^\s{_LETTERS}]\p{{M}}*"
"""A number with its points and commas; letters, marks, digits and `_` with apostrophes between; any other
character that is no blank."""


class Words(NamedTuple):
    """The words of a column of texts.

    counts : int64[n], words of each row; numbers : int64[S], from 1, the word at each of all steps
    distinct : the words, in the order of the first row and place they stand at
    """

    counts: NDArray[np.int64]
    numbers: NDArray[np.int64]
    distinct: tuple[str, ...]


def words_of(column: Texts, tokenize: bool) -> Words:
    """The words between the blanks of each text; with `tokenize` in lower case, and punctuation apart."""
    texts = pa.array(column.texts, pa.string())
    if tokenize:
        texts = compute.replace_substring_regex(compute.utf8_lower(texts), TOKEN, r"\0 ")
    texts = compute.utf8_trim_whitespace(texts)
    # A text of blanks would be split into one word of nothing.
    texts = compute.if_else(compute.equal(texts, ""), None, texts)
    split = compute.utf8_split_whitespace(texts)
    counts = compute.fill_null(compute.list_value_length(split), 0).to_numpy().astype(np.int64)
    coded = compute.dictionary_encode(compute.list_flatten(split))
    starts = offsets_of(counts)[:-1]
    places = ranges(starts[column.numbers], counts[column.numbers])
    numbers = coded.indices.to_numpy().astype(np.int64)[places] + 1
    return Words(counts[column.numbers], numbers, tuple(coded.dictionary.to_pylist()))


def spell_out(
    sequences: Sequences, targets: Targets | None, words: Words
) -> tuple[Sequences, Targets | None, NDArray[np.int64]]:
    """A step for each word where there was one for each row; and the row of each step, from 0."""
    rows = np.repeat(np.arange(len(words.counts)), words.counts)
    times = sequences.times
    spelt = replace(
        sequences,
        values=numbers_as_values(words.numbers, words.distinct)[:, None],
        offsets=offsets_of(words.counts)[sequences.offsets],
        times=None if times is None else times[rows],
        words=words.distinct,
    )
    return spelt, targets and replace(targets, values=targets.values[rows]), rows


def check_counts(words: Words, place: Callable[[int], Place]) -> None:
    """Raise DataError for each row without a word; `place` is that of a row's text, by its number from 0."""
    wrong = np.flatnonzero(words.counts == 0)[: MOST_FAULTS + 1].tolist()
    if wrong:
        raise DataError(Fault("the text has no words", place(row), LEAVE_OUT) for row in wrong)


def check_one_each(words: Words, task: Task, tokenize: bool, place: Callable[[int], Place]) -> None:
    """Raise DataError at the first row of several words: it has one target, and each word needs one."""
    several = np.flatnonzero(words.counts > 1)
    if len(several):
        row = int(several[0])
        fault = once_only(task, place(row), f"the text of {words.counts[row]} words")
        help = f"{fault.help}; a {'label' if task.classification else 'response'} at each step needs one word"
        help += " a row" + (", and `tokenize: false` leaves what has no blanks whole" if tokenize else "")
        raise DataError(replace(fault, help=help))
