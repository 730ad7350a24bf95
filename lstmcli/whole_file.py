"""A file replaced whole or not at all."""

import contextlib
import os
import secrets
import stat


def temporary_name(target: str) -> str:
    """A name beside the target that nobody else uses."""
    return os.path.join(os.path.dirname(target), f".lstmcli-{secrets.token_hex(8)}.tmp")


def replace_file(target: str, data: bytes, mode: int | None = None) -> None:
    """Put `data` in a file that is there or not: after a failure at any moment it is as it was before.

    mode : what it is to have, or None for what open() would give. Raises OSError.
    """
    temporary = temporary_name(target)
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
