"""A model is written whole or not at all, and whoever cannot write one is told why."""

import contextlib
import os
import stat
import subprocess
import sys
import tempfile
from dataclasses import replace

import h5py
import pytest
from modelfile.models import assert_same, example, fault

from lstmcli.modelfile import check_writable, read_model, write_model


@contextlib.contextmanager
def as_another_user():
    """Without root's right to write anywhere."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder():
    """A folder that another user reaches too."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield name


needs_posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


def test_takes_no_lock(model_path):
    code = (
        "import sys, h5py\n"
        "with h5py.File(sys.argv[1], 'r+', locking=True): print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, model_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(BlockingIOError):
            h5py.File(model_path, locking=True)
        assert_same(read_model(model_path), example())
        holder.communicate()


@pytest.mark.parametrize("call", ["write", "flush", "replace"])
def test_a_failure_leaves_the_old_model(model_path, monkeypatch, call):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    before = model_path.read_bytes()
    with monkeypatch.context() as patch:
        if call == "write":
            patch.setattr("lstmcli.whole_file.open", disk_full, raising=False)
        else:
            patch.setattr(os, "fsync" if call == "flush" else "replace", fail)
        found = fault(write_model, model_path, replace(example(), spec="new"))
    assert found.message == f"cannot write `{model_path}`: No space left on device"
    assert model_path.read_bytes() == before
    assert os.listdir(model_path.parent) == [model_path.name]


def disk_full(name, mode):
    """A file of which half can be written, whatever it is asked."""
    file = open(name, mode, buffering=0)  # noqa: SIM115

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            file.close()

        def write(self, data):
            file.write(data[: len(data) // 2])
            raise OSError(28, "No space left on device")

    return Full()


def test_an_interrupt_leaves_the_old_model(model_path, monkeypatch):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_model(model_path, replace(example(), spec="new"))
    assert_same(read_model(model_path), example())
    assert os.listdir(model_path.parent) == [model_path.name]


def test_a_folder_that_cannot_be_flushed_is_no_fault(tmp_path, monkeypatch):
    flush = os.fsync

    def only_files(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    write_model(tmp_path / "m.h5", example())
    assert_same(read_model(tmp_path / "m.h5"), example())


@pytest.mark.parametrize("call", [check_writable, lambda path: write_model(path, example())])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none/m.h5", "there is no folder `{}/none`"),
        ("file/m.h5", "`{}/file` is not a folder"),
        ("folder", "it is a folder"),
        ("none/", "it is a folder"),
        ("x" * 300, "File name too long"),
    ],
)
def test_says_why_it_cannot_write(tmp_path, call, name, reason):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    path = f"{tmp_path}/{name}"
    assert fault(call, path).message == f"cannot write `{path}`: {reason.format(tmp_path)}"
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


@needs_posix
@pytest.mark.parametrize("call", [check_writable, lambda path: write_model(path, example())])
def test_needs_the_right_to_write(open_folder, call):
    path = f"{open_folder}/m.h5"
    with as_another_user():
        call(path)
        open(path, "wb").close()
        os.chmod(path, 0o444)
        assert "Permission denied" in fault(call, path).message
        os.unlink(path)
    os.chmod(open_folder, 0o555)
    with as_another_user():
        assert "Permission denied" in fault(call, path).message
    assert os.listdir(open_folder) == []


@needs_posix
def test_needs_the_right_to_read(open_folder):
    path = f"{open_folder}/m.h5"
    write_model(path, example())
    os.chmod(path, 0)
    with as_another_user():
        assert "Permission denied" in fault(read_model, path).message


def test_check_leaves_everything_as_it_was(model_path):
    before = model_path.read_bytes(), model_path.stat()
    check_writable(model_path)
    check_writable(model_path.with_name("new.h5"))
    assert (model_path.read_bytes(), model_path.stat().st_mtime_ns) == (before[0], before[1].st_mtime_ns)
    assert os.listdir(model_path.parent) == [model_path.name]


@needs_posix
def test_mode_is_what_open_gives(tmp_path):
    old = os.umask(0o027)
    try:
        write_model(tmp_path / "m.h5", example())
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "m.h5").stat().st_mode) == 0o640
    (tmp_path / "m.h5").chmod(0o600)
    write_model(tmp_path / "m.h5", example())
    assert stat.S_IMODE((tmp_path / "m.h5").stat().st_mode) == 0o600


@needs_posix
def test_follows_links_and_fills_pipes(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "latest.h5").symlink_to("runs/1.h5")
    write_model(tmp_path / "latest.h5", example())
    write_model(tmp_path / "latest.h5", example())
    assert (tmp_path / "latest.h5").is_symlink()
    want = (tmp_path / "runs/1.h5").read_bytes()
    os.mkfifo(tmp_path / "pipe")
    end = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    check_writable(tmp_path / "pipe")
    write_model(tmp_path / "pipe", example())
    assert os.read(end, 1 << 20) == want
    os.close(end)
    assert (tmp_path / "pipe").is_fifo()
