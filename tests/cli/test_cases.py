"""Commands as a user types them, with the whole of what they print: one file in `cases` each.

A case is a line that says what it shows, and sections that begin with `==`: `file NAME` to be there, the
`command`, its `stdout`, its `stderr` and its `exit` code. The data and specs in `given` are there too, each
with its model, whose weights are such that answers can be worked out by hand and are exact on any machine.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CASES = sorted((Path(__file__).parent / "cases").glob("*/*.case"))


@dataclass
class Case:
    files: dict[str, str] = field(default_factory=dict)
    command: str = ""
    stdout: str = ""
    stderr: str = ""
    exit: int = 0


def read_case(text: str) -> Case:
    case = Case()
    title, *sections = re.split(r"^== ", text, flags=re.MULTILINE)
    assert title.strip(), "a case says what it shows"
    for section in sections:
        heading, _, content = section.partition("\n")
        kind, _, value = heading.partition(" ")
        if kind == "file":
            case.files[value] = content
        elif kind == "exit":
            assert not content
            case.exit = int(value)
        else:
            assert kind in ("command", "stdout", "stderr"), heading
            assert not value
            setattr(case, kind, content)
    return case


def without_time(text: str) -> str:
    """A table of training in which no time passes."""
    return re.sub(r"\b\d\d:\d\d:\d\d\b", "00:00:00", text)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path, shell, folder):
    case = read_case(path.read_text(encoding="utf-8"))
    write(folder, case.files)
    done = shell.run(case.command, folder)
    assert (done.stdout, without_time(done.stderr), done.returncode) == (case.stdout, case.stderr, case.exit)
