"""Words by number: the vocabulary of training data, and words of other data looked up in it."""

import numpy as np
import pytest

from lstmcli.data.parse import Texts
from lstmcli.data.selection import concatenate
from lstmcli.data.vocabulary import MOST_WORDS, Vocabulary, find_vocabulary
from lstmcli.data.words import spell_out, words_of
from lstmcli.errors import DataError
from lstmcli.records import Sequences


def texts(*sequences, words=None):
    """Sequences of words, one letter each, numbered as in `words`."""
    words = words or tuple(dict.fromkeys("".join(sequences)))
    values = np.array([[words.index(letter) + 1] for letter in "".join(sequences)], np.float32)
    offsets = np.cumsum([0, *map(len, sequences)])
    ids = tuple(str(n) for n in range(1, len(sequences) + 1))
    places = tuple(("d.csv", n + 1) for n in range(1, len(sequences) + 1))
    return Sequences(values, offsets, ids, places=places, words=tuple(words))


def numbers(sequences):
    return sequences.values[:, 0].tolist()


@pytest.mark.parametrize(
    ("most", "found"),
    [(None, "cabed"), (9, "cabed"), (5, "cabed"), (4, "cabe"), (3, "cab"), (2, "ca"), (1, "a")],
)
def test_the_words_that_occur_most_in_the_order_of_their_first_steps(most, found):
    sequences = texts("caba", "bec", "ad", words="xabcdey")
    assert find_vocabulary(sequences, most) == tuple(found)


def test_a_frequent_word_stays_behind_an_earlier_one():
    assert find_vocabulary(texts("xyzzyz"), 2) == ("y", "z")


def test_words_are_looked_up():
    sequences = texts("cab", "ax")
    found = Vocabulary(("a", "b", "c")).look_up(sequences)
    assert numbers(found) == [3, 1, 2, 1, 0]
    assert found.words == ("a", "b", "c")
    assert found.values.dtype == np.float32
    assert (found.ids, found.places) == (sequences.ids, sequences.places)
    again = Vocabulary(("b",)).look_up(found)
    assert numbers(again) == [0, 0, 1, 0, 0]


def test_a_closed_vocabulary_refuses_other_words():
    sequences = texts("ab", "axy", "xb", "z")
    with pytest.raises(DataError) as caught:
        Vocabulary(("a", "b"), "spell them").look_up(sequences)
    expected = "\n\n".join(
        f"error: the word `{word}` in sequence `{n}` is not in the vocabulary\n --> d.csv: row {n + 1}"
        for word, n in (("x", 2), ("y", 2), ("z", 4))
    )
    assert str(caught.value) == f"{expected}\nhelp: spell them"
    closed = Vocabulary(("a", "b"), "spell them").look_up(texts("ab", "ba"))
    assert numbers(closed) == [1, 2, 2, 1]


def test_no_more_words_than_single_precision_can_number(monkeypatch):
    assert np.float32(MOST_WORDS) != np.float32(MOST_WORDS - 1)
    assert np.float32(MOST_WORDS) == np.float32(MOST_WORDS + 1)
    monkeypatch.setattr("lstmcli.data.vocabulary.MOST_WORDS", 3)
    sequences = texts("abc")
    message = "there are 4 different words, and no more than 3 can be numbered"
    for read in (
        lambda: concatenate([sequences, texts("d")]),
        lambda: Vocabulary(tuple("abcd")).look_up(sequences),
        lambda: spell_out(sequences, None, words_of(Texts(np.zeros(1, np.int32), ("a b c d",)), True)),
    ):
        with pytest.raises(DataError, match=message):
            read()
    assert numbers(concatenate([sequences, texts("c")])) == [1, 2, 3, 3]


def test_many_other_words_are_not_all_looked_for():
    with pytest.raises(DataError) as caught:
        Vocabulary(("a",), "spell them").look_up(texts("bcdefghijklmnopq"))
    assert len(caught.value.faults) == 11


def test_numbers_are_no_words():
    plain = Sequences(np.ones((2, 1), np.float32), np.array([0, 2]), ("1",), places=(("d.ts", 7),))
    for ask in (Vocabulary(("a",)).look_up, lambda sequences: find_vocabulary(sequences, None)):
        with pytest.raises(
            DataError, match=r"^error: the data has numbers where words are to be read\n --> d.ts$"
        ):
            ask(plain)


def test_lists_of_words_are_brought_together():
    pieces = [texts("ab"), texts("bc", "a"), texts("d", words="da")]
    whole = concatenate(pieces)
    assert whole.words == tuple("abcd")
    assert numbers(whole) == [1, 2, 2, 3, 1, 4]
    assert concatenate(pieces[:1]) is pieces[0]
    same = [texts("ab"), texts("b")]
    same[1] = Vocabulary(same[0].words).look_up(same[1])
    assert concatenate(same).words is same[1].words
