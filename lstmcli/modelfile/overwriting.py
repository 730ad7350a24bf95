"""A slip of the hand must not cost a file of another kind than the one that takes its place."""

import os
from collections.abc import Callable
from typing import BinaryIO

from lstmcli.errors import Fault, ModelError


def refuse_to_overwrite(
    path: str | os.PathLike[str], is_own: Callable[[BinaryIO], bool], what: str, flag: str = ""
) -> None:
    """Raise ModelError if there is a file that is not `what`, as `is_own` finds in it, and is not empty.

    flag : ` with -o` or the like, by which another file is named
    """
    try:
        # A pipe is not opened: it would wait.
        if not os.path.isfile(path) or not os.path.getsize(path):
            return
        with open(path, "rb") as file:
            own = is_own(file)
    except OSError:
        return
    if not own:
        help = f"name another file{flag}, or remove this one"
        raise ModelError(Fault(f"`{os.fspath(path)}` is not {what}: it would be overwritten", None, help))
