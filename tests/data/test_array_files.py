"""NumPy's array files: one a sequence, by themselves or in a folder with labels."""

import io

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.errors import DataError
from lstmcli.records import Task

LABEL = Task(classification=True, per_step=False)
rng = np.random.default_rng(0)


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def read(*paths, task=None):
    return read_sequences(list(paths), DataSection(), task)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, bool])
def test_steps_by_channels(write, dtype):
    a, b = (rng.integers(0, 2, (n, 3)).astype(dtype) for n in (4, 2))
    sequences, targets = read(write("a.npy", npy(a)), write("b.npy", npy(np.asfortranarray(b))))
    assert (sequences.ids, targets) == (("a", "b"), None)
    np.testing.assert_array_equal(sequences.values, np.concatenate([a, b]).astype(np.float32))
    assert sequences.lengths.tolist() == [4, 2]


def test_images_are_columns_along_their_height_first(write):
    images = rng.normal(size=(5, 2, 3, 4))
    values = read(write("a.npy", npy(images)))[0].values
    assert values[4, 1 + 2 * 2 + 6 * 3] == np.float32(images[4, 1, 2, 3])
    grey = read(write("b.npy", npy(images[..., 0])))[0].values
    assert grey[4, 1 + 2 * 2] == np.float32(images[4, 1, 2, 0])
    assert read(write("c.npy", npy(images[:, 0, 0, 0])))[0].values.shape == (5, 1)


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


def test_arrays_alone_have_no_targets(write):
    with pytest.raises(DataError, match=r"`\.npy` files have no targets"):
        read(write("a.npy", npy(np.zeros((2, 3)))), task=LABEL)


def test_files_of_one_folder_have_the_same_channels(write):
    write("d/a.npy", npy(np.zeros((2, 3))))
    write("d/b.npy", npy(np.zeros((2, 4))))
    with pytest.raises(DataError, match="4 channels"):
        read("d")
