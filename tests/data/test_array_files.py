"""NumPy's array files: one a sequence, by themselves or in a folder with labels."""

import io

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.data.selection import select
from lstmcli.data.splitting import split_sequences, split_series
from lstmcli.data.windows import cut_and_sort
from lstmcli.errors import DataError
from lstmcli.records import Targets, Task

LABEL = Task(classification=True, per_step=False)
RESPONSE, RESPONSES = (Task(classification=False, per_step=per_step) for per_step in (False, True))
rng = np.random.default_rng(0)


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def read(*paths, task=None, **columns):
    return read_sequences(list(paths), DataSection(**columns), task)


def message(*paths, **arguments):
    with pytest.raises(DataError) as caught:
        read(*paths, **arguments)
    return str(caught.value)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, bool])
def test_steps_by_channels(write, dtype):
    a, b = (rng.integers(0, 2, (n, 3)).astype(dtype) for n in (4, 2))
    sequences, targets = read(write("a.npy", npy(a)), write("b.npy", npy(np.asfortranarray(b))))
    assert (sequences.ids, targets) == (("a", "b"), None)
    np.testing.assert_array_equal(sequences.values, np.concatenate([a, b]).astype(np.float32))
    assert sequences.lengths.tolist() == [4, 2]


def test_images_are_columns_along_their_height_first(write):
    images = rng.normal(size=(5, 2, 3, 4))
    sequences, _ = read(write("a.npy", npy(images)))
    assert sequences.values[4, 1 + 2 * 2 + 6 * 3] == np.float32(images[4, 1, 2, 3])
    assert sequences.shape == (2, 3, 4)
    grey, _ = read(write("b.npy", npy(images[..., 0])))
    assert grey.values[4, 1 + 2 * 2] == np.float32(images[4, 1, 2, 0])
    assert grey.shape == (2, 3, 1)
    single, _ = read(write("c.npy", npy(images[:, 0, 0, 0])))
    assert (single.values.shape, single.shape) == ((5, 1), None)


def test_a_folder_with_labels(write):
    for name in ("one", "two"):
        write(f"d/{name}.npy", npy(rng.normal(size=(3, 2))))
    write("d/labels.csv", "file,label\none.npy,up\ntwo,down\n")
    sequences, targets = read("d", task=LABEL)
    assert sequences.ids == ("one", "two")
    assert (targets.names, targets.values.tolist()) == (("down", "up"), [1, 0])


def test_sub_folders_are_classes(write):
    for name in ("up/1", "up/2", "down/1"):
        write(f"d/{name}.npy", npy(rng.normal(size=(3, 2))))
    sequences, targets = read("d", task=LABEL)
    assert sequences.ids == ("down/1", "up/1", "up/2")
    assert targets.values.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (npy(np.zeros((2, 3)))[:-4], "this is no whole `.npy` file of numbers"),
        (b"nonsense", "this is no whole `.npy` file of numbers"),
        (npy(np.array([{}]), allow_pickle=True), "this is no whole `.npy` file of numbers"),
        (npy(np.zeros((2, 3), complex)), "this does not hold real numbers"),
        (npy(np.zeros((2, 0))), "the array is 2-by-0"),
        (npy(np.float64(3)), "the array is a single number"),
        (npy(np.zeros((1, 2, 3, 4, 5))), "the array is 1-by-2-by-3-by-4-by-5"),
        (npy(np.array([[1, 2], [np.nan, 3]])), "step 2 has a value that is no finite number"),
    ],
)
def test_faults_name_the_file(write, content, expected):
    with pytest.raises(DataError) as caught:
        read(write("a.npy", content))
    assert str(caught.value).startswith(f"error: {expected}")
    assert "\n --> a.npy" in str(caught.value)


def test_a_file_that_is_not_there(write):
    with pytest.raises(DataError, match="there is no such file"):
        read("no.npy")


