"""A word about several files that came to one sequence: often each was meant to be one."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lstmcli.cli.streams import note

if TYPE_CHECKING:
    from lstmcli.data.declaration import DataSection
    from lstmcli.records import Sequences


def note_joined_files(paths: Sequence[str], columns: "DataSection", parts: "Iterable[Sequences]") -> None:
    """Say so if the rows of several files are all one sequence, as no column tells sequences apart.

    parts : everything that was read from `paths`, cut or whole
    """
    from lstmcli.data.reading import is_joined

    if is_joined(paths, columns, (place for part in parts for place in part.places)):
        note(
            f"note: all rows of the {len(paths)} files are one sequence, as no column `{columns.sequence}` "
            "tells them apart; `--sequence none` makes one of each file"
        )
