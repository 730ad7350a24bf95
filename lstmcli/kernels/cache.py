"""Where compiled kernels are kept between runs: a folder that can be written and never holds stale code."""

import hashlib
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding
import numpy as np

from lstmcli.kernels.processor import WIDTH
from lstmcli.whole_file import replace_file

CHECKED = hashlib.sha256().digest_size


@cache
def cache_folder() -> Path | None:
    """The first folder of the candidates that can be written, or None if every run has to compile.

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


def load(name: str) -> bytes | None:
    """The machine code of this name, or None if it is not there, torn, another's, or cannot be read."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        kept = (folder / name).read_bytes()
    except OSError:
        return None
    return kept[CHECKED:] if _checksum(name, kept[CHECKED:]) == kept[:CHECKED] else None


def save(name: str, code: bytes) -> OSError | None:
    """Keep machine code, whole or not at all; the reason if that failed.

    A full disk costs the next run a compilation, not this run.
    """
    folder = cache_folder()
    if folder is not None:
        try:
            replace_file(str(folder / name), _checksum(name, code) + code)
        except OSError as error:
            return error
    return None


def _checksum(name: str, code: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + code).digest()


def _key() -> str:
    text = hashlib.sha256()
    room = Path(__file__).parent
    for source in sorted(room.rglob("*.py")):
        text.update(str(source.relative_to(room)).encode() + b"\0" + source.read_bytes() + b"\0")
    features = llvmlite.binding.get_host_cpu_features().flatten()
    machine = (llvmlite.binding.get_host_cpu_name(), features, platform.machine(), str(WIDTH))
    settings = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("NUMBA_"))
    for part in (version("numba"), llvmlite.__version__, np.__version__, sys.version, *machine, *settings):
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
