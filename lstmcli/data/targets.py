"""Targets that a network looks for and data has not, or has in another number than the network answers."""

from lstmcli.data.declaration import DataSection
from lstmcli.errors import Fault, Place
from lstmcli.records import Task


def not_named(columns: DataSection, task: Task, what: str, where: Place | None) -> Fault:
    """The fault of data in which nothing names the targets; `what` is a column or a variable."""
    word, other, end = ("responses", "labels", "classification")
    if task.classification:
        word, other, end = ("labels", "responses", "regression")
    form = f"`data: {{{word}: {what.upper()}}}` or `--{word} {what.upper()}`"
    help = f"name {'it' if task.classification else 'them'}: {form}"
    if getattr(columns, other):
        help += f"; `{other}` are for a network that ends in `{end}`"
    return Fault(f"no {what} is given as {word}", where, help)


def not_in_arrays(task: Task, where: Place) -> Fault:
    """The fault of `.npy` files, which have no targets inside, where nothing else has them."""
    if task.classification:
        help = "put them into a folder with `labels.csv` (columns `file` and `label`), or into sub-folders "
        return Fault("`.npy` files have no labels", where, f"{help}named by their classes")
    help = "responses are in columns of a CSV or in a MAT-file; `horizon: 1` answers with the next step"
    return Fault("`.npy` files have no responses", where, help)


def once_only(task: Task, where: Place | None, data: str = "each sequence") -> Fault:
    """The fault of data with one target for a sequence where the network answers at each step."""
    what = "label" if task.classification else "response"
    message = f"there is one {what} for {data}, but the network answers at each time step"
    return Fault(message, where, task.answer_once)
