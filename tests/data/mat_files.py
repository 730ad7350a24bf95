"""MAT-files of both kinds, written as MATLAB does: of version 5 by SciPy, of version 7.3 by h5py."""

import h5py
import numpy as np
from scipy.io import savemat


def cell(items):
    """A cell array N-by-1."""
    array = np.empty((len(items), 1), object)
    for k, item in enumerate(items):
        array[k, 0] = cell(item) if isinstance(item, list) else item
    return array


def write_old(path, **variables):
    """Version 5: lists are cells."""
    savemat(path, {k: cell(v) if isinstance(v, list) else v for k, v in variables.items()})


def write_new(path, **variables):
    """Version 7.3: reversed dimensions, cells as references."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in variables.items():
            _put(file, file, name, value)
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")


def _put(file, group, name, value):
    if isinstance(value, list):
        inner = file.require_group("#refs#")
        references = np.empty((1, len(value)), h5py.ref_dtype)
        for k, item in enumerate(value):
            references[0, k] = _put(file, inner, f"{name}_{k}", item).ref
        dataset, kind = group.create_dataset(name, data=references), "cell"
    elif isinstance(value, str):
        units = np.frombuffer(value.encode("utf-16-le"), "<u2").reshape(-1, 1)
        dataset = group.create_dataset(name, data=units if value else np.zeros(2, np.uint64))
        dataset.attrs["MATLAB_empty"], kind = np.uint8(not value), "char"
    elif isinstance(value, bytes):
        dataset, kind = group.create_dataset(name, data=np.zeros((1, 6), np.uint32)), value.decode()
    else:
        dataset, kind = group.create_dataset(name, data=np.atleast_2d(value).T), "double"
    dataset.attrs["MATLAB_class"] = np.bytes_(kind)
    return dataset
