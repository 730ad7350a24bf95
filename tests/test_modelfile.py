"""The model file: what goes in comes out, MATLAB's readers see MATLAB's shapes, no fault is a crash."""

import contextlib
import os
import random
import stat
import subprocess
import sys
import tempfile
import warnings
from dataclasses import replace

import h5py
import mat73
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstmcli import __version__
from lstmcli.errors import ModelError
from lstmcli.modelfile import check_writable, read_model, write_model
from lstmcli.records import Model


def example() -> Model:
    rng = np.random.default_rng(0)
    return Model(
        spec="layers:\n- lstm: {NumHiddenUnits: 2, Name: für 😀}\n",
        weights={
            "lstm": {
                "InputWeights": rng.standard_normal((8, 3), dtype=np.float32),
                "Bias": rng.standard_normal(8, dtype=np.float32),
            },
            "conv 1.a-b": {"Weights": rng.standard_normal((2, 3, 4, 5), dtype=np.float32)},
            "one": {"Column": np.ones((2, 1), np.float32), "Row": np.ones((1, 2), np.float32)},
            "softmax": {},
        },
        classes=("für", "😀", "", '"a,b"\n'),
        training_options={
            "solver": "adam",
            "MaxEpochs": 30,
            "L2Regularization": 1e-4,
            "GradientThreshold": np.inf,
            "Verbose": True,
            "CheckpointPath": "",
            "Period": [1.0, 2.5],
            "OneNumber": [5],
            "Metrics": ["accuracy", "für"],
            "OneMetric": ("accuracy",),
            "Flags": [True, False],
            "Nothing": [],
            "ValidationData": None,
        },
        training_info={"TrainingLoss": np.array([1.0, 0.5]), "ValidationLoss": np.array([np.nan, 0.25])},
    )


def assert_same(got: Model, want: Model) -> None:
    assert got.spec == want.spec
    assert got.classes == want.classes
    assert got.response_names == want.response_names
    options = {name: value for name, value in want.training_options.items() if value is not None}
    assert got.training_options == {k: list(v) if isinstance(v, tuple) else v for k, v in options.items()}
    assert {k: type(v) for k, v in got.training_options.items() if isinstance(v, bool)} == {
        k: bool for k, v in options.items() if isinstance(v, bool)
    }
    assert {layer: set(arrays) for layer, arrays in got.weights.items()} == {
        layer: set(arrays) for layer, arrays in want.weights.items()
    }
    for layer, arrays in want.weights.items():
        for name, array in arrays.items():
            assert got.weights[layer][name].dtype == np.float32
            np.testing.assert_array_equal(got.weights[layer][name], array, strict=True)
    assert set(got.training_info) == set(want.training_info)
    for name, values in want.training_info.items():
        np.testing.assert_array_equal(got.training_info[name], values, strict=True)


def fault(call, *arguments):
    with pytest.raises(ModelError) as caught:
        call(*arguments)
    (only,) = caught.value.faults
    assert only.help
    return only


@pytest.fixture
def model_path(tmp_path):
    path = tmp_path / "model.h5"
    write_model(path, example())
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@contextlib.contextmanager
def as_another_user():
    """Without root's right to write anywhere."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder():
    """A folder that another user reaches too."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield name


needs_posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


# what goes in comes out

TEXTS = st.text(st.characters(), max_size=8)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8)
NAMES = NAMES.filter(lambda name: name != ".")
ARRAYS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4),
    elements=st.floats(width=32, allow_nan=True),
)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False)
VALUES = NUMBERS | st.booleans() | TEXTS | st.lists(NUMBERS) | st.lists(st.booleans()) | st.lists(TEXTS)
MODELS = st.builds(
    Model,
    spec=TEXTS,
    weights=st.dictionaries(NAMES, st.dictionaries(NAMES, ARRAYS, max_size=3), max_size=3),
    classes=st.lists(TEXTS, max_size=4).map(tuple),
    response_names=st.lists(TEXTS, max_size=4).map(tuple),
    training_options=st.dictionaries(NAMES, VALUES | st.none(), max_size=5),
    training_info=st.dictionaries(NAMES, hnp.arrays(np.float64, st.integers(0, 5)), max_size=3),
)


