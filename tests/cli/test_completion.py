"""Completion: what click answers, in a moment, and what bash, zsh and fish make of it in a terminal."""

import os
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from shlex import quote

import pytest
from cli.shell import Shell
from test_house import HEAVY, ROOT

START = {
    "bash": (["bash", "--norc", "-i"], 'eval "$(lstmcli completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -U compinit; compinit -u; eval "$(lstmcli completion zsh)"'),
    "fish": (["fish", "--no-config", "-i"], "lstmcli completion fish | source"),
}
LONGEST = 20
"""Seconds that a shell may take to answer."""


def offered(shell: Shell, folder: Path, *words: str) -> list[str]:
    """What bash is told for the last of the words after `lstmcli`."""
    line = " ".join(["lstmcli", *words])
    command = f"COMP_WORDS='{line}' COMP_CWORD={len(words)} _LSTMCLI_COMPLETE=bash_complete lstmcli"
    done = shell.run(command, folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1]


def plain(*values: str) -> list[str]:
    return [f"plain,{value}" for value in values]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["tra"], plain("train")),
        (["train", "--mini"], plain("--mini-batch-size")),
        (["train", "--Mini"], plain("--MiniBatchSize")),
        (["train", "--solver", ""], plain("sgdm", "rmsprop", "adam")),
        (["train", "--Shuffle", "EV"], plain("every-epoch")),
        (["train", "--Shuffle", "=", "n"], plain("never")),
        (["train", "--verbose", "t"], plain("true")),
        (["train", "a"], ["file,a"]),
        (["train", "a.yaml", "--validation", "b"], ["file,b"]),
        (["train", "a.yaml", "-o", "b"], ["file,b"]),
        (["train", "--labels", "a"], []),
        (["predict", "a.h5", "b"], ["file,b"]),
        (["init", "f"], plain("forecasting")),
        (["init", "--data", "a"], ["file,a"]),
        (["inspect", "a"], ["file,a"]),
        (["completion", ""], plain("bash", "zsh", "fish")),
    ],
    ids=lambda value: "-".join(value),
)
def test_what_is_offered(shell: Shell, folder: Path, words: list[str], expected: list[str]) -> None:
    assert [line for line in offered(shell, folder, *words) if line] == expected


def test_each_flag_is_offered_once(shell: Shell, folder: Path) -> None:
    flags = offered(shell, folder, "train", "--")
    assert "plain,--max-epochs" in flags
    assert len({flag.replace("-", "") for flag in flags}) == len(flags) > 40


def test_completion_imports_nothing_heavy() -> None:
    code = (
        "import atexit, sys\n"
        f"heavy = {sorted(HEAVY)!r}\n"
        "atexit.register(lambda: print('loaded', sorted(set(heavy) & set(sys.modules)), file=sys.stderr))\n"
        "from lstmcli.cli import main\n"
        "main()\n"
    )
    asked = {"COMP_WORDS": "lstmcli init ", "COMP_CWORD": "2", "_LSTMCLI_COMPLETE": "bash_complete"}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=os.environ | asked)
    assert (run.returncode, run.stderr) == (0, "loaded []\n")
    assert "plain,forecasting\n" in run.stdout


def type_keys(process: subprocess.Popen[bytes], keys: str, until: str) -> None:
    """Press keys and wait until what is then shown matches."""
    assert process.stdin is not None
    assert process.stdout is not None
    os.write(process.stdin.fileno(), keys.encode())
    shown, end = "", time.monotonic() + LONGEST
    while not re.search(until, shown):
        assert time.monotonic() < end, shown
        if select.select([process.stdout], [], [], 0.1)[0]:
            shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", os.read(process.stdout.fileno(), 1 << 16).decode())


@pytest.mark.parametrize("name", START)
def test_tab_in_a_terminal(shell: Shell, folder: Path, name: str) -> None:
    command, line = START[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{name} is not installed")
    spawn = f"import pty; pty.spawn({command!r})"
    at_terminal = f"TERM=dumb PS1='$ ' HOME=. exec {sys.executable} -c {quote(spawn)}"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with shell.start(at_terminal, folder, **pipes) as process:
        type_keys(process, f"{line}; echo rea''dy\n", "ready")
        type_keys(process, "lstmcli tra\t", "train")
        type_keys(process, "--solver ad\t", "adam")
        type_keys(process, "--MaxE\t", "MaxEpochs")
        type_keys(process, "3 learn.y\t", r"learn\.yaml")
