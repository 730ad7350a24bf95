"""MATLAB's readers see a model file as MATLAB's own, with MATLAB's shapes."""

import warnings

import h5py
import mat73
import numpy as np
import pytest
from modelfile.models import example

from lstmcli import __version__
from lstmcli.modelfile import write_model


def test_header_is_that_of_a_mat_file(model_path):
    start = model_path.read_bytes()[:520]
    text = f"MATLAB 7.3 MAT-file, Platform: lstmcli {__version__}, HDF5 schema 1.00 ."
    assert start[:116] == text.encode().ljust(116)
    assert start[116:128] == bytes(8) + b"\x00\x02IM"
    assert start[128:] == bytes(384) + b"\x89HDF\r\n\x1a\n"


def test_h5py_sees_reversed_dimensions_and_matlab_classes(model_path):
    want = example().weights
    with h5py.File(model_path) as file:
        assert dict(file.attrs) == {
            "Format": b"lstmcli network",
            "FormatVersion": 1,
            "CreatedBy": f"lstmcli {__version__}".encode(),
        }
        lstm = file["Layers/lstm"]
        assert lstm["InputWeights"].dtype == np.dtype("<f4")
        np.testing.assert_array_equal(lstm["InputWeights"], want["lstm"]["InputWeights"].T, strict=True)
        np.testing.assert_array_equal(lstm["Bias"], want["lstm"]["Bias"][None, :], strict=True)
        assert file["Layers/conv 1.a-b/Weights"].shape == (5, 4, 3, 2)
        assert file["TrainingInfo/TrainingLoss"].shape == (2, 1)
        assert file["TrainingInfo/TrainingLoss"].dtype == np.dtype("<f8")
        assert file["Spec"].shape == (len(example().spec) + 1, 1)
        assert file["Spec"].dtype == np.dtype("<u2")
        assert file["Classes"].shape == (4, 1)
        first = file[file["Classes"][0, 0]]
        assert first.parent.name == "/#refs#"
        assert bytes(first[:, 0]).decode("utf-16-le") == "für"
        empty = file[file["Classes"][2, 0]]
        assert empty.attrs["MATLAB_empty"] == 1
        assert list(empty) == [0, 0]
        classes = {
            "Layers": b"struct",
            "Layers/softmax": b"struct",
            "Layers/lstm/Bias": b"single",
            "Spec": b"char",
            "Classes": b"cell",
            "ResponseNames": b"cell",
            "Vocabulary": b"char",
            "TrainingOptions": b"struct",
            "TrainingOptions/MaxEpochs": b"double",
            "TrainingOptions/Verbose": b"logical",
            "TrainingOptions/Metrics": b"cell",
        }
        assert {path: file[path].attrs["MATLAB_class"] for path in classes} == classes
        decode = {path: file[path].attrs["MATLAB_int_decode"] for path in ("Spec", "TrainingOptions/Verbose")}
        assert decode == {"Spec": 2, "TrainingOptions/Verbose": 1}


def joined(text: str) -> str:
    """mat73 and pymatreader show a character beyond 16 bits as the two code units it is stored in."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def test_mat73_sees_a_mat_file(tmp_path):
    write_model(tmp_path / "model.mat", example())
    seen = mat73.loadmat(str(tmp_path / "model.mat"))
    want = example()
    texts = {"Spec", "Classes", "ResponseNames", "Vocabulary"}
    assert set(seen) == {"Layers", "TrainingOptions", "TrainingInfo"} | texts
    for layer, name in [("lstm", "InputWeights"), ("lstm", "Bias"), ("conv 1.a-b", "Weights")]:
        np.testing.assert_array_equal(seen["Layers"][layer][name], want.weights[layer][name], strict=True)
    assert joined(seen["Spec"]) == want.spec
    assert tuple(map(joined, seen["Classes"])) == want.classes
    assert seen["ResponseNames"] == []
    assert tuple(joined(seen["Vocabulary"]).split("\n")) == want.vocabulary
    options = seen["TrainingOptions"]
    assert options["solver"] == "adam"
    assert options["CheckpointPath"] == ""
    assert options["MaxEpochs"] == 30
    assert options["Verbose"] is True
    assert options["Period"].tolist() == [1.0, 2.5]
    assert options["Metrics"] == ["accuracy", "für"]
    assert "ValidationData" not in options
    np.testing.assert_array_equal(seen["TrainingInfo"]["ValidationLoss"], [np.nan, 0.25])


def test_pymatreader_sees_a_mat_file(tmp_path):
    pymatreader = pytest.importorskip("pymatreader")
    write_model(tmp_path / "model.mat", example())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        seen = pymatreader.read_mat(tmp_path / "model.mat")
    np.testing.assert_array_equal(
        seen["Layers"]["lstm"]["InputWeights"], example().weights["lstm"]["InputWeights"], strict=True
    )
    assert [joined(text) for text in seen["Classes"] if len(text)] == ["für", "😀", '"a,b"\n']
    assert seen["TrainingOptions"]["MaxEpochs"] == 30
