"""Columns of texts: their words as steps, the sequences they are in, and what can be wrong with them."""

import io
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.data.declaration import DataSection
from lstmcli.data.parse import Texts
from lstmcli.data.reading import read_blocks, read_sequences
from lstmcli.data.selection import select
from lstmcli.data.windows import cut_and_sort
from lstmcli.data.words import words_of
from lstmcli.errors import DataError
from lstmcli.records import Task

LABEL, LABELS = Task(True, False), Task(True, True)


def split(text, tokenize=True):
    """The words of one text."""
    words = words_of(Texts(np.zeros(1, np.int32), (text,)), tokenize)
    assert words.counts.tolist() == [len(words.numbers)]
    return [words.distinct[number - 1] for number in words.numbers]


def spelt(sequences):
    """The words of each sequence."""
    steps = [sequences.words[int(number) - 1] for number in sequences.values[:, 0]]
    return [steps[a:b] for a, b in zip(sequences.offsets[:-1], sequences.offsets[1:], strict=True)]


def place(row, column, name):
    return f"\n --> d.csv: row {row}, column {column} (`{name}`)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat sat.", "the cat sat ."),
        ("Don’t, he said: 'rock'n'roll'!", "don’t , he said : ' rock'n'roll ' !"),
        ("It cost 1,000.50 (or 3.14), v2", "it cost 1,000.50 ( or 3.14 ) , v2"),
        ("twenty-one a_b x@y.org", "twenty - one a_b x @ y . org"),
        ("end.Begin...", "end . begin . . ."),
        ("ÄPFEL naïve ΑΒΓ ПРИВЕТ", "äpfel naïve αβγ привет"),
        ("e\u0301te\u0301 \U0001f600\U0001f600 ❤\ufe0f!", "e\u0301te\u0301 \U0001f600 \U0001f600 ❤\ufe0f !"),
        ("a\u00a0b\u3000c\td  e\u2028f", "a b c d e f"),
        ("中文 你好。", "中文 你好 。"),
        ("-", "-"),
    ],
)
def test_tokens(text, words):
    assert split(text) == words.split(" ")


def test_without_tokens_only_blanks_separate():
    assert split("U.S. don't\u00a0Stop -LRB- 1996-08-22", tokenize=False) == [
        "U.S.",
        "don't",
        "Stop",
        "-LRB-",
        "1996-08-22",
    ]


def is_letter(character):
    return character == "_" or unicodedata.category(character)[0] in "LMN"


@given(st.text(st.sampled_from("abZ09 .,'’-_!é\u0301ß中\U0001f600\u00a0"), min_size=1, max_size=12))
def test_tokens_are_the_text_without_its_blanks(text):
    """Again, character by character: nothing is lost or added, and what is split stays split."""
    words = split(text)
    assert "".join(words) == "".join(text.lower().split())
    assert all(word and not any(character.isspace() for character in word) for word in words)
    for word in words:
        bases = [c for c in word if unicodedata.category(c)[0] != "M"]
        assert len(bases) <= 1 or all(is_letter(c) or c in ".,'’" for c in bases)
    assert split(" ".join(words)) == words


TEXTS = 'text,who\n"Hi, you",a\nYou bet,b\nhi,a\n'


def test_each_row_is_a_sequence(read):
    sequences, targets = read(TEXTS, LABEL, words="text", labels="who")
    assert sequences.words == ("hi", ",", "you", "bet")
    assert sequences.values.dtype == np.float32
    assert sequences.values.ravel().tolist() == [1, 2, 3, 3, 4, 1]
    assert spelt(sequences) == [["hi", ",", "you"], ["you", "bet"], ["hi"]]
    assert sequences.ids == ("1", "2", "3")
    assert sequences.places == (("d.csv", 2), ("d.csv", 3), ("d.csv", 4))
    assert sequences.channels is None
    assert (targets.names, targets.values.tolist(), targets.per_step) == (("a", "b"), [0, 1, 0], False)


