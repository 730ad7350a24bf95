"""MAT-files: which variable is what, which side is time, labels and responses in all their forms, faults."""

from dataclasses import replace

import numpy as np
import pytest
from data.mat_files import write_new, write_old

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import of_part, read_sequences
from lstmcli.errors import DataError
from lstmcli.records import Task

LABEL, LABELS = Task(True, False), Task(True, True)
RESPONSE, RESPONSES = Task(False, False), Task(False, True)
LENGTHS = (4, 2, 5)
rng = np.random.default_rng(0)
X = [rng.normal(size=(3, n)) for n in LENGTHS]
"""C-by-S."""


@pytest.fixture(params=["old", "new"])
def mat(request, tmp_path, monkeypatch):
    """Writes variables into d.mat and reads it."""
    monkeypatch.chdir(tmp_path)

    def read(task=None, columns=None, **variables):
        {"old": write_old, "new": write_new}[request.param](tmp_path / "d.mat", **variables)
        return read_sequences(["d.mat"], DataSection(**(columns or {})), task)

    return read


@pytest.fixture
def message(mat):
    def of(*arguments, **variables):
        with pytest.raises(DataError) as caught:
            mat(*arguments, **variables)
        return str(caught.value)

    return of


def stacked(arrays):
    return np.concatenate([array.T for array in arrays]).astype(np.float32)


def test_a_cell_of_channels_by_steps(mat):
    sequences, targets = mat(X=X, other=np.eye(2), names=["a", "b"])
    assert targets is None
    assert sequences.lengths.tolist() == list(LENGTHS)
    assert sequences.ids == ("1", "2", "3")
    assert sequences.places == (("d.mat", None),) * 3
    assert sequences.shape is None
    np.testing.assert_array_equal(sequences.values, stacked(X))


def test_a_cell_of_steps_by_channels(mat):
    np.testing.assert_array_equal(mat(X=[x.T for x in X])[0].values, stacked(X))


def test_sequences_of_one_length_are_channels_by_steps_as_matlab_has_them(mat):
    equal = [rng.normal(size=(3, 6)) for _ in range(2)]
    np.testing.assert_array_equal(mat(X=equal)[0].values, stacked(equal))


def test_one_matrix_is_one_sequence(mat):
    sequences, _ = mat(None, {"features": ("X",)}, X=X[0])
    assert sequences.lengths.tolist() == [4]
    np.testing.assert_array_equal(sequences.values, stacked(X[:1]))


def test_images_are_columns_along_their_height_first(mat):
    images = [rng.normal(size=(2, 3, 4, n)) for n in (5, 2)]
    sequences, _ = mat(X=images)
    assert sequences.values.shape == (7, 24)
    h, w, c, step = 1, 2, 3, 4
    assert sequences.values[step, h + 2 * w + 6 * c] == np.float32(images[0][h, w, c, step])
    assert sequences.values[5 + 1, h + 2 * w + 6 * c] == np.float32(images[1][h, w, c, 1])


@pytest.mark.parametrize(
    "labels", [["b", "a", "b"], np.array([[2.0], [1], [2]]), [np.array([2.0]), 1.0, 2.0]]
)
def test_a_label_for_each_sequence(mat, labels):
    _, targets = mat(LABEL, {"labels": "Y"}, X=X, Y=labels)
    assert targets.names == (("a", "b") if isinstance(labels[0], str) else ("1", "2"))
    assert (targets.values.tolist(), targets.per_step) == ([1, 0, 1], False)


def test_labels_for_each_step(mat):
    texts = [["a", "b", "a", "a"], ["b", "b"], ["a"] * 5]
    numbers = [np.array([[1, 2, 1, 1.0]]), np.array([[2, 2.0]]), np.ones((1, 5))]
    for labels in (texts, numbers):
        _, targets = mat(LABELS, {"labels": "Y"}, X=X, Y=labels)
        assert targets.values.tolist() == [0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]
        assert targets.per_step


def test_labels_for_each_step_of_one_sequence(mat):
    _, targets = mat(LABELS, {"features": ("X",), "labels": "Y"}, X=X[0], Y=["a", "b", "b", "a"])
    assert targets.values.tolist() == [0, 1, 1, 0]


