"""The shell that all tests of the command line use, and a terminal."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
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
def at_terminal(shell, folder):
    """Run a command whose stdin and stderr are a terminal: stdout, what was written to it, exit code.

    results : go to the terminal, too, and not into a pipe
    """

    def run(command, columns=100, rows=40, results=False):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        written = b""
        out = theirs if results else subprocess.PIPE
        with shell.start(command, folder, stdin=theirs, stdout=out, stderr=theirs) as process:
            os.close(theirs)
            # A terminal that nobody has open any more answers with an error.
            while True:
                try:
                    written += os.read(ours, 65536)
                except OSError:
                    break
            out = b"" if results else process.stdout.read()
            code = process.wait()
        os.close(ours)
        return out.decode(), written.decode(), code

    return run


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