def test_equal_texts_side_by_side_are_sequences_of_their_own(read):
    sequences, _ = read("sequence,who\nCat,a\nCat,b\n", LABEL, words="sequence", labels="who")
    assert (sequences.ids, spelt(sequences)) == (("1", "2"), [["cat"], ["cat"]])


def test_rows_of_a_sequence_are_joined(read):
    text = "sequence,t,text,who\nx,1,a b,u\nx,2,c,u\ny,1,b,v\n"
    sequences, targets = read(text, LABEL, words="text", labels="who", time="t")
    assert (sequences.ids, spelt(sequences)) == (("x", "y"), [["a", "b", "c"], ["b"]])
    assert sequences.times.tolist() == ["1", "1", "2", "1"]
    assert targets.values.tolist() == [0, 1]


def test_a_file_is_a_sequence_where_that_is_asked_for(write):
    files = [write(f"{k}.csv", f"text\n{text}\n") for k, text in enumerate(["a b\nc", "b"])]
    sequences, _ = read_sequences(files, DataSection(words="text", sequence="none"), None)
    assert (sequences.ids, spelt(sequences)) == (("1", "2"), [["a", "b", "c"], ["b"]])


def test_rows_of_several_files_are_counted_on(write):
    files = [write(f"{k}.csv", f"text\n{text}\n") for k, text in enumerate(["a b\nc", "b"])]
    sequences, _ = read_sequences(files, DataSection(words="text"), None)
    assert (sequences.ids, spelt(sequences)) == (("1", "2", "3"), [["a", "b"], ["c"], ["b"]])


def test_a_file_of_a_folder_is_a_sequence(write):
    for name, text in {"f/u/1.csv": "text\nA b\nc\n", "f/v/1.csv": "text\nb\n"}.items():
        write(name, text)
    sequences, targets = read_sequences(["f"], DataSection(words="text"), LABEL)
    assert (sequences.ids, spelt(sequences)) == (("u/1", "v/1"), [["a", "b", "c"], ["b"]])
    assert [targets.names[k] for k in targets.values] == ["u", "v"]


def test_a_label_at_each_step(read):
    text = "sequence,word,tag\n1,The,D\n1,cat,N\n2,sat,V\n"
    sequences, targets = read(text, LABELS, words="word", labels="tag")
    assert spelt(sequences) == [["the", "cat"], ["sat"]]
    assert [targets.names[k] for k in targets.values] == ["D", "N", "V"]


def test_a_column_may_be_words_and_labels(read):
    """The next word is what a language model answers."""
    sequences, targets = read("word\nb\na\n", LABELS, words="word", labels="word", sequence="none")
    assert (spelt(sequences), targets.names, targets.values.tolist()) == ([["b", "a"]], ("a", "b"), [1, 0])


def test_blocks_bring_their_words_together(write, monkeypatch):
    monkeypatch.setattr("lstmcli.data.sources.CHUNK", 7)
    rows = ["x,c b", "x,a", "y,b d", "z,d a c", "z,e"]
    write("d.csv", "sequence,text\n" + "\n".join(rows) + "\n")
    columns = DataSection(words="text")
    assert len(list(read_blocks(["d.csv"], columns, None))) > 1
    sequences, _ = read_sequences(["d.csv"], columns, None)
    assert sequences.words == tuple("cbade")
    assert spelt(sequences) == [["c", "b", "a"], ["b", "d"], ["d", "a", "c", "e"]]
    assert spelt(select(sequences, np.array([2, 0]))) == [["d", "a", "c", "e"], ["c", "b", "a"]]


def test_a_row_of_a_pipe_is_there_before_the_next():
    class Pipe(io.BytesIO):
        def read1(self, size=-1):
            return self.readline()

    pipe = Pipe(b"text\na b\nc\n")
    blocks = read_blocks(["-"], DataSection(words="text"), None, pipe)
    assert spelt(next(blocks)[0]) == [["a", "b"]]
    assert pipe.tell() < len(pipe.getvalue())


