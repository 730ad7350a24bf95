"""Where compiled kernels are kept between runs: a folder that can be written and never holds stale code."""

import hashlib
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import llvmlite.binding
import numba
from numba.core.caching import FunctionCache

from lstmcli.kernels.processor import WIDTH


def choose_folder() -> Path | None:
    """The first folder of the candidates that can be written, or None.

    The folder is <base>/<key>; base is $LSTMCLI_CACHE_DIR or <the user's cache folder>/lstmcli, else a
    folder of this user alone below the one for temporary files; key names the kernels' source and
    everything else that compiled code depends on.
    """
    key = _key()
    for base in _bases(os.environ):
        if _writable(base / key):
            return base / key
    private = _private_temporary_folder()
    return private / key if private is not None and _writable(private / key) else None


class ForgivingCache(FunctionCache):
    """numba's cache of one function, where a full disk or a torn file costs a compilation, not the run.

    announce : called once, before the first function is compiled because it is not in the cache
    """

    announce: Callable[[], None] | None = None

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function, or None if it is not there or cannot be read."""
        try:
            found = super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except (OSError, EOFError, UnpicklingError):
            found = None
        if found is None and ForgivingCache.announce is not None:
            ForgivingCache.announce()
            ForgivingCache.announce = None
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keeps a compiled function if that is possible."""
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except (OSError, EOFError, UnpicklingError):
            self.disable()


def keep_compiled(dispatcher: Any, function: Callable[..., Any]) -> None:
    """Makes numba look for the function in the cache folder, and leave it there once compiled."""
    dispatcher._cache = ForgivingCache(function)


def _key() -> str:
    text = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        text.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    machine = (numba.__version__, llvmlite.__version__, llvmlite.binding.get_host_cpu_name())
    for part in (*machine, platform.machine(), sys.version, str(WIDTH)):
        text.update(part.encode() + b"\0")
    return text.hexdigest()[:16]


def _bases(environment: Mapping[str, str]) -> Iterator[Path]:
    own = environment.get("LSTMCLI_CACHE_DIR")
    if own:
        yield Path(own).absolute()
        return
    given = environment.get("XDG_CACHE_HOME" if sys.platform != "win32" else "LOCALAPPDATA", "")
    if Path(given).is_absolute():
        yield Path(given) / "lstmcli"
        return
    try:
        home = Path.home()
    except RuntimeError:
        return
    if home.is_absolute():
        usual = {"win32": "AppData/Local", "darwin": "Library/Caches"}
        yield home / usual.get(sys.platform, ".cache") / "lstmcli"


def _private_temporary_folder() -> Path | None:
    """A folder of which no one else can be the owner: compiled code read from it is run."""
    user = os.getuid() if sys.platform != "win32" else os.environ.get("USERNAME", "user")
    try:
        folder = Path(tempfile.gettempdir()) / f"lstmcli-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    if sys.platform != "win32" and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        return None
    return folder if stat.S_ISDIR(found.st_mode) else None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0")
    except OSError:
        return False
    return True
