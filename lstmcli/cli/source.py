"""What an argument names: a spec on disk or on stdin, a model, or a model to write."""

import os
import sys
from pathlib import Path

from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, SpecError, did_you_mean

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_A_SPEC = "a spec is a YAML file"


def read_source(spec: str) -> tuple[str, str, Path]:
    """Text, name for messages and folder of a spec; raises SpecError if it cannot be read."""
    path, name = Path(spec), spec
    if spec == "-":
        path, name, content = Path(), "stdin", sys.stdin.buffer.read()
    else:
        content = _read_bytes(path, spec)
    if is_model(content):
        raise SpecError(Fault(f"`{name}` is a model file, not a spec", None, _A_SPEC))
    try:
        return content.decode("utf-8-sig"), name, path.parent
    except UnicodeDecodeError:
        raise SpecError(Fault(f"`{name}` is not a text in UTF-8", None, _A_SPEC)) from None


def is_model(content: bytes) -> bool:
    """Whether these first bytes of a file are HDF5's, at the start or after a MAT-file's user block."""
    return content.startswith(HDF5_MAGIC) or content[512:520] == HDF5_MAGIC


def model_path(output: str | None, spec: str) -> Path:
    """Where the model goes: what -o names, or the spec's name with `.h5`.

    Raises UsageFaultError if that is no name of a file, or of one that is not a model.
    """
    if output == "-":
        raise UsageFaultError(Fault("a model cannot be written to stdout", None, "name a file with -o"))
    if output is None and (spec == "-" or Path(spec).is_fifo()):
        raise UsageFaultError(Fault("a spec from a pipe gives the model no name", None, "name it with -o"))
    path = Path(os.path.splitext(spec)[0] + ".h5" if output is None else output)
    _refuse_to_overwrite(path)
    return path


def _refuse_to_overwrite(path: Path) -> None:
    """A spec or data in the place of the model is a slip of the hand that must not cost the file."""
    try:
        with path.open("rb") as file:
            start = file.read(520) if path.is_file() else b""
    except OSError:
        return
    if start and not is_model(start):
        help = "name another file with -o, or remove this one"
        raise UsageFaultError(Fault(f"`{path}` is not a model: it would be overwritten", None, help))


def _read_bytes(path: Path, spec: str) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        near = did_you_mean(path.name, _names_beside(path))
        raise SpecError(Fault(f"there is no file `{spec}`", None, near or _A_SPEC)) from None
    except IsADirectoryError:
        raise SpecError(Fault(f"`{spec}` is a folder", None, _A_SPEC)) from None
    except OSError as error:
        raise SpecError(Fault(f"`{spec}` cannot be read: {error.strerror}", None, _A_SPEC)) from None


def _names_beside(path: Path) -> list[str]:
    return [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
