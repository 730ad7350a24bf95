"""The program run in this process."""

import signal
import sys

import pytest

from lstmcli.cli import main
from lstmcli.kernels import kernel
from lstmcli.thread_count import set_threads, thread_count


@pytest.fixture(autouse=True)
def interrupts():
    """What an interrupt does where it is not ignored, as unattended runs do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def program(monkeypatch, capsys, tmp_path):
    """Runs the program in this process, in the folder of the test: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    # Whether kernels had to be compiled is no matter of these tests.
    monkeypatch.setattr(kernel, "on_compilation", lambda announce, complain: None)
    before = thread_count()

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["lstmcli", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit:
            main()
        return (exit.value.code, *capsys.readouterr())

    yield run
    set_threads(before)
