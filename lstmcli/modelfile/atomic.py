"""Model files written whole or not at all, or the reason why not."""

import errno
import os
import stat

from lstmcli.errors import Fault, ModelError
from lstmcli.whole_file import replace_file, temporary_name

Path = str | os.PathLike[str]


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` in the file: after a failure at any moment it is as it was before.

    Links are followed and the mode is what open() would give. A device or a pipe is simply written to.
    Raises ModelError if it cannot be written.
    """
    try:
        target, mode = _destination(path)
        if mode is not None and not stat.S_ISREG(mode):
            with open(target, "wb") as file:
                file.write(data)
        else:
            replace_file(target, data, mode)
    except OSError as error:
        raise _cannot_write(path, error) from error


def check_writable(path: Path) -> None:
    """Raise the ModelError that writing would raise, as far as it can be known; nothing is left behind."""
    try:
        target, mode = _destination(path)
        if mode is None or stat.S_ISREG(mode):
            temporary = temporary_name(target)
            with open(temporary, "xb"):
                pass
            os.unlink(temporary)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _destination(path: Path) -> tuple[str, int | None]:
    """The file behind any links, and its mode if it exists. Raises OSError if it is not to be written."""
    name = os.fspath(path)
    try:
        mode = os.stat(name).st_mode
    except FileNotFoundError:
        mode = None
    if not os.path.basename(name) or (mode is not None and stat.S_ISDIR(mode)):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if mode is None:
        return os.path.realpath(name), None
    # Replacing needs the right to the folder alone; a write-protected model is protected from us too.
    if not os.access(name, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return (os.path.realpath(name) if stat.S_ISREG(mode) else name), mode


def _cannot_write(path: Path, error: OSError) -> ModelError:
    name = os.fspath(path)
    folder = os.path.dirname(name) or os.curdir
    reason = error.strerror or str(error)
    match error.errno:
        case errno.ENOENT:
            reason, help_ = f"there is no folder `{folder}`", "create the folder first, or name another"
        case errno.ENOTDIR:
            reason, help_ = f"`{folder}` is not a folder", "name a file in a folder"
        case errno.EISDIR:
            reason, help_ = "it is a folder", "name a file in it"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            help_ = "name a file that you may write, in a folder that you may write to"
        case errno.ENAMETOOLONG:
            help_ = "give it a shorter name"
        case errno.ENOSPC | errno.EDQUOT:
            help_ = "make room, or name a file on another disk"
        case _:
            help_ = "name a file in another folder"
    return ModelError(Fault(f"cannot write `{name}`: {reason}", help=help_))
