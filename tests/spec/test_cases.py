"""Broken specs, each with the whole text that its user reads beside it."""

from pathlib import Path

import pytest

from lstmcli.errors import SpecError
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.spec_file import read_spec, refuse_python

CASES = Path(__file__).parent / "cases"


def message(path: Path) -> str:
    """What `lstmcli assemble` prints for this spec; nothing if there is no fault in it."""
    try:
        spec = read_spec(path.read_text(encoding="utf-8"), path.name, path.parent)
        refuse_python(spec)
        initialize(build_graph(spec.layers), spec.seed, path.parent)
    except SpecError as error:
        return f"{error}\n"
    return ""


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_message(path: Path) -> None:
    assert message(path) == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_every_case_has_its_text() -> None:
    specs, texts = ({path.stem for path in CASES.glob(f"*.{end}")} for end in ("yaml", "expected"))
    assert specs == texts
    assert all(path.stat().st_size for path in CASES.glob("*.expected"))
