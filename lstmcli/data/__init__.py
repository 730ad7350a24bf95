"""Room 5, data: every form a user keeps sequences in becomes `Sequences` and `Targets`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstmcli.data.reading import read_blocks, read_sequences
    from lstmcli.data.selection import (
        concatenate,
        concatenate_targets,
        select,
        sort_by_length,
        split_fraction,
    )
    from lstmcli.data.windows import cut_windows

_HOMES = {
    "concatenate": "selection",
    "concatenate_targets": "selection",
    "cut_windows": "windows",
    "read_blocks": "reading",
    "read_sequences": "reading",
    "select": "selection",
    "sort_by_length": "selection",
    "split_fraction": "selection",
}

__all__ = [
    "concatenate",
    "concatenate_targets",
    "cut_windows",
    "read_blocks",
    "read_sequences",
    "select",
    "sort_by_length",
    "split_fraction",
]


def __getattr__(name: str) -> Any:
    # The command line's help imports this package for the declaration of `data:` and must not wait for NumPy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