def test_reads_what_it_wrote(model_path):
    assert_same(read_model(model_path), example())


@settings(max_examples=150, deadline=None)
@given(MODELS)
def test_reads_any_model_it_wrote(folder, model):
    write_model(folder / "any.h5", model)
    assert_same(read_model(folder / "any.h5"), model)


@pytest.mark.parametrize("name", ["a/b", ".", "", "a\0b"])
def test_refuses_a_layer_name_that_hdf5_cannot_store(tmp_path, name):
    model = replace(example(), weights={name: {}})
    assert "layer name" in fault(write_model, tmp_path / "m.h5", model).message
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("value", [{"a": 1}, [[1, 2]], ["a", 1], object()])
def test_refuses_an_option_without_a_form_in_the_file(tmp_path, value):
    with pytest.raises(TypeError, match="Metrics"):
        write_model(tmp_path / "m.h5", replace(example(), training_options={"Metrics": value}))


# what other programs see


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
    assert set(seen) == {"Spec", "Layers", "Classes", "ResponseNames", "TrainingOptions", "TrainingInfo"}
    for layer, name in [("lstm", "InputWeights"), ("lstm", "Bias"), ("conv 1.a-b", "Weights")]:
        np.testing.assert_array_equal(seen["Layers"][layer][name], want.weights[layer][name], strict=True)
    assert joined(seen["Spec"]) == want.spec
    assert tuple(map(joined, seen["Classes"])) == want.classes
    assert seen["ResponseNames"] == []
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


def test_reads_an_array_that_another_program_replaced(model_path):
    with h5py.File(model_path, "r+") as file:
        del file["Layers/lstm/InputWeights"]
        file["Layers/lstm/InputWeights"] = np.arange(24, dtype=">f8").reshape(3, 8)
    got = read_model(model_path).weights["lstm"]["InputWeights"]
    np.testing.assert_array_equal(got, np.arange(24, dtype=np.float32).reshape(3, 8).T, strict=True)


# equal models, equal bytes


def test_writes_the_same_bytes_again(model_path, tmp_path):
    write_model(tmp_path / "copy.h5", read_model(model_path))
    assert (tmp_path / "copy.h5").read_bytes() == model_path.read_bytes()


def test_stores_no_times(model_path):
    with h5py.File(model_path) as file:
        paths: list[str] = []
        file.visit(paths.append)
        times = {path: h5py.h5g.get_objinfo(file.id, path.encode()).mtime for path in paths}
    assert "Layers/lstm/Bias" in times
    assert set(times.values()) == {0}


def test_writes_the_same_bytes_in_another_process(model_path, tmp_path):
    code = "import sys; from lstmcli.modelfile import *; write_model(sys.argv[2], read_model(sys.argv[1]))"
    # glibc fills fresh memory with this byte, so that memory never set would show in the file.
    environment = {**os.environ, "MALLOC_PERTURB_": "165", "PYTHONPATH": os.pathsep.join(sys.path)}
    again = tmp_path / "again.h5"
    subprocess.run([sys.executable, "-c", code, model_path, again], env=environment, check=True)
    assert again.read_bytes() == model_path.read_bytes()


# faults of a file


@pytest.mark.parametrize(
    ("content", "like"),
    [
        (b"", "empty"),
        (b"x,y\n1,2\n", "text"),
        ("größe;y\n".encode(), "text"),
        (b"PK\x03\x04\x00", "zip"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"MATLAB 5.0 MAT-file", "version 5"),
        (b"\x00\x01\x02", "HDF5 file"),
    ],
)
def test_says_what_a_file_that_is_no_model_looks_like(tmp_path, content, like):
    (tmp_path / "train.csv").write_bytes(content)
    found = fault(read_model, tmp_path / "train.csv")
    assert found.message == f"`{tmp_path / 'train.csv'}` is not a model file"
    assert like in found.help


def test_missing_model_and_folder(tmp_path):
    assert "there is no model" in fault(read_model, tmp_path / "none.h5").message
    assert "is a folder" in fault(read_model, tmp_path).message


def test_refuses_hdf5_of_another_program(tmp_path):
    with h5py.File(tmp_path / "keras.h5", "w") as file:
        file["weights"] = [1.0]
    found = fault(read_model, tmp_path / "keras.h5")
    assert "is not a model file" in found.message
    assert "another program" in found.help