@pytest.mark.parametrize("path", ["a.npy", "d"])
@pytest.mark.parametrize("named", [{}, {"labels": "who"}, {"responses": ("y",)}])
def test_arrays_alone_have_no_targets(write, path, named):
    content = npy(np.zeros((2, 3)))
    file = write("d/a.npy" if path == "d" else path, content)
    assert message(path, task=LABEL, **named) == (
        f"error: `.npy` files have no labels\n --> {file}\nhelp: put them into a folder with `labels.csv` "
        "(columns `file` and `label`), or into sub-folders named by their classes"
    )
    for task in (RESPONSE, RESPONSES):
        start = f"error: `.npy` files have no responses\n --> {file}\nhelp: responses are in columns of a CSV"
        assert message(path, task=task, **named).startswith(start)
        assert message(path, task=task, window=2, **named).startswith(start)


@pytest.mark.parametrize("path", ["a.npy", "d"])
def test_the_next_step_may_answer(write, path):
    write("d/a.npy" if path == "d" else path, npy(np.arange(4.0)))
    whole = read(path, task=RESPONSES, horizon=1)
    sequences, targets = cut_and_sort(whole, DataSection(horizon=1), RESPONSES)
    assert (sequences.values.ravel().tolist(), targets.values.ravel().tolist()) == ([0, 1, 2], [1, 2, 3])


@pytest.mark.parametrize("labels", [None, "YTest", "label"])
def test_labels_stand_where_they_do_though_a_column_is_named(write, labels):
    for name in ("one", "two"):
        write(f"d/{name}.npy", npy(rng.normal(size=(3, 2))))
        write(f"e/{name}/1.npy", npy(rng.normal(size=(3, 2))))
    write("d/labels.csv", "file,label\none,up\ntwo,down\n")
    _, targets = read("d", task=LABEL, labels=labels)
    assert (targets.names, targets.values.tolist()) == (("down", "up"), [1, 0])
    _, targets = read("e", task=LABEL, labels=labels)
    assert (targets.names, targets.values.tolist()) == (("one", "two"), [0, 1])


def test_the_column_of_labels_csv_that_is_named(write):
    write("d/a.npy", npy(np.zeros((2, 3))))
    write("d/labels.csv", "file,label,who\na,up,me\n")
    assert read("d", task=LABEL, labels="who")[1].names == ("me",)
    write("d/labels.csv", "file,whose\na,me\n")
    expected = (
        "error: there is no column `who`\n --> d/labels.csv\nhelp: labels.csv has a column `file` with "
    )
    assert message("d", task=LABEL, labels="who") == f"{expected}names of files and a column `who`"


@pytest.mark.parametrize(
    ("a", "b", "sizes"),
    [
        ((2, 3), (2, 4), ("4 channels", "3 channels")),
        ((2, 1), (2, 5), ("5 channels", "1 channel")),
        ((6, 5, 4), (6, 4, 5), ("4-by-5 images of 1 channel", "5-by-4 images of 1 channel")),
        ((6, 5, 4, 3), (6, 5, 3, 4), ("5-by-3 images of 4 channels", "5-by-4 images of 3 channels")),
        ((6, 5, 4), (6, 20), ("20 channels", "5-by-4 images of 1 channel")),
    ],
)
def test_files_have_time_steps_of_one_size(write, a, b, sizes):
    files = [write("d/a.npy", npy(np.zeros(a))), write("d/b.npy", npy(np.zeros(b)))]
    expected = f"error: this has {sizes[0]}, but d/a.npy has {sizes[1]}\n --> d/b.npy"
    assert message("d") == expected
    assert message(*files) == expected


def test_a_folder_has_files_of_one_form(write):
    write("d/a.csv", "t,x\n1,2\n")
    write("d/b.npy", npy(np.zeros((2, 1))))
    assert message("d") == (
        "error: this is a `.npy` file, but d/a.csv is not\n --> d/b.npy\n"
        "help: the files of a folder must have one form"
    )


def test_shapes_stay_with_sequences(write):
    files = [write(f"{name}.npy", npy(np.zeros((4, 2, 3)))) for name in "ab"]
    sequences, _ = read(*files)
    columns = DataSection(window=2, horizon=1)
    targets = Targets(sequences.values, tuple("abcdef"), per_step=True)
    for kept in (
        select(sequences, np.array([1])),
        split_sequences((sequences, None), 0.5, rng)[0][0],
        split_series((select(sequences, np.array([1])), None), {}, columns)[0][0],
        cut_and_sort((sequences, targets), columns, RESPONSES).sequences,
    ):
        assert kept.shape == sequences.shape == (2, 3, 1)
