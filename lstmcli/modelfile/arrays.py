"""One array out of an HDF5 file or a MAT-file that somebody else wrote."""

from pathlib import Path

import numpy as np

from lstmcli.errors import Fault, ModelError
from lstmcli.modelfile import mat73
from lstmcli.records import Array
from lstmcli.signature import is_hdf5


def read_array(path: Path, inner: str) -> Array:
    """The numbers at an HDF5 path (`/Layers/lstm/Bias`), or of a variable of a MAT-file: float64.

    The shape is the one MATLAB shows. MAT-files older than 7.3 are read by SciPy.
    Raises ModelError, and OSError if the file cannot be opened.
    """
    data = path.read_bytes()
    if not is_hdf5(data):
        if path.suffix.lower() == ".mat":
            return _read_old_mat(path, inner)
        raise ModelError(Fault(f"`{path}` is not an HDF5 file"))
    folders = inner.strip("/").split("/")
    try:
        with mat73.open_bytes(data) as file:
            group = file
            for folder in folders[:-1]:
                group = mat73.child(group, folder, type(file["/"]))
            return mat73.read_numbers(group, folders[-1], np.float64)
    except mat73.MalformedError as error:
        raise ModelError(Fault(f"`{path}`: {error}")) from None
    except (OSError, LookupError, RuntimeError, ValueError) as error:
        raise ModelError(Fault(f"`{path}` is damaged or cut short")) from error


def _read_old_mat(path: Path, variable: str) -> Array:
    try:
        from scipy.io import loadmat
    except ModuleNotFoundError:
        help = "`pip install scipy`, or save it with -v7.3"
        raise ModelError(Fault("a MAT-file older than version 7.3 needs SciPy", None, help)) from None
    try:
        values = loadmat(path, variable_names=[variable]).get(variable)
    except (ValueError, NotImplementedError, TypeError) as error:
        raise ModelError(Fault(f"`{path}` is not a MAT-file: {error}")) from None
    if values is None:
        raise ModelError(Fault(f"`{path}` has no variable `{variable}`"))
    array = np.asarray(values)
    if array.dtype.kind not in "fiu":
        raise ModelError(Fault(f"`{variable}` of `{path}` must hold numbers"))
    return array.astype(np.float64)
