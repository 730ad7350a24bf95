"""A slip of the hand must not cost a file of another kind than the one that takes its place."""

from collections.abc import Callable
from pathlib import Path

from lstmcli.errors import Fault, ModelError


def refuse_to_overwrite(
    path: Path, start: int, is_own: Callable[[bytes], bool], what: str, flag: str = ""
) -> None:
    """Raise ModelError if there is a file that is not `what`, as its first bytes say; `start` are enough.

    flag : ` with -o` or the like, by which another file is named
    """
    try:
        with path.open("rb") as file:
            begin = file.read(start) if path.is_file() else b""
    except OSError:
        return
    if begin and not is_own(begin):
        help = f"name another file{flag}, or remove this one"
        raise ModelError(Fault(f"`{path}` is not {what}: it would be overwritten", None, help))
