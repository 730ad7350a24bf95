"""How many threads a command computes with: the processors it may use, or fewer."""

import os

import pytest

from lstmcli.cli import flags


@pytest.mark.parametrize(
    ("asked", "slurm", "used"),
    [
        (None, None, 8),
        (2, None, 2),
        (999, None, 8),
        (None, "3", 3),
        (2, "3", 2),
        (999, "3", 3),
        (None, "64", 8),
        (None, "all", 8),
        (None, "0", 8),
    ],
)
def test_threads(monkeypatch, asked, slurm, used):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    if slurm is not None:
        monkeypatch.setenv("SLURM_CPUS_PER_TASK", slurm)
    set_to = []
    monkeypatch.setattr(flags, "set_threads", set_to.append)
    flags.use_threads(asked, quiet=True)
    assert set_to == [used]
