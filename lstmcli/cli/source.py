"""What an argument names: a spec on disk or on stdin, a model, or a model to write."""

import os
import sys
from pathlib import Path

from lstmcli.cli.usage import UsageFaultError
from lstmcli.data.sources import GZIP
from lstmcli.errors import Fault, SpecError, did_you_mean
from lstmcli.signature import is_hdf5

_A_SPEC = "a spec is a YAML file"


def read_source(spec: str) -> tuple[str, str, Path]:
    """Text, name for messages and folder of a spec; raises SpecError if it is none or cannot be read."""
    content, name, folder = read_content(spec)
    if is_hdf5(content):
        raise SpecError(Fault(f"`{name}` is a model file, not a spec", None, _A_SPEC))
    return spec_text(content, name), name, folder


def read_content(source: str) -> tuple[bytes, str, Path]:
    """The bytes of a file, pipe or stdin, its name for messages and its folder; raises SpecError."""
    if source == "-":
        return sys.stdin.buffer.read(), "stdin", Path()
    path = Path(source)
    return _read_bytes(path, source), source, path.parent


def spec_text(content: bytes, name: str) -> str:
    """The text of a spec; raises SpecError if it is data or no text."""
    try:
        text = "" if content.startswith(GZIP) else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SpecError(Fault(f"`{name}` is not a text in UTF-8", None, _A_SPEC)) from None
    if content.startswith(GZIP) or _is_table(text):
        help = _A_SPEC + " that names its data, as in `data: {train: file.csv}`"
        raise SpecError(Fault(f"`{name}` looks like data, not a spec", None, help))
    return text


def _is_table(text: str) -> bool:
    """Whether the first line is a row of a CSV or of a .ts file rather than YAML."""
    from lstmcli.data.layout import DELIMITERS

    lines = (line.strip() for line in text[:10_000].splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    separated = any(delimiter in first for delimiter in DELIMITERS) and ":" not in first
    return first.startswith("@") or (separated and not first.startswith(("{", "[", "- ")))


def model_path(output: str | None, spec: str) -> Path:
    """Where the model goes: what -o names, or the spec's name with `.h5`.

    Raises UsageFaultError if that is no name of a file, ModelError if it is that of another kind of file.
    """
    if output == "-":
        raise UsageFaultError(Fault("a model cannot be written to stdout", None, "name a file with -o"))
    if output is None and (spec == "-" or Path(spec).is_fifo()):
        raise UsageFaultError(Fault("a spec from a pipe gives the model no name", None, "name it with -o"))
    from lstmcli.modelfile import refuse_other_files

    path = Path(os.path.splitext(spec)[0] + ".h5" if output is None else output)
    refuse_other_files(path, " with -o")
    return path


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
