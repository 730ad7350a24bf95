"""What is no model, or one no longer, is refused with a reason and never crashes."""

import random

import h5py
import numpy as np
import pytest
from modelfile.models import fault

from lstmcli.errors import ModelError
from lstmcli.modelfile import mat73, read_model
from lstmcli.records import Model


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


@pytest.mark.parametrize("node", [*NODES, "Vocabulary", "Layers/lstm/Bias", "TrainingInfo/TrainingLoss"])
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


@pytest.mark.parametrize("words", ["the", "the\nfür\n😀\n,\ndon't\nthe"])
def test_words_that_are_more_or_fewer_than_the_file_says(model_path, words):
    with h5py.File(model_path, "r+") as file:
        attributes = dict(file["Vocabulary"].attrs)
        del file["Vocabulary"]
        mat73.write_text(file, "Vocabulary", words).attrs.update(attributes)
    assert "`/Vocabulary` has not the number of words that it says" in fault(read_model, model_path).message


def test_words_that_another_program_wrote(model_path):
    with h5py.File(model_path, "r+") as file:
        del file["Vocabulary"]
        mat73.write_text(file, "Vocabulary", "a\nb")
    assert read_model(model_path).vocabulary == ("a", "b")


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