def test_responses_for_each_sequence(mat):
    Y = rng.normal(size=(3, 2))
    _, targets = mat(RESPONSE, {"responses": ("Y",)}, X=X, Y=Y)
    np.testing.assert_array_equal(targets.values, Y.astype(np.float32))
    assert targets.names == ("Y_1", "Y_2")


@pytest.mark.parametrize("turn", [False, True])
def test_responses_for_each_step(mat, turn):
    Y = [rng.normal(size=(1, n)) for n in LENGTHS]
    _, targets = mat(RESPONSES, {"responses": ("Y",)}, X=X, Y=[y.T for y in Y] if turn else Y)
    np.testing.assert_array_equal(targets.values, stacked(Y))
    assert targets.names == ("Y",)


def test_a_file_of_other_data_may_say_so_in_the_names(mat):
    columns = {"features": ("XTrain",), "labels": "YTrain"}
    for part in ("Train", "Test", "Validation"):
        sequences, targets = mat(LABEL, columns, **{f"X{part}": X, f"Y{part}": ["a", "b", "a"]})
        assert (len(sequences), targets.values.tolist()) == (3, [0, 1, 0])


def test_parts_in_one_file(tmp_path):
    write_new(tmp_path / "d.mat", XTrain=X, YTrain=["a", "b", "a"], XTest=X[:2], YTest=["b", "a"])
    paths, columns = [str(tmp_path / "d.mat")], DataSection(features=("XTrain",), labels="YTrain")
    for part, count in (("train", 3), ("test", 2), ("validation", 3)):
        assert len(read_sequences(paths, of_part(paths, columns, part), LABEL)[0]) == count
    assert of_part(["d.csv"], columns, "test") == columns


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_the_part_is_seen_at_the_names(tmp_path, part):
    path = tmp_path / "d.mat"
    lengths = {"train": 3, "validation": 1, "test": 2}
    variables = {f"X{name.capitalize()}": X[:count] for name, count in lengths.items()}
    variables |= {f"Y{name.capitalize()}": [np.eye(2)] * count for name, count in lengths.items()}
    write_new(path, **variables)
    for columns in (DataSection(labels="YTrain"), DataSection(responses=("YTrain",))):
        sequences, _ = read_sequences([str(path)], of_part([str(path)], columns, part), None)
        assert len(sequences) == lengths[part]
    for name in list(variables):
        if name.startswith("Y"):
            del variables[name]
    write_new(path, **variables)
    assert (
        len(read_sequences([str(path)], of_part([str(path)], DataSection(), part), None)[0]) == lengths[part]
    )


def test_one_target_for_a_sequence_is_none_for_each_step(message):
    labels = replace(LABELS, answer_once="answer once")
    expected = (
        "error: there is one {} for each sequence, but the network answers at each time step\n --> d.mat"
    )
    found = message(labels, {"labels": "Y"}, X=X, Y=["a", "b", "a"])
    assert found == expected.format("label") + "\nhelp: answer once"
    for Y in (np.ones((3, 2)), [np.ones((2, 1))] * 3, [np.ones((1, 1))] * 3):
        assert message(RESPONSES, {"responses": ("Y",)}, X=X, Y=Y).startswith(expected.format("response"))
    one = {"features": ("X",), "responses": ("Y",)}
    assert message(RESPONSES, one, X=X[0], Y=np.ones((1, 2))).startswith(expected.format("response"))


def test_one_target_for_a_sequence_of_one_step_is_for_that_step(mat):
    single = [x[:, :1] for x in X]
    _, targets = mat(LABELS, {"labels": "Y"}, X=single, Y=["a", "b", "a"])
    assert (targets.values.tolist(), targets.per_step) == ([0, 1, 0], True)
    _, targets = mat(RESPONSES, {"responses": ("Y",)}, X=single, Y=[np.ones((2, 1))] * 3)
    assert targets.values.tolist() == [[1, 1]] * 3