def test_refuses_a_newer_version_by_name(model_path):
    with h5py.File(model_path, "r+") as file:
        file.attrs["FormatVersion"] = 3
        file.attrs["CreatedBy"] = "lstmcli 9.9"
    found = fault(read_model, model_path)
    assert found.message == (
        f"`{model_path}` was written by a newer lstmcli (format 3; this one reads up to 1)"
    )
    assert "lstmcli 9.9" in found.help


NODES = ["Spec", "Layers", "Classes", "ResponseNames", "TrainingOptions", "TrainingInfo"]


@pytest.mark.parametrize("node", NODES)
def test_names_what_is_missing(model_path, node):
    with h5py.File(model_path, "r+") as file:
        del file[node]
    assert f"it has no `/{node}`" in fault(read_model, model_path).message


@pytest.mark.parametrize("node", [*NODES, "Layers/lstm/Bias", "TrainingInfo/TrainingLoss"])
@pytest.mark.parametrize(
    "wrong", ["a text", np.array([(1, 2.0)], "i4,f8"), np.zeros(3, bool), "group", "link"]
)
def test_names_what_is_of_the_wrong_kind(model_path, node, wrong):
    is_group = node in ("Layers", "TrainingOptions", "TrainingInfo")
    with h5py.File(model_path, "r+") as file:
        del file[node]
        if isinstance(wrong, str) and wrong == "group":
            file[node] = 1.0 if is_group else file.create_group("elsewhere")
        elif isinstance(wrong, str) and wrong == "link":
            file[node] = h5py.ExternalLink(str(model_path), "/Layers/lstm/InputWeights")
        else:
            file[node] = wrong
    found = fault(read_model, model_path).message
    assert "is not a valid model file" in found
    assert f"`/{node}` " in found


def test_reads_no_data_from_another_file(model_path, tmp_path):
    (tmp_path / "secret").write_bytes(bytes(32))
    with h5py.File(model_path, "r+") as file:
        del file["Layers/lstm/Bias"]
        outside = [(str(tmp_path / "secret"), 0, 32)]
        file.create_dataset("Layers/lstm/Bias", (1, 8), "f4", external=outside)
    assert "`/Layers/lstm/Bias` is not in the file itself" in fault(read_model, model_path).message


def test_a_huge_array_takes_no_memory(model_path):
    with h5py.File(model_path, "r+") as file:
        del file["Layers/lstm/Bias"]
        file.create_dataset("Layers/lstm/Bias", (1 << 20, 1 << 20), "f4")
    assert "`/Layers/lstm/Bias` is larger than the file" in fault(read_model, model_path).message


def test_a_cut_file_is_a_fault_at_any_length(model_path, tmp_path):
    data = model_path.read_bytes()
    cut = tmp_path / "cut.h5"
    for length in [*range(0, 1000, 37), *range(1000, len(data), 211), len(data) - 1]:
        cut.write_bytes(data[:length])
        fault(read_model, cut)


def test_damaged_bytes_are_a_fault_or_another_model(model_path, tmp_path):
    data = model_path.read_bytes()
    generator = random.Random(0)
    damaged = tmp_path / "damaged.h5"
    outcomes = {"fault": 0, "model": 0}
    for _ in range(400):
        changed = bytearray(data)
        for _ in range(generator.choice([1, 1, 4, 40])):
            changed[generator.randrange(512, len(data))] = generator.choice(
                [0, 255, generator.randrange(256)]
            )
        damaged.write_bytes(changed)
        try:
            read = read_model(damaged)
        except ModelError:
            outcomes["fault"] += 1
        else:
            assert isinstance(read, Model)
            outcomes["model"] += 1
    assert min(outcomes.values()) > 50


