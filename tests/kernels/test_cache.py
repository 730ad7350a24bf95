"""The cache folder: chosen where it can be written, never with stale code in it, never a reason to fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lstmcli

ROOT = Path(lstmcli.__file__).parent.parent
REPORT = """
import numpy as np
import sys
from lstmcli.kernels import solver_steps
from lstmcli.kernels.cache import cache_folder
from lstmcli.kernels.kernel import on_compilation
announced, complained = [], []
on_compilation(lambda: announced.append(True), complained.append)
a = np.ones((2, 2), np.float32)
solver_steps.clip_absolute(a, 0.5)
assert a.tolist() == [[0.5, 0.5], [0.5, 0.5]]
print(cache_folder(), len(announced), int("numba" not in sys.modules), complained, sep="|")
"""
NO_HOME = """
import pwd
def unknown(*arguments): raise KeyError
pwd.getpwuid = unknown
"""
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and users")


def kernels_in_a_process(root=ROOT, before="", complaints="[]", **environment):
    """Cache folder, announced compilations, and whether a process with this environment needs no numba.

    complaints : what cannot be kept in the cache, as it is printed
    """
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", before + REPORT],
        env={**kept, "PYTHONPATH": str(root), "TMPDIR": environment.get("HOME", "/"), **environment},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    folder, announced, hits, complained = done.stdout.strip().split("|")
    assert complained == complaints
    return None if folder == "None" else Path(folder), int(announced), int(hits)


@pytest.fixture
def nowhere(tmp_path):
    """A path that nobody can create, root included: below a file."""
    file = tmp_path / "file"
    file.write_text("")
    return str(file / "below")


def test_own_folder_then_loaded_from_it(tmp_path, nowhere):
    folder, announced, hits = kernels_in_a_process(LSTMCLI_CACHE_DIR=str(tmp_path), XDG_CACHE_HOME=nowhere)
    assert (folder.parent, announced, hits) == (tmp_path, 1, 0)
    again = kernels_in_a_process(LSTMCLI_CACHE_DIR=str(tmp_path), XDG_CACHE_HOME=nowhere)
    assert again == (folder, 0, 1)


@posix_only
def test_others_may_read_what_is_kept_in_a_shared_folder(tmp_path):
    before = "import os\nos.umask(0o022)\n"
    folder, _, _ = kernels_in_a_process(before=before, LSTMCLI_CACHE_DIR=str(tmp_path))
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o644}


@posix_only
def test_users_cache_folder(tmp_path):
    folder, _, _ = kernels_in_a_process(XDG_CACHE_HOME=str(tmp_path / "xdg"), HOME=str(tmp_path))
    assert folder.parent == tmp_path / "xdg" / "lstmcli"
    folder, _, _ = kernels_in_a_process(XDG_CACHE_HOME="relative", HOME=str(tmp_path))
    library = "Library/Caches" if sys.platform == "darwin" else ".cache"
    assert folder.parent == tmp_path / library / "lstmcli"


@posix_only
@pytest.mark.parametrize("variable", ["LSTMCLI_CACHE_DIR", "XDG_CACHE_HOME", "HOME"])
def test_folder_that_cannot_be_written(variable, tmp_path, nowhere):
    folder, announced, _ = kernels_in_a_process(**{"TMPDIR": str(tmp_path), variable: nowhere})
    assert folder.parent == tmp_path / f"lstmcli-{os.getuid()}"
    assert announced == 1
    assert folder.parent.stat().st_mode & 0o777 == 0o700


@posix_only
def test_no_home_and_no_entry_for_the_user(tmp_path):
    folder, _, _ = kernels_in_a_process(before=NO_HOME, TMPDIR=str(tmp_path))
    assert folder.parent == tmp_path / f"lstmcli-{os.getuid()}"


@posix_only
def test_home_from_the_users_entry(tmp_path):
    entry = f"import pwd, types\npwd.getpwuid = lambda n: types.SimpleNamespace(pw_dir={str(tmp_path)!r})\n"
    folder, _, _ = kernels_in_a_process(before=entry, TMPDIR=str(tmp_path / "tmp"))
    assert tmp_path in folder.parents
    assert folder.parent.name == "lstmcli"


@posix_only
def test_temporary_folder_that_others_can_write_is_not_trusted(tmp_path, nowhere):
    planted = tmp_path / f"lstmcli-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    assert kernels_in_a_process(TMPDIR=str(tmp_path), HOME=nowhere) == (None, 1, 0)


@posix_only
def test_temporary_folder_that_is_a_link_is_not_trusted(tmp_path, nowhere):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / f"lstmcli-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    assert kernels_in_a_process(TMPDIR=str(tmp_path), HOME=nowhere) == (None, 1, 0)


@posix_only
def test_nothing_can_be_written(nowhere):
    before = f"import tempfile\ntempfile.tempdir = {nowhere!r}\n"
    assert kernels_in_a_process(before=before, HOME=nowhere) == (None, 1, 0)


def test_an_edit_of_any_kernel_file_is_noticed(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "lstmcli", copy / "lstmcli", ignore=shutil.ignore_patterns("__pycache__"))
    folder, _, _ = kernels_in_a_process(copy, LSTMCLI_CACHE_DIR=str(tmp_path))
    with (copy / "lstmcli/kernels/softmax.py").open("a") as source:
        source.write("# edited\n")
    edited, announced, hits = kernels_in_a_process(copy, LSTMCLI_CACHE_DIR=str(tmp_path))
    assert edited != folder
    assert (announced, hits) == (1, 0)


@pytest.mark.parametrize("size", [0, 10, -1])
def test_a_torn_file_is_compiled_again(size, tmp_path):
    folder, _, _ = kernels_in_a_process(LSTMCLI_CACHE_DIR=str(tmp_path))
    [torn] = folder.iterdir()
    torn.write_bytes(torn.read_bytes()[:size])
    assert kernels_in_a_process(LSTMCLI_CACHE_DIR=str(tmp_path)) == (folder, 1, 0)
    assert kernels_in_a_process(LSTMCLI_CACHE_DIR=str(tmp_path)) == (folder, 0, 1)


def test_a_disk_that_is_full_when_kernels_are_kept(tmp_path):
    full = """
import os
def fail(*arguments): raise OSError(28, "No space left on device")
os.replace = fail
"""
    complaints = "[OSError(28, 'No space left on device')]"
    given = {"before": full, "complaints": complaints}
    folder, announced, hits = kernels_in_a_process(**given, LSTMCLI_CACHE_DIR=str(tmp_path))
    assert (folder.parent, announced, hits) == (tmp_path, 1, 0)
    assert not list(folder.iterdir())


def test_kernels_that_are_kept_need_no_compiler():
    """All of them: machine code that needed anything of numba's would not load without it."""
    program = (
        "import sys; from lstmcli.warmup import compile_all; compile_all(); print('numba' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def run():
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    run()
    assert run() == "False"
