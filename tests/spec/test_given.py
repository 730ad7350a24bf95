"""Given values: every form in MATLAB's orientation, and sizes that leave no doubt."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lstmcli.errors import Mark, SpecError
from lstmcli.given import read_given
from lstmcli.modelfile import write_model
from lstmcli.records import Model
from lstmcli.spec.kinds import FileValues, ListValues

MARK = Mark("spec.yaml", 1, 1, 1, "- lstm: 1")
MATRIX = np.array([[1.5, -2, 3], [4, 5, 6e-3]])


def values(given: ListValues | FileValues, *shape: int, folder: Path = Path()) -> NDArray[np.floating]:
    return read_given(given, shape, folder, "`W` of lstm `a`", MARK)


def refusal(given: ListValues | FileValues, *shape: int, folder: Path = Path()) -> str:
    with pytest.raises(SpecError) as raised:
        values(given, *shape, folder=folder)
    (fault,) = raised.value.faults
    assert fault.where == MARK
    return fault.message.removeprefix("`W` of lstm `a` ")


def test_list_of_rows() -> None:
    assert np.array_equal(values(ListValues(((1, 2, 3), (4, 5, 6))), 2, 3), [[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize("listed", [(1, 2, 3), ((1, 2, 3),), ((1,), (2,), (3,))])
@pytest.mark.parametrize("shape", [(3,), (3, 1), (1, 3)])
def test_vector_lies_or_stands(listed: object, shape: tuple[int, ...]) -> None:
    read = values(ListValues(listed), *shape)
    assert read.shape == shape
    assert read.ravel().tolist() == [1, 2, 3]


@pytest.mark.parametrize("listed", [2, (2,), ((2,),)])
@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_single_number(listed: object, shape: tuple[int, ...]) -> None:
    read = values(ListValues(listed), *shape)
    assert (read.shape, read.item()) == (shape, 2)


@pytest.mark.parametrize(
    ("listed", "shape", "message"),
    [
        ((1, 2, 3), (4,), "must be 4-by-1, got 3-by-1"),
        (((1, 2, 3),), (4,), "must be 4-by-1, got 1-by-3"),
        (((1, 2), (3, 4)), (4,), "must be 4-by-1, got 2-by-2"),
        ((1, 2, 3, 4, 5, 6), (2, 3), "must be 2-by-3, got 6-by-1"),
        (((1, 4), (2, 5), (3, 6)), (2, 3), "must be 2-by-3, got 3-by-2"),
        (1, (2, 3), "must be 2-by-3, got 1-by-1"),
        ((), (2,), "must be 2-by-1, got 0-by-1"),
        (((), ()), (2,), "must be 2-by-1, got 2-by-0"),
        (((1, 2), (3,)), (2, 2), "must have rows of equal length"),
        (((1, 2), 3), (2, 2), "must have rows of equal length"),
        ((1, 1e39), (2,), "must be finite numbers of single precision"),
    ],
)
def test_wrong_sizes(listed: object, shape: tuple[int, ...], message: str) -> None:
    assert refusal(ListValues(listed), *shape) == message


@pytest.mark.parametrize(
    "text", ["1.5,-2,3\n4,5,6e-3\n", "\ufeff1.5, -2, 3\r\n4, 5, 6e-3", "1.5,-2,3\n\n4,5,.006\n"]
)
def test_csv(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.csv").write_text(text, encoding="utf-8")
    assert np.array_equal(values(FileValues("w.csv", None), 2, 3, folder=tmp_path), MATRIX)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "cannot be read: not all of line 1 are numbers"),
        ("1,2\n3,\n", "cannot be read: not all of line 2 are numbers"),
        ("1;2\n3;4\n", "cannot be read: not all of line 1 are numbers"),
        ("1,2\n3\n", "cannot be read: line 2 has 1 numbers, the lines before it 2"),
        ("", "must be 2-by-2, got 0-by-1"),
        ("1,2\n3,nan\n", "must be finite numbers of single precision"),
        ("1,2\n3,-inf\n", "must be finite numbers of single precision"),
    ],
)
def test_csv_of_something_else(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "w.csv").write_text(text)
    assert refusal(FileValues("w.csv", None), 2, 2, folder=tmp_path) == message


@pytest.mark.parametrize("dtype", ["f4", "f8", ">f8", "i8", "u1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy(tmp_path: Path, dtype: str, order: str) -> None:
    array = np.array([[1, 2, 3], [4, 5, 6]], dtype=dtype, order=order)  # type: ignore[call-overload]
    np.save(tmp_path / "w.npy", array)
    assert values(FileValues("w.npy", None), 2, 3, folder=tmp_path).tolist() == array.tolist()


@pytest.mark.parametrize("array", [np.array([1 + 2j]), np.array(["1"]), np.array([True]), np.array([None])])
def test_npy_of_something_else(tmp_path: Path, array: NDArray[np.generic]) -> None:
    np.save(tmp_path / "w.npy", array, allow_pickle=True)
    assert refusal(FileValues("w.npy", None), 1, folder=tmp_path).startswith("cannot be read: it ")


@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4", b"\x93NUMPY\1\0", b"\x93NUMPY\1\0\x10\0{'descr': '<f8'}\n"]
)
def test_damaged_npy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.npy").write_bytes(content)
    message = "cannot be read: it is no whole .npy file of numbers"
    assert refusal(FileValues("w.npy", None), 1, folder=tmp_path) == message


def test_model_file(tmp_path: Path) -> None:
    arrays = {"Weights": MATRIX.astype(np.float32), "Bias": np.float32([1, 2])}
    write_model(tmp_path / "w.h5", Model(spec="", weights={"fc": arrays}))
    for name, array in arrays.items():
        read = values(FileValues("w.h5", f"/Layers/fc/{name}"), *array.shape, folder=tmp_path)
        assert np.array_equal(read, array)
    message = refusal(FileValues("w.h5", "/Layers/fc/W"), 1, folder=tmp_path)
    assert "W" in message
    (tmp_path / "text.h5").write_text("1,2\n")
    assert "is not an HDF5 file" in refusal(FileValues("text.h5", "/a"), 1, folder=tmp_path)


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere.npy"])
def test_missing_file(tmp_path: Path, name: str) -> None:
    message = refusal(FileValues(name, None), 1, folder=tmp_path)
    assert message == "cannot be read: No such file or directory"
    assert refusal(FileValues("nowhere.h5", "/a"), 1, folder=tmp_path) == message


def test_folder_and_impossible_name(tmp_path: Path) -> None:
    (tmp_path / "w.csv").mkdir()
    assert refusal(FileValues("w.csv", None), 1, folder=tmp_path) == "cannot be read: Is a directory"
    assert refusal(FileValues("\0.csv", None), 1, folder=tmp_path) == "cannot be read: embedded null byte"
