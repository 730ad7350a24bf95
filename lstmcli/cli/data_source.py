"""The data that a command names: which files, and what their columns are for."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lstmcli.cli.flags import Given
from lstmcli.cli.usage import UsageFaultError
from lstmcli.data.declaration import DataSection, read_data_section
from lstmcli.errors import Fault, Mark, SpecError
from lstmcli.spec.command_line import COMMAND_LINE, flag_nodes

if TYPE_CHECKING:
    from lstmcli.network_file import Stored


def data_arguments(data: tuple[str, ...]) -> tuple[str, ...]:
    """The data to read: what was named, or stdin where that is no terminal."""
    if data:
        return data
    if sys.stdin.isatty():
        raise UsageFaultError(Fault("no data is named", None, "name files, a folder, or `-` for stdin"))
    return ("-",)


def columns_to_read(stored: "Stored", given: Given, paths: tuple[str, ...]) -> DataSection:
    """How the model's data is read: without times where they are not in it and this command asks for none; of
    MAT-files the variables of test data, unless it names others.
    """
    from lstmcli.data.reading import of_part

    columns = stored.spec.data
    asked = {word: getattr(columns, word) for word in ("features", "labels", "responses") if word in given}
    return replace(of_part(paths, columns, "test"), **asked, time_optional="time" not in given)


def read_columns(given: Given) -> DataSection:
    """The `data:` section that flags make; raises SpecError for what is wrong in them."""
    faults: list[Fault] = []
    [nodes] = flag_nodes(given)
    section = read_data_section(nodes.values(), Mark(COMMAND_LINE, 1, 1, 1, ""), faults)
    if faults:
        raise SpecError(faults)
    return section


def read_stdin(paths: Sequence[str]) -> bytes | None:
    """All that comes through `-`, which is read more than once."""
    return sys.stdin.buffer.read() if "-" in paths else None
