"""Files written whole or not at all."""

import contextlib
import errno
import os
import secrets
import stat

from lstmcli.errors import Fault, ModelError

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
            _replace(target, mode, data)
    except OSError as error:
        raise _cannot_write(path, error) from error


def check_writable(path: Path) -> None:
    """Raise the ModelError that writing would raise, as far as it can be known; nothing is left behind."""
    try:
        target, mode = _destination(path)
        if mode is None or stat.S_ISREG(mode):
            temporary = _temporary_name(target)
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


def _temporary_name(target: str) -> str:
    return os.path.join(os.path.dirname(target), f".lstmcli-{secrets.token_hex(8)}.tmp")


def _replace(target: str, mode: int | None, data: bytes) -> None:
    temporary = _temporary_name(target)
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None and os.stat(temporary).st_mode != mode:
            os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    if os.name == "posix":
        _flush_folder(os.path.dirname(target))


def _flush_folder(folder: str) -> None:
    # The file is in place by now, and some network file systems cannot flush a folder.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
