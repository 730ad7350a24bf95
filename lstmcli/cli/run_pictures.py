"""The pictures of a run, as `train` and `report` write them: its page and its curves."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lstmcli.cli.picture_file import check_page, check_picture, draw_file, refuse_other_files
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, ModelError

if TYPE_CHECKING:
    from lstmcli.pictures.told import Told

START = 400
"""Bytes of a page within which it says what it is."""


@dataclass(frozen=True)
class RunPictures:
    """The files that are wanted of a run; None where there is to be none."""

    page: Path | None
    plot: Path | None

    def write(self, told: "Told", say: Callable[[str], None]) -> None:
        """Draw and store them, and say so; raises ModelError, after all, for those that cannot be written."""
        faults: list[Fault] = []
        wanted = ((self.page, _page, _refuse_other_pages), (self.plot, _curves, refuse_other_files))
        for path, draw, refuse in wanted:
            if path is None:
                continue
            if draw is _curves and not told.iterations:
                say(f"note: there was no iteration to draw in {path}")
                continue
            try:
                draw_file(path, partial(draw, told), say, refuse)
            except ModelError as error:
                faults += error.faults
        if faults:
            raise ModelError(faults)


def check_run_pictures(page: str | None, plot: str | None, *others: Path | None) -> RunPictures:
    """The pictures of these files, if they can be drawn and written; others : files that are not to be lost.

    Raises UsageFaultError and ModelError, also for a page in place of a file that is none.
    """
    if page == "-":
        help = "name a file; `lstmcli report MODEL -o -` prints the page of a model"
        raise UsageFaultError(Fault("the page of a run cannot be written to stdout", None, help))
    named = [Path(file).resolve() for file in (page, plot, *others) if file is not None]
    twice = next((path for path in named if named.count(path) > 1), None)
    if twice is not None:
        raise UsageFaultError(
            Fault(f"`{twice.name}` is named for two files", None, "give each a name of its own")
        )
    page_path = None if page is None else check_page(page)
    if page_path is not None:
        _refuse_other_pages(page_path)
    return RunPictures(page_path, None if plot is None else check_picture(plot))


def _refuse_other_pages(path: Path) -> None:
    from lstmcli.modelfile.overwriting import refuse_to_overwrite
    from lstmcli.pictures.page_style import MARK

    refuse_to_overwrite(path, lambda file: MARK.encode() in file.read(START), "a page of lstmcli")


def _page(told: "Told", form: str) -> bytes:
    from lstmcli.pictures.page import run_page

    return run_page(told)


def _curves(told: "Told", form: str) -> bytes:
    from lstmcli.pictures.figure import drawn
    from lstmcli.pictures.training import draw_training

    return drawn(draw_training(told.history), form)
