"""The `data:` section of a spec. Light to import: `--help` reads it."""

from collections.abc import Iterable
from dataclasses import dataclass

from lstmcli.data.columns import Columns
from lstmcli.errors import Fault, Mark
from lstmcli.spec.kind import Kind, RefusedError
from lstmcli.spec.kinds import boolean, list_of, number, one_of, positive_integer, text
from lstmcli.spec.nodes import Node
from lstmcli.spec.properties import prop, read_properties

_files = list_of(text, "a file, a folder, or a list of files")
_names = list_of(text, "a column, or a list of columns")


def _files_or_fraction(node: Node) -> tuple[str, ...] | float:
    try:
        value = float(number.read(node))
    except RefusedError:
        return tuple(_files.read(node))
    if not 0 < value < 1:
        raise RefusedError("put a file whose name is a number in quotes")
    return value


_held_out = Kind(
    "a file, a folder, a list of files, or a fraction of the training sequences above 0 and below 1",
    _files_or_fraction,
    ("[]", "{a: 1}", "~", "0", "1", "-0.5", "20"),
    lambda value: list(value) if isinstance(value, tuple) else value,
)

Files = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DataSection:
    """Where data is and how its columns are read."""

    train: Files | None = prop(_files, "the training data", default=None, word="train")
    validation: Files | float | None = prop(
        _held_out,
        "the validation data, or the fraction of the training sequences held out for it",
        default=None,
        word="validation",
    )
    test: Files | float | None = prop(
        _held_out,
        "the test data, or the fraction of the training sequences held out for it",
        default=None,
        word="test",
    )
    sequence: str = prop(text, "the column that tells sequences apart", default="sequence", word="sequence")
    time: str | None = prop(text, "a column that is carried to the output", default=None, word="time")
    features: tuple[str, ...] | None = prop(
        _names, "the input channels; every other numeric column if absent", default=None, word="features"
    )
    labels: str | None = prop(text, "the column of class labels", default=None, word="labels")
    responses: tuple[str, ...] | None = prop(_names, "the response columns", default=None, word="responses")
    sort: str = prop(
        one_of("none", "length"),
        "sort sequences by length before they are put in mini-batches",
        default="none",
        word="sort",
    )
    header: bool = prop(boolean, "whether the first row names the columns", default=True, word="header")
    window: int | None = prop(
        positive_integer, "cut long series into sequences of so many steps", default=None, word="window"
    )
    stride: int = prop(positive_integer, "steps from window to window", default=1, word="stride")
    horizon: int | None = prop(
        positive_integer, "the responses are so many steps ahead", default=None, word="horizon"
    )

    @property
    def columns(self) -> Columns:
        """How columns are read, as the data room takes it."""
        return Columns(
            sequence=self.sequence,
            time=self.time,
            features=self.features,
            labels=self.labels,
            responses=self.responses or (),
            header=self.header,
            window=self.window,
            stride=self.stride,
            horizon=self.horizon,
            sort=self.sort,
        )


def read_data_section(pairs: Iterable[tuple[Node, Node]], mark: Mark, faults: list[Fault]) -> DataSection:
    """The section; what is wrong goes into `faults`."""
    reading = read_properties(DataSection, pairs, "data", mark, faults)
    section = DataSection(**reading.values)
    if section.labels is not None and section.responses is not None:
        message = "data has `labels` for classification or `responses` for regression, not both"
        faults.append(Fault(message, reading.marks["responses"]))
    held_out = [part for part in (section.test, section.validation) if isinstance(part, float)]
    if sum(held_out) >= 1:
        message = f"`validation` and `test` hold out {sum(held_out):.0%} of the training sequences"
        faults.append(Fault(message, reading.marks["validation"], "leave some to train on"))
    return section
