"""Results: a Model <-> one HDF5 file that is at the same time a MAT-file of version 7.3."""

import io
import os

import h5py
import numpy as np

from lstmcli.errors import Fault, ModelError
from lstmcli.modelfile import mat73
from lstmcli.modelfile.atomic import check_writable, write_atomically
from lstmcli.modelfile.format import decoding, encoding, is_of_format
from lstmcli.modelfile.overwriting import refuse_to_overwrite
from lstmcli.records import Array, Model
from lstmcli.signature import START, is_hdf5

__all__ = ["check_writable", "read_model", "refuse_other_files", "write_model"]

FORMAT = "lstmcli network"
FORMAT_VERSION = 1

SPEC = "Spec"
LAYERS = "Layers"
CLASSES = "Classes"
RESPONSE_NAMES = "ResponseNames"
VOCABULARY = "Vocabulary"
TRAINING_OPTIONS = "TrainingOptions"
TRAINING_INFO = "TrainingInfo"


def write_model(path: str | os.PathLike[str], model: Model) -> None:
    """Store the model, whole or not at all. Equal models give equal bytes.

    Numbers among the training options become doubles; an option that is None is left out.
    Raises ModelError if the file cannot be written or a layer's name cannot be stored.
    """
    for layer in model.weights:
        if layer in ("", ".") or "/" in layer or "\0" in layer:
            message = f"cannot write `{os.fspath(path)}`: HDF5 cannot store the layer name `{layer}`"
            raise ModelError(Fault(message, help="give the layer another `Name`, without `/`"))
    write_atomically(path, _encode(model))


def read_model(path: str | os.PathLike[str]) -> Model:
    """The stored model. Arrays are float32 in MATLAB's shape, vectors (n,); training info is float64[n].

    Takes no lock, follows no link out of the file and runs nothing from it. Raises ModelError.
    """
    name = os.fspath(path)
    data = _read_bytes(name)
    again = "copy it again, or train again"
    with decoding(data, name, FORMAT, FORMAT_VERSION, "model file", again) as file:
        return _decode(file)


def refuse_other_files(path: str | os.PathLike[str], flag: str = "") -> None:
    """Raise ModelError if there is a file that is no model; flag : ` with -o` or the like."""
    refuse_to_overwrite(path, lambda file: is_of_format(file.read(), FORMAT), "a model", flag)


def _encode(model: Model) -> bytes:
    buffer = io.BytesIO()
    with encoding(FORMAT, FORMAT_VERSION, buffer) as file:
        mat73.write_text(file, SPEC, model.spec)
        layers = mat73.write_struct(file, LAYERS)
        for layer, arrays in sorted(model.weights.items()):
            group = mat73.write_struct(layers, layer)
            for name, array in sorted(arrays.items()):
                mat73.write_numbers(group, name, array, "single")
        mat73.write_cell(file, CLASSES, model.classes)
        mat73.write_cell(file, RESPONSE_NAMES, model.response_names)
        if model.vocabulary:
            # One text: a cell is an HDF5 object for each word, and of many words takes seconds to read.
            text = mat73.write_text(file, VOCABULARY, "\n".join(model.vocabulary))
            text.attrs["NumWords"] = np.int32(len(model.vocabulary))
        options = mat73.write_struct(file, TRAINING_OPTIONS)
        for name, value in sorted(model.training_options.items()):
            if value is not None:
                mat73.write_value(options, name, value)
        info = mat73.write_struct(file, TRAINING_INFO)
        for name, values in sorted(model.training_info.items()):
            mat73.write_numbers(info, name, np.ravel(values), "double", row=True)
    return buffer.getvalue()


def _decode(file: h5py.File) -> Model:
    layers = mat73.child(file, LAYERS, h5py.Group)
    options = mat73.child(file, TRAINING_OPTIONS, h5py.Group)
    info = mat73.child(file, TRAINING_INFO, h5py.Group)
    return Model(
        spec=mat73.read_text(file, SPEC),
        weights={layer: _decode_layer(mat73.child(layers, layer, h5py.Group)) for layer in layers},
        classes=tuple(mat73.read_cell(file, CLASSES)),
        response_names=tuple(mat73.read_cell(file, RESPONSE_NAMES)),
        vocabulary=_decode_vocabulary(file) if VOCABULARY in file else (),
        training_options={name: mat73.read_value(options, name) for name in options},
        training_info={name: mat73.read_numbers(info, name, np.float64).ravel() for name in info},
    )


def _decode_layer(group: h5py.Group) -> dict[str, Array]:
    return {name: mat73.read_numbers(group, name, np.float32) for name in group}


def _decode_vocabulary(file: h5py.File) -> tuple[str, ...]:
    words = tuple(mat73.read_text(file, VOCABULARY).split("\n"))
    if len(words) != file[VOCABULARY].attrs.get("NumWords", len(words)):
        raise mat73.MalformedError(f"`/{VOCABULARY}` has not the number of words that it says")
    return words


def _read_bytes(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            start = file.read(START)
            if not is_hdf5(start):
                raise ModelError(Fault(f"`{name}` is not a model file", help=_looks_like(start)))
            return start + file.read()
    except (FileNotFoundError, NotADirectoryError) as error:
        help_ = f"`lstmcli train SPEC -o {name}` makes one"
        raise ModelError(Fault(f"there is no model `{name}`", help=help_)) from error
    except IsADirectoryError as error:
        raise ModelError(Fault(f"`{name}` is a folder", help="name the model file in it")) from error
    except OSError as error:
        raise ModelError(
            Fault(f"cannot read `{name}`: {error.strerror}", help="name a model that you may read")
        ) from error


def _looks_like(start: bytes) -> str:
    """The help line for a file that is no HDF5, from its first bytes."""
    kinds = {
        b"MATLAB 7.3": "a model of which only the beginning was copied",
        b"MATLAB 5.0": "a MAT-file of version 5 to 7",
        b"PK\x03\x04": "a zip archive, as .npz, .keras and .pt files are",
        b"\x1f\x8b": "a gzip archive",
        b"\x80": "a Python pickle",
    }
    what = next((kind for magic, kind in kinds.items() if start.startswith(magic)), None)
    if not start:
        what = "nothing: it is empty"
    elif what is None and not any(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in start):
        what = "text, as data and specs are"
    found = f"it looks like {what}; " if what else ""
    return f"{found}a model is the HDF5 file that `lstmcli train` writes"
