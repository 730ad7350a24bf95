"""What goes into a model file comes out, the same bytes for the same model."""

import os
import subprocess
import sys
from dataclasses import replace

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from modelfile.models import assert_same, example, fault

from lstmcli.modelfile import read_model, write_model
from lstmcli.records import Model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


TEXTS = st.text(st.characters(), max_size=8)
WORDS = st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=8)
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
    vocabulary=st.lists(WORDS, max_size=4).map(tuple),
    training_options=st.dictionaries(NAMES, VALUES | st.none(), max_size=5),
    training_info=st.dictionaries(NAMES, hnp.arrays(np.float64, st.integers(0, 5)), max_size=3),
)


def test_reads_what_it_wrote(model_path):
    assert_same(read_model(model_path), example())


@settings(max_examples=150)
@given(MODELS)
def test_reads_any_model_it_wrote(folder, model):
    write_model(folder / "any.h5", model)
    assert_same(read_model(folder / "any.h5"), model)


def test_a_model_without_words_has_no_vocabulary_in_the_file(tmp_path):
    write_model(tmp_path / "m.h5", replace(example(), vocabulary=()))
    with h5py.File(tmp_path / "m.h5") as file:
        assert "Vocabulary" not in file
    assert read_model(tmp_path / "m.h5").vocabulary == ()


def test_a_large_vocabulary_is_read_at_once(tmp_path):
    words = tuple(f"word{number}" for number in range(100_000))
    write_model(tmp_path / "m.h5", replace(example(), vocabulary=words))
    assert read_model(tmp_path / "m.h5").vocabulary == words
    assert os.path.getsize(tmp_path / "m.h5") < 3_000_000


@pytest.mark.parametrize("name", ["a/b", ".", "", "a\0b"])
def test_refuses_a_layer_name_that_hdf5_cannot_store(tmp_path, name):
    model = replace(example(), weights={name: {}})
    assert "layer name" in fault(write_model, tmp_path / "m.h5", model).message
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("value", [{"a": 1}, [[1, 2]], ["a", 1], object()])
def test_refuses_an_option_without_a_form_in_the_file(tmp_path, value):
    with pytest.raises(TypeError, match="Metrics"):
        write_model(tmp_path / "m.h5", replace(example(), training_options={"Metrics": value}))


def test_reads_an_array_that_another_program_replaced(model_path):
    with h5py.File(model_path, "r+") as file:
        del file["Layers/lstm/InputWeights"]
        file["Layers/lstm/InputWeights"] = np.arange(24, dtype=">f8").reshape(3, 8)
    got = read_model(model_path).weights["lstm"]["InputWeights"]
    np.testing.assert_array_equal(got, np.arange(24, dtype=np.float32).reshape(3, 8).T, strict=True)


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