def test_takes_no_lock(model_path):
    code = (
        "import sys, h5py\n"
        "with h5py.File(sys.argv[1], 'r+', locking=True): print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, model_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(BlockingIOError):
            h5py.File(model_path, locking=True)
        assert_same(read_model(model_path), example())
        holder.communicate()


# writing whole or not at all


@pytest.mark.parametrize("call", ["write", "flush", "replace"])
def test_a_failure_leaves_the_old_model(model_path, monkeypatch, call):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    before = model_path.read_bytes()
    with monkeypatch.context() as patch:
        if call == "write":
            patch.setattr("lstmcli.modelfile.atomic.open", disk_full, raising=False)
        else:
            patch.setattr(os, "fsync" if call == "flush" else "replace", fail)
        found = fault(write_model, model_path, replace(example(), spec="new"))
    assert found.message == f"cannot write `{model_path}`: No space left on device"
    assert model_path.read_bytes() == before
    assert os.listdir(model_path.parent) == [model_path.name]


def disk_full(name, mode):
    """A file of which half can be written, whatever it is asked."""
    file = open(name, mode, buffering=0)  # noqa: SIM115

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            file.close()

        def write(self, data):
            file.write(data[: len(data) // 2])
            raise OSError(28, "No space left on device")

    return Full()


def test_an_interrupt_leaves_the_old_model(model_path, monkeypatch):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_model(model_path, replace(example(), spec="new"))
    assert_same(read_model(model_path), example())
    assert os.listdir(model_path.parent) == [model_path.name]


def test_a_folder_that_cannot_be_flushed_is_no_fault(tmp_path, monkeypatch):
    flush = os.fsync

    def only_files(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    write_model(tmp_path / "m.h5", example())
    assert_same(read_model(tmp_path / "m.h5"), example())


@pytest.mark.parametrize("call", [check_writable, lambda path: write_model(path, example())])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none/m.h5", "there is no folder `{}/none`"),
        ("file/m.h5", "`{}/file` is not a folder"),
        ("folder", "it is a folder"),
        ("none/", "it is a folder"),
        ("x" * 300, "File name too long"),
    ],
)
def test_says_why_it_cannot_write(tmp_path, call, name, reason):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    path = f"{tmp_path}/{name}"
    assert fault(call, path).message == f"cannot write `{path}`: {reason.format(tmp_path)}"
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


@needs_posix
@pytest.mark.parametrize("call", [check_writable, lambda path: write_model(path, example())])
def test_needs_the_right_to_write(open_folder, call):
    path = f"{open_folder}/m.h5"
    with as_another_user():
        call(path)
        open(path, "wb").close()
        os.chmod(path, 0o444)
        assert "Permission denied" in fault(call, path).message
        os.unlink(path)
    os.chmod(open_folder, 0o555)
    with as_another_user():
        assert "Permission denied" in fault(call, path).message
    assert os.listdir(open_folder) == []


@needs_posix
def test_needs_the_right_to_read(open_folder):
    path = f"{open_folder}/m.h5"
    write_model(path, example())
    os.chmod(path, 0)
    with as_another_user():
        assert "Permission denied" in fault(read_model, path).message


def test_check_leaves_everything_as_it_was(model_path):
    before = model_path.read_bytes(), model_path.stat()
    check_writable(model_path)
    check_writable(model_path.with_name("new.h5"))
    assert (model_path.read_bytes(), model_path.stat().st_mtime_ns) == (before[0], before[1].st_mtime_ns)
    assert os.listdir(model_path.parent) == [model_path.name]


@needs_posix
def test_mode_is_what_open_gives(tmp_path):
    old = os.umask(0o027)
    try:
        write_model(tmp_path / "m.h5", example())
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "m.h5").stat().st_mode) == 0o640
    (tmp_path / "m.h5").chmod(0o600)
    write_model(tmp_path / "m.h5", example())
    assert stat.S_IMODE((tmp_path / "m.h5").stat().st_mode) == 0o600


@needs_posix
def test_follows_links_and_fills_pipes(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "latest.h5").symlink_to("runs/1.h5")
    write_model(tmp_path / "latest.h5", example())
    write_model(tmp_path / "latest.h5", example())
    assert (tmp_path / "latest.h5").is_symlink()
    want = (tmp_path / "runs/1.h5").read_bytes()
    os.mkfifo(tmp_path / "pipe")
    end = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    check_writable(tmp_path / "pipe")
    write_model(tmp_path / "pipe", example())
    assert os.read(end, 1 << 20) == want
    os.close(end)
    assert (tmp_path / "pipe").is_fifo()
