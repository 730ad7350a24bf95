"""What an argument names: a spec on disk or on stdin, or a model."""

import sys
from pathlib import Path

from lstmcli.errors import Fault, SpecError

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"


def read_source(spec: str) -> tuple[str, str, Path]:
    """Text, name for messages and folder of a spec; raises SpecError if it cannot be read."""
    if spec == "-":
        return sys.stdin.read(), "stdin", Path()
    path = Path(spec)
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = "is a folder" if path.is_dir() else f"cannot be read: {error.strerror}"
        raise SpecError(Fault(f"`{spec}` {reason}", None, "a spec is a YAML file")) from None
    if is_model(content):
        raise SpecError(Fault(f"`{spec}` is a model file, not a spec", None, "a spec is a YAML file"))
    try:
        return content.decode("utf-8-sig"), spec, path.parent
    except UnicodeDecodeError:
        raise SpecError(Fault(f"`{spec}` is not a text in UTF-8", None, "a spec is a YAML file")) from None


def is_model(content: bytes) -> bool:
    """Whether these first bytes of a file are HDF5's, at the start or after a MAT-file's user block."""
    return content.startswith(HDF5_MAGIC) or content[512:520] == HDF5_MAGIC
