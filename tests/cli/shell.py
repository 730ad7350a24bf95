"""A user's shell: `lstmcli` on the PATH, a folder of tiny data, specs and models, and nothing else."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import lstmcli

GIVEN = Path(__file__).parent / "given"
AS_USER = Path(__file__).parent / "as_user.py"
KEPT = ("HOME", "LSTMCLI_CACHE_DIR", "PATH", "TMPDIR", "XDG_CACHE_HOME")
"""The variables that a command inherits: what others say (COLUMNS, SLURM_...) would change its output."""

PROGRAM = """\
#!/bin/sh
exec {python} -P -c 'import sys; sys.path.insert(0, "{root}"); from lstmcli.__main__ import main; main()' "$@"
"""
LONGEST = 120
"""Seconds after which a command hangs: long enough to compile all kernels."""


class Shell:
    """Runs commands as a user types them; `folder` holds the program and, once made, the models."""

    def __init__(self, folder: Path):
        program = folder / "bin" / "lstmcli"
        program.parent.mkdir()
        program.write_text(PROGRAM.format(python=sys.executable, root=Path(lstmcli.__file__).parents[1]))
        program.chmod(0o755)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environment = kept | {"LANG": "C.UTF-8", "PATH": f"{program.parent}:{os.environ['PATH']}"}
        self.prepared = folder / "prepared"
        shutil.copytree(GIVEN, self.prepared)
        # With kernels in the cache no command says that it compiles.
        models = "for spec in *.yaml; do lstmcli assemble $spec -o ${spec%.yaml}.h5 || exit; done"
        made = self.run(f"lstmcli warmup && {models}", self.prepared)
        assert made.returncode == 0, made.stderr

    def prepare(self, folder: Path) -> None:
        """Put the data, specs and models into a folder."""
        shutil.copytree(self.prepared, folder, dirs_exist_ok=True)

    @contextmanager
    def start(self, command: str, folder: Path, **streams: int) -> Iterator[subprocess.Popen[bytes]]:
        """A command that runs, until its test is done with it at the latest."""
        process = subprocess.Popen(
            [sys.executable, "-SE", AS_USER, command],
            cwd=folder,
            env=self.environment,
            start_new_session=True,
            **streams,
        )
        with process:
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def run(self, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, without a terminal."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with self.start(command, folder, **pipes) as process:
            out, err = process.communicate(timeout=LONGEST)
        return subprocess.CompletedProcess(command, process.returncode, out.decode(), err.decode())
