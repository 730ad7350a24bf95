"""Where a trained network goes if it cannot go where it was meant to: hours of training are not lost."""

import tempfile
from collections.abc import Callable, Iterator
from itertools import chain, count
from pathlib import Path

from lstmcli.errors import Fault, ModelError


def save(store: Callable[[Path], None], path: Path) -> None:
    """Store a network in `path`, else under the same name in the current or the temporary folder.

    A file that is there already is left alone. Raises the ModelError of `path` in any case where that
    could not be written, with the place of the network for its help.
    """
    try:
        store(path)
    except ModelError as error:
        reason = error.faults[0].message
        raise ModelError(Fault(reason, None, _save_elsewhere(store, path.name))) from error


def keep_earlier(path: Path) -> Path | None:
    """Rename a model that a network which is not finished would replace; its new name, if there was one.

    A model that was kept before stays: it may be the last one that was finished.
    """
    if not path.is_file():
        return None
    numbers = chain(("",), (f"-{k}" for k in count(2)))
    names = (path.with_name(f"{path.stem}.previous{number}{path.suffix}") for number in numbers)
    kept = next(name for name in names if not name.exists())
    path.replace(kept)
    return kept


def _save_elsewhere(store: Callable[[Path], None], name: str) -> str:
    reasons = []
    for place in _places(name):
        try:
            store(place)
        except ModelError as error:
            reasons.append(error.faults[0].message)
        else:
            return f"the network is saved as `{place}` instead"
    return "; ".join(["the network is lost", *reasons])


def _places(name: str) -> Iterator[Path]:
    """Names that no other file has."""
    if not Path(name).exists():
        yield Path(name)
    try:
        yield Path(tempfile.mkdtemp(prefix="lstmcli-")) / name
    except OSError:
        return
