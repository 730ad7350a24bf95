"""The file of a picture or a page: what it may be called, what drawing it needs, and how it is written."""

import logging
from importlib.util import find_spec
from pathlib import Path

from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault

FORMS = ("png", "svg", "pdf")
"""What pictures may be, by the ending of their file."""


def check_picture(file: str) -> Path:
    """The path of a picture that can be drawn and written; raised before the work, not after it.

    Raises UsageFaultError for another ending or without matplotlib, ModelError if it cannot be written.
    """
    path = Path(file)
    if form_of(path) not in FORMS:
        help = (
            "name a file that ends in " + ", ".join(f".{form}" for form in FORMS[:-1]) + f" or .{FORMS[-1]}"
        )
        raise UsageFaultError(Fault(f"`{file}` is no name of a picture", None, help))
    require("matplotlib", "a picture")
    return _writable(path)


def check_page(file: str) -> Path:
    """The same for a page of HTML, which plotly draws; any ending will do."""
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


def _writable(path: Path) -> Path:
    from lstmcli.modelfile import check_writable

    check_writable(path)
    return path


def write_file(path: Path, content: bytes) -> None:
    """Put a picture or a page in its file, whole or not at all; raises ModelError."""
    from lstmcli.modelfile.atomic import write_atomically

    write_atomically(path, content)
