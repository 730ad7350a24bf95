"""The shell that all tests of the command line use."""

from pathlib import Path

import pytest
from cli.shell import Shell


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("shell"))


@pytest.fixture
def folder(shell: Shell, tmp_path: Path) -> Path:
    """A folder of its own with tiny data, specs and models."""
    shell.prepare(tmp_path)
    return tmp_path