def test_responses_for_each_sequence_in_a_cell(mat):
    Y = [rng.normal(size=(2, 1)) for _ in X]
    _, targets = mat(RESPONSE, {"responses": ("Y",)}, X=X, Y=Y)
    np.testing.assert_array_equal(targets.values, stacked(Y))


def test_steps_that_all_have_the_label_of_their_sequence(mat):
    _, targets = mat(LABEL, {"labels": "Y"}, X=X, Y=[["a"] * 4, ["b"] * 2, ["a"] * 5])
    assert targets.values.tolist() == [0, 1, 0]


@pytest.mark.parametrize(("sizes", "shape"), [((2, 3, 1), (2, 3, 1)), ((2, 3), (2, 3, 1)), ((2, 3, 4),) * 2])
def test_a_sequence_of_one_image_among_others(mat, sizes, shape):
    images = [rng.normal(size=(*sizes, n)) for n in (5, 1, 3)]
    with_dimensions, _ = mat(X=images)
    images[1] = images[1][..., 0] if sizes[-1] > 1 else images[1].reshape(2, 3)
    without, _ = mat(X=images)
    assert with_dimensions.shape == without.shape == shape
    assert without.lengths.tolist() == [5, 1, 3]
    np.testing.assert_array_equal(without.values, with_dimensions.values)


def test_images_of_two_sizes(message):
    found = message(X=[np.ones((2, 3, 1, 5)), np.ones((3, 2, 1, 5))])
    assert found.startswith("error: `X{2}` is 3-by-2-by-1-by-5, but `X{1}` is 2-by-3-by-1-by-5\n --> d.mat")
    assert found.endswith("help: images have the same height, width and channels, h-by-w-by-C-by-S")
    found = message(X=[np.ones((2, 3, 1, 5)), np.ones((6, 20))])
    assert found.startswith("error: `X{2}` is 6-by-20, but `X{1}` is 2-by-3-by-1-by-5\n --> d.mat")