def test_other_columns_are_not_looked_at(read):
    sequences, _ = read('id,"",text,x\n1,,a,NA\n2,,b,\n', words="text")
    assert spelt(sequences) == [["a"], ["b"]]


def test_texts_without_a_header(read):
    sequences, targets = read("a b,u\nc,v\n", LABEL, words="1", labels="2", header=False)
    assert (spelt(sequences), targets.values.tolist()) == ([["a", "b"], ["c"]], [0, 1])


def test_texts_that_look_like_missing_values_are_texts(read):
    assert spelt(read("text,x\nNA,1\n?,2\nnull,3\n", words="text")[0]) == [["na"], ["?"], ["null"]]


def test_texts_without_words(message):
    expected = f"error: the value is missing{place(3, 1, 'text')}\nhelp: leave the row out"
    assert message("text,x\na,1\n  ,2\n", words="text") == expected
    expected = [f"error: the text has no words{place(row, 1, 'text')}" for row in (3, 4)]
    expected[-1] += "\nhelp: leave the row out"
    assert message("text,x\na,1\n\u00a0,2\n\u3000\u2003,2\n", words="text") == "\n\n".join(expected)


def test_a_label_at_each_step_needs_one_word_a_row(message):
    text = "word,tag\nThe,D\nblack cat,N\nU.S.,N\n"
    task = replace(LABELS, answer_once="answer once")
    expected = (
        "error: there is one label for the text of 2 words, but the network answers at each time step"
        f"{place(3, 1, 'word')}\nhelp: answer once; a label at each step needs one word a row"
    )
    assert message(text, task, words="word", labels="tag", tokenize=False) == expected
    expected += ", and `tokenize: false` leaves what has no blanks whole"
    assert message(text, task, words="word", labels="tag") == expected
    text = "word,y\nblack cat,1\n"
    expected = "error: there is one response for the text of 2 words, but the network answers"
    assert message(text, Task(False, True), words="word", responses=("y",)).startswith(expected)


def test_a_column_of_words_that_is_not_there(message):
    expected = "error: there is no column `texts`\n --> d.csv\nhelp: did you mean `text`?"
    assert message("text,who\na,b\n", words="texts") == expected


def test_words_that_are_responses(message):
    expected = "error: column `y` is given as words and as responses\n --> d.csv"
    assert message("y\n1\n", Task(False, True), words="y", responses=("y",)) == expected
    expected = "error: no column is given as responses\n --> d.csv\nhelp: name them: "
    assert message("text\na b\n", Task(False, True), words="text", horizon=1).startswith(expected)


def test_responses_of_texts(read):
    sequences, targets = read("text,y\na b,0.5\nc,-1\n", Task(False, False), words="text", responses=("y",))
    assert (spelt(sequences), targets.values.tolist()) == ([["a", "b"], ["c"]], [[0.5], [-1]])


def test_a_label_that_changes_within_a_sequence_of_texts(write):
    write("d.csv", "sequence,text,who\n1,a b,u\n1,c d,v\n")
    with pytest.raises(DataError, match=r"label changes within sequence `1`\n --> d.csv: row 3, column 3"):
        read_sequences(["d.csv"], DataSection(words="text", labels="who"), LABEL)


def test_a_long_text_is_cut_into_windows(read):
    columns = DataSection(words="text", responses=("y",), window=2, stride=2)
    whole = read("text,y\na b c d e,1\n", Task(False, False), words="text", responses=("y",), window=2)
    sequences, targets = cut_and_sort(whole, columns, Task(False, False))
    assert (spelt(sequences), sequences.ids) == ([["a", "b"], ["c", "d"]], ("1/1", "1/2"))
    assert targets.values.tolist() == [[1], [1]]
