"""An interrupt while the program is still being imported."""

import subprocess
import sys

import pytest

INTERRUPTED = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, {handler})
sys.meta_path.insert(0, Finder())
sys.argv = ["lstmcli", "--version"]
from lstmcli.__main__ import main
main()
"""


def run(module, handler):
    code = INTERRUPTED.format(module=module, handler=handler)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to a process")
@pytest.mark.parametrize("module", ["click", "lstmcli.errors", "lstmcli.options"])
def test_an_interrupt_ends_the_program_quietly(module):
    done = run(module, "signal.default_int_handler")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 130)
    done = run(module, "signal.SIG_IGN")
    assert (done.stdout.split()[0], done.stderr, done.returncode) == ("lstmcli,", "", 0)
