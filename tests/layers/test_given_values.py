"""Values that stand in a spec or in files beside it, in MATLAB's orientation."""

import json

import h5py
import numpy as np
import pytest
from layers.networks import build, read

from lstmcli.errors import SpecError
from lstmcli.modelfile import write_model
from lstmcli.network_file import to_model

SHAPES = {
    "lstm": {
        "InputWeights": (8, 3),
        "RecurrentWeights": (8, 2),
        "Bias": (8,),
        "HiddenState": (2,),
        "CellState": (2,),
    },
    "bilstm": {
        "InputWeights": (16, 3),
        "RecurrentWeights": (16, 2),
        "Bias": (16,),
        "HiddenState": (4,),
        "CellState": (4,),
    },
    "gru": {"InputWeights": (6, 3), "RecurrentWeights": (6, 2), "Bias": (6,), "HiddenState": (2,)},
    "fullyConnected": {"Weights": (2, 3), "Bias": (2,)},
    "sequenceInput": {"Mean": (3,), "StandardDeviation": (3,)},
}
NEEDED = {
    "lstm": "NumHiddenUnits: 2",
    "bilstm": "NumHiddenUnits: 2",
    "gru": "NumHiddenUnits: 2",
    "fullyConnected": "OutputSize: 2",
    "sequenceInput": "InputSize: 3, Normalization: zscore",
}
CASES = [(word, name) for word, shapes in SHAPES.items() for name in shapes]
FORMS = ("list", "lying list", "csv", "lying csv", "npy", "h5", "mat", "model")


def network_of(word, properties, folder, **changes):
    layer = f"{word}: {{Name: it, {NEEDED[word]}, {properties}}}"
    before = "" if word == "sequenceInput" else "sequenceInput: 3, "
    return build(f"{before}{layer}, regression", folder=folder, **changes)


def write_hdf5(path, name, array, userblock=0):
    """As MATLAB writes it: the first dimension fastest, so that HDF5 sees it last."""
    with h5py.File(path, "w", userblock_size=userblock) as file:
        file.create_dataset(name, data=array.T).attrs["MATLAB_class"] = np.bytes_("double")
    if userblock:
        with open(path, "r+b") as file:
            file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + bytes(8) + b"\x00\x02IM")


def store(values, form, word, name, folder):
    """Put the values where the spec can name them; what the spec says then."""
    column = values if values.ndim == 2 else values[:, None]
    if form in ("list", "lying list"):
        return json.dumps((values if form == "lying list" else column).tolist())
    if form in ("csv", "lying csv"):
        lying = form == "lying csv" and values.ndim == 1
        np.savetxt(folder / "values.csv", column.T if lying else column, delimiter=",", fmt="%.17g")
        return "values.csv"
    if form == "npy":
        np.save(folder / "values.npy", values)
        return "values.npy"
    if form == "h5":
        write_hdf5(folder / "values.h5", "/some/where", column)
        return '"values.h5:/some/where"'
    if form == "mat":
        write_hdf5(folder / "values.mat", "variable", column, userblock=512)
        return '"values.mat:variable"'
    network = network_of(word, "", folder)
    network.weights["it"][name] = values.astype(np.float32)
    spec = read("sequenceInput: 3, regression")
    write_model(folder / "model.h5", to_model(spec, network, {}))
    return f'"model.h5:/Layers/it/{name}"'


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("word", "name"), CASES)
def test_values_are_taken_in_matlabs_orientation(word, name, form, tmp_path):
    values = np.random.default_rng(0).standard_normal(SHAPES[word][name])
    values = np.abs(values) if name == "StandardDeviation" else values
    said = store(values, form, word, name, tmp_path)
    got = network_of(word, f"{name}: {said}", tmp_path).weights["it"][name]
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, values.astype(np.float32))


@pytest.mark.parametrize("form", ["list", "csv", "npy", "h5", "mat"])
@pytest.mark.parametrize(("word", "name"), [case for case in CASES if len(SHAPES[case[0]][case[1]]) == 2])
def test_a_transposed_matrix_is_refused(word, name, form, tmp_path):
    rows, columns = SHAPES[word][name]
    said = store(np.ones((columns, rows)), form, word, name, tmp_path)
    message = rf"`{name}` of {word} `it` must be {rows}-by-{columns}, got {columns}-by-{rows}"
    with pytest.raises(SpecError, match=message):
        network_of(word, f"{name}: {said}", tmp_path)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("[[1, 2, 3], [4, 5]]", "`Weights` of fullyConnected `it` must have rows of equal length"),
        ("[[1, 2, 3]]", "`Weights` of fullyConnected `it` must be 2-by-3, got 1-by-3"),
        ("7", "`Weights` of fullyConnected `it` must be 2-by-3, got 1-by-1"),
        ("nowhere.csv", "`Weights` of fullyConnected `it` cannot be read: No such file or directory"),
        ("broken.csv", "`Weights` of fullyConnected `it` cannot be read: "),
        ("nan.csv", "`Weights` of fullyConnected `it` must be finite numbers"),
    ],
)
def test_what_is_wrong_with_given_values_is_said(said, message, tmp_path):
    (tmp_path / "broken.csv").write_text("1,2,3\n4,five,6\n")
    (tmp_path / "nan.csv").write_text("1,2,3\n4,nan,6\n")
    with pytest.raises(SpecError) as caught:
        network_of("fullyConnected", f"Weights: {said}", tmp_path)
    (fault,) = caught.value.faults
    assert fault.message.startswith(message)
    assert fault.where.file == "test.yaml"
    assert said in fault.where.source


def test_every_wrong_value_is_reported_in_one_run(tmp_path):
    with pytest.raises(SpecError) as caught:
        network_of("lstm", "Bias: [1], CellState: nowhere.csv", tmp_path)
    assert [fault.message for fault in caught.value.faults] == [
        "`Bias` of lstm `it` must be 8-by-1, got 1-by-1",
        "`CellState` of lstm `it` cannot be read: No such file or directory",
    ]
