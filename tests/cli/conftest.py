"""The shell that all tests of the command line use."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from cli.shell import Shell

PIPES = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("shell"))


@pytest.fixture
def folder(shell: Shell, tmp_path: Path) -> Path:
    """A folder of its own with tiny data, specs and models."""
    shell.prepare(tmp_path)
    return tmp_path


@pytest.fixture
def start(shell, folder):
    """Start a command, all streams of which are pipes; one that says nothing more for long is ended."""
    alarms = []

    def begin(command):
        running = shell.start(command, folder, **PIPES)
        process = running.__enter__()
        alarm = threading.Timer(120, os.killpg, [process.pid, signal.SIGKILL])
        alarms.append((alarm, running))
        alarm.start()
        return process

    yield begin
    for alarm, running in alarms:
        alarm.cancel()
        running.__exit__(None, None, None)
