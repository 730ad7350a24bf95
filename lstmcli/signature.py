"""What an HDF5 file begins with, as every model does: known without the library that reads it."""

SIGNATURE = b"\x89HDF\r\n\x1a\n"
USER_BLOCK = 512
"""Bytes of a MAT-file's own header, after which the signature stands."""

START = USER_BLOCK + len(SIGNATURE)
"""Bytes of a file that are enough for `is_hdf5`."""

MAT_FILE = b"MATLAB 7.3 MAT-file"
"""What a MAT-file's own header begins with."""


def is_hdf5(start: bytes) -> bool:
    """Whether a file that begins with these bytes is HDF5, alone or after a MAT-file's header."""
    return start.startswith(SIGNATURE) or start[USER_BLOCK:START] == SIGNATURE


def may_be_hdf5(start: bytes) -> bool:
    """Whether these first bytes are too few for `is_hdf5`, and so far those of a model."""
    enough = {SIGNATURE: len(SIGNATURE), MAT_FILE: START}
    return any(
        len(start) < count and known.startswith(start[: len(known)]) for known, count in enough.items()
    )
