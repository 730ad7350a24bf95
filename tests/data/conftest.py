"""Reading small tables written in the test."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.errors import DataError
from lstmcli.records import Sequences, Targets, Task

Read = Callable[..., tuple[Sequences, Targets | None]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | bytes], str]:
    """Write a file under its relative name, which messages then show."""
    monkeypatch.chdir(tmp_path)

    def write_file(name: str, content: str | bytes) -> str:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        return name

    return write_file


@pytest.fixture
def read(write: Callable[[str, str | bytes], str]) -> Read:
    """Read a table given as text."""

    def read_text(text: str | bytes, task: Task | None = None, **columns: object):
        return read_sequences([write("d.csv", text)], DataSection(**columns), task)

    return read_text


@pytest.fixture
def message(read: Read) -> Callable[..., str]:
    """The whole message for a table given as text that is refused."""

    def message_of(text: str | bytes, task: Task | None = None, **columns: object) -> str:
        with pytest.raises(DataError) as caught:
            read(text, task, **columns)
        return str(caught.value)

    return message_of
