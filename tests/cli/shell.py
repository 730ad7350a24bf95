"""A user's shell: `lstmcli` on the PATH, a folder of tiny data, specs and models, and nothing else."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import lstmcli

GIVEN = Path(__file__).parent / "given"
KEPT = ("HOME", "LSTMCLI_CACHE_DIR", "PATH", "TMPDIR", "XDG_CACHE_HOME")
"""The variables that a command inherits: what others say (COLUMNS, SLURM_...) would change its output."""

PROGRAM = """\
#!/bin/sh
exec {python} -P -c 'import sys; sys.path.insert(0, "{root}"); from lstmcli.cli import main; main()' "$@"
"""
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


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
        assemble = "for spec in *.yaml; do lstmcli assemble $spec -o ${spec%.yaml}.h5 || exit; done"
        made = self.run(assemble, self.prepared)
        assert made.returncode == 0, made.stderr

    def prepare(self, folder: Path) -> None:
        """Put the data, specs and models into a folder."""
        shutil.copytree(self.prepared, folder, dirs_exist_ok=True)

    def start(self, command: str, folder: Path, **streams: int) -> subprocess.Popen[bytes]:
        """Start a command."""
        return subprocess.Popen(
            ["bash", "-c", command], cwd=folder, env=self.environment, preexec_fn=obey_modes, **streams
        )

    def run(self, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, without a terminal."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with self.start(command, folder, **pipes) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(command, process.returncode, out.decode(), err.decode())


def obey_modes() -> None:
    """Let a write-protected folder be one for root too."""
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE):
        raise OSError(ctypes.get_errno(), "cannot do without the right to write everywhere")
