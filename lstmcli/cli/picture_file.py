"""The file of a picture or a page: what it may be called, what drawing it needs, and how it is written."""

import logging
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, ModelError

FORMS = ("png", "svg", "pdf")
"""What pictures may be, by the ending of their file."""
BEGINS = (b"\x89PNG", b"<?xml", b"<svg", b"%PDF")
START = 8
"""Bytes that tell pictures from other files."""


def check_picture(file: str) -> Path:
    """The path of a picture that can be drawn and written; raised before the work, not after it.

    Raises UsageFaultError for another ending or without matplotlib, ModelError if it cannot be written, or
    another file would be lost.
    """
    path = Path(file)
    if form_of(path) not in FORMS:
        help = (
            "name a file that ends in " + ", ".join(f".{form}" for form in FORMS[:-1]) + f" or .{FORMS[-1]}"
        )
        raise UsageFaultError(Fault(f"`{file}` is no name of a picture", None, help))
    require("matplotlib", "a picture")
    refuse_other_files(path)
    return _writable(path)


def check_page(file: str) -> Path:
    """The same for a page of HTML, which plotly draws."""
    if form_of(Path(file)) not in ("html", "htm"):
        help = "name a file that ends in .html; `--plot` draws pictures"
        raise UsageFaultError(Fault(f"`{file}` is no name of a page", None, help))
    require("plotly", "a page")
    return _writable(Path(file))


def form_of(path: Path) -> str:
    """The form that a file's ending names."""
    return path.suffix.lower().removeprefix(".")


def require(library: str, what: str) -> None:
    """Raise UsageFaultError if a library of the extra `plot` is not installed."""
    # Where its cache lies, if not at home, is no news for whoever asked for a picture.
    logging.getLogger(library).setLevel(logging.ERROR)
    if find_spec(library) is None:
        message = f"{what} needs {library}, which is not installed"
        raise UsageFaultError(Fault(message, None, "`pip install 'lstmcli[plot]'` installs it"))
    try:
        import_module(library)
    except Exception as error:
        reason = str(error).partition(";")[0]
        raise UsageFaultError(Fault(f"{what} needs {library}, which cannot be loaded: {reason}")) from None


def _writable(path: Path) -> Path:
    from lstmcli.modelfile import check_writable

    check_writable(path)
    return path


def refuse_other_files(path: Path) -> None:
    """Raise ModelError if there is a file that is no picture."""
    from lstmcli.modelfile.overwriting import refuse_to_overwrite

    refuse_to_overwrite(path, lambda file: file.read(START).startswith(BEGINS), "a picture")


def draw_file(
    path: Path,
    draw: Callable[[str], bytes],
    say: Callable[[str], None],
    refuse: Callable[[Path], None] = refuse_other_files,
) -> None:
    """Draw a picture in the form that its file asks for, store it and say so.

    refuse : raises for a file that must not be replaced; by default for all that are no pictures
    Raises ModelError if that is not to be, for whatever reason: what it shows is known by then.
    """
    from lstmcli.modelfile.atomic import write_atomically

    try:
        content = draw(form_of(path))
    except Exception as error:
        help = "please report it, with the network and the data"
        raise ModelError(Fault(f"`{path}` cannot be drawn: {error}", None, help)) from error
    refuse(path)
    write_atomically(path, content)
    say(f"saved {path}")