def test_files_have_time_steps_of_one_size(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, array in (("a", np.ones((2, 3, 1, 5))), ("b", np.ones((3, 2, 1, 5))), ("c", np.ones((6, 5)))):
        write_new(tmp_path / f"{name}.mat", X=[array])
    for other, size in (("b", "3-by-2 images of 1 channel"), ("c", "6 channels")):
        with pytest.raises(DataError) as caught:
            read_sequences(["a.mat", f"{other}.mat"], DataSection(), None)
        expected = f"error: this has {size}, but a.mat has 2-by-3 images of 1 channel\n --> {other}.mat"
        assert str(caught.value) == expected


def test_the_classes_are_those_of_the_network(mat, message):
    task = Task(True, False, ("a", "b", "c"))
    assert mat(task, {"labels": "Y"}, X=X, Y=["c", "a", "a"])[1].values.tolist() == [2, 0, 0]
    assert "error: unknown class `d`\n --> d.mat" in message(task, {"labels": "Y"}, X=X, Y=["c", "d", "a"])


@pytest.mark.parametrize(
    ("task", "columns", "variables", "expected"),
    [
        (None, {}, {"A": X, "B": X, "c": ["a"]}, "2 variables are cells of sequences: `A`, `B`\n"),
        (None, {}, {"XTest": X, "YTrain": X}, "2 variables are cells of sequences: `XTest`, `YTrain`\n"),
        (None, {}, {"A": np.eye(3)}, "no variable is a cell of sequences"),
        (None, {"features": ("Xs",)}, {"X": X}, "there is no variable `Xs`"),
        (None, {"features": ("Q",)}, {"X": X, "Y": X}, "\nhelp: the variables are `X`, `Y`"),
        (None, {}, {"X": [X[0], X[1][:2]]}, "`X{2}` is 2-by-2, but `X{1}` is 3-by-4"),
        (
            None,
            {},
            {"X": [X[0], np.where(X[1] > 9, 0, np.nan)]},
            "`X{2}`, step 1: a value is no finite number",
        ),
        (None, {"features": ("X",)}, {"X": np.zeros((2, 3, 4))}, "`X` is one array of three dimensions"),
        (None, {"features": ("X",)}, {"X": ["a", "b"]}, "`X{1}` must be a matrix of numbers"),
        (LABEL, {}, {"X": X}, "no variable is given as labels"),
        (RESPONSE, {"labels": "Y"}, {"X": X}, "; `labels` are for a network that ends in `classification`"),
        (RESPONSES, {"window": 2}, {"X": X}, "no variable is given as responses"),
        (LABEL, {"labels": "Y"}, {"X": X, "Y": ["a", "b"]}, "`Y` is of 2, but there are 3 sequences"),
        (LABEL, {"labels": "Y"}, {"X": X, "Y": ["a", "", "b"]}, "a label of `Y` is missing"),
        (
            LABELS,
            {"labels": "Y"},
            {"X": X, "Y": [["a"], ["b"], ["c"]]},
            "`Y{1}` has 1 label, but its sequence has 4 time steps",
        ),
        (
            RESPONSE,
            {"responses": ("Y",)},
            {"X": X, "Y": np.eye(2)},
            "`Y` is 2-by-2, but there are 3 sequences",
        ),
        (
            RESPONSES,
            {"responses": ("Y",)},
            {"X": X, "Y": [np.eye(2)] * 3},
            "`Y{1}` is 2-by-2, but its sequence has 4 time steps",
        ),
        (
            RESPONSES,
            {"responses": ("Y",)},
            {"X": X, "Y": [np.ones((2, 1)), np.ones((2, 2)), np.ones((2, 5))]},
            "`Y{1}` is 2-by-1, but its sequence has 4 time steps",
        ),
        (
            RESPONSES,
            {"responses": ("Y",)},
            {"X": X, "Y": [np.ones((2, 4)), np.ones((3, 2)), np.ones((2, 5))]},
            "the responses in `Y` differ in number, or in which side is time",
        ),
        (
            RESPONSE,
            {"responses": ("Y",)},
            {"X": X, "Y": [np.ones((1, 4)), np.array([[1.0, 2]]), np.ones((1, 5))]},
            "`Y{2}` changes within its sequence, but the network answers once a sequence",
        ),
        (
            LABEL,
            {"labels": "Y"},
            {"X": X, "Y": [["a"] * 4, ["b"] * 2, ["a", "a", "a", "a", "b"]]},
            "`Y{3}` changes within its sequence",
        ),
        (RESPONSE, {"responses": ("Y",)}, {"X": X, "Y": np.full((3, 1), np.inf)}, "no finite numbers"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_faults_name_the_variable(message, task, columns, variables, expected):
    found = message(task, columns, **variables)
    assert found.startswith("error: ")
    assert expected in found
    assert "\n --> d.mat" in found


def test_a_categorical_says_how_to_save_it(tmp_path):
    write_new(tmp_path / "d.mat", X=X, Y=b"categorical")
    with pytest.raises(DataError) as caught:
        read_sequences([str(tmp_path / "d.mat")], DataSection(labels="Y"), LABEL)
    assert "`Y` is a categorical, which only MATLAB can read" in str(caught.value)
    assert "`Y = cellstr(Y)`" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"nonsense" * 99, b"MATLAB 5.0 MAT-file" + bytes(200)])
def test_what_is_no_mat_file(tmp_path, content):
    (tmp_path / "d.mat").write_bytes(content)
    with pytest.raises(DataError, match="is damaged, or no MAT-file"):
        read_sequences([str(tmp_path / "d.mat")], DataSection(), None)


def test_a_file_that_is_cut_short(tmp_path):
    for write in (write_old, write_new):
        write(tmp_path / "d.mat", X=[rng.normal(size=(3, 500)) for _ in range(3)])
        whole = (tmp_path / "d.mat").read_bytes()
        for size in (len(whole) // 3, len(whole) * 9 // 10):
            (tmp_path / "d.mat").write_bytes(whole[:size])
            with pytest.raises(DataError):
                read_sequences([str(tmp_path / "d.mat")], DataSection(), None)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        read_sequences([str(tmp_path / "no.mat")], DataSection(), None)
