"""The `data:` section of a spec. Light to import: `--help` reads it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lstmcli.errors import Fault, Mark
from lstmcli.spec.json_schema import TEXT, either, items
from lstmcli.spec.json_schema import number as schema_of_numbers
from lstmcli.spec.kind import RefusedError
from lstmcli.spec.kinds import boolean, list_of, number, one_of, path, positive_integer, text, word_or
from lstmcli.spec.nodes import Node
from lstmcli.spec.properties import prop, read_properties

_files = list_of(path, "a file, a folder, or a list of files")
_names = list_of(text, "a column, or a list of columns")

NONE = "none"
"""What stands for a column in `sequence` and `time` where there is none."""


def _files_or_fraction(node: Node) -> tuple[str, ...] | float:
    try:
        value = float(number.read(node))
    except RefusedError:
        return tuple(_files.read(node))
    if not 0 < value < 1:
        raise RefusedError("put a file whose name is a number in quotes")
    return value


_held_out = replace(
    _files,
    wording="a file, a folder, a list of files, or a fraction of the training sequences above 0 and below 1",
    read=_files_or_fraction,
    bad=("[]", "{a: 1}", "~", "0", "1", "-0.5", "20"),
    schema=either(schema_of_numbers(exclusiveMinimum=0, exclusiveMaximum=1), {"type": "string"}, items(TEXT)),
    write=lambda value: list(value) if isinstance(value, tuple) else value,
)

Files = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DataSection:
    """Where data is and how its columns are read.

    time_optional : whether data without the `time` column is read without times
    part : how variables of a MAT-file that are not named end, where several could be meant
    """

    train: Files | None = prop(_files, "the training data", default=None, word="train")
    validation: Files | float | None = prop(
        _held_out,
        "the validation data, or the fraction held out for it: training sequences drawn by class, or the "
        "end of a single series that window or horizon cuts",
        default=None,
        word="validation",
    )
    test: Files | float | None = prop(
        _held_out,
        "the test data, or the fraction held out for it as for validation, from the very end of a series",
        default=None,
        word="test",
    )
    sequence: str = prop(
        word_or(NONE, text),
        "the column that tells sequences apart, or none where each file is one sequence",
        default="sequence",
        word="sequence",
    )
    time: str = prop(word_or(NONE, text), "a column that is carried to the output", default=NONE, word="time")
    features: tuple[str, ...] | None = prop(
        _names, "the input channels; every other numeric column if absent", default=None, word="features"
    )
    words: str | None = prop(
        text, "a column of texts, whose words are the time steps", default=None, word="words"
    )
    tokenize: bool = prop(
        boolean,
        "whether texts are put in lower case and split at punctuation, too, or at blanks alone",
        default=True,
        word="tokenize",
    )
    labels: str | None = prop(text, "the column of class labels", default=None, word="labels")
    responses: tuple[str, ...] | None = prop(_names, "the response columns", default=None, word="responses")
    sort: str = prop(
        one_of("none", "length"),
        "whether the sequences of training, of validation and of test are sorted by length; prediction then "
        "makes its mini-batches by length",
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
    time_optional: bool = False
    part: str = "Train"

    @property
    def cuts(self) -> bool:
        """Whether series are cut into windows, or into inputs and targets that lie ahead."""
        return self.window is not None or self.horizon is not None

    @property
    def forecasts(self) -> bool:
        """Whether responses are the features, `horizon` steps ahead."""
        return self.horizon is not None and not self.responses

    @property
    def shortest(self) -> int:
        """The fewest time steps that a series to be cut can have."""
        return (self.window or 1) + (self.horizon or 0)


def read_data_section(pairs: Iterable[tuple[Node, Node]], mark: Mark, faults: list[Fault]) -> DataSection:
    """The section; what is wrong goes into `faults`."""
    reading = read_properties(DataSection, pairs, "data", mark, faults)
    section = DataSection(**reading.values)
    if section.labels is not None and section.responses is not None:
        message = "data has `labels` for classification or `responses` for regression, not both"
        faults.append(Fault(message, reading.marks["responses"]))
    if section.words is not None and section.features is not None:
        message = "data has `words` of texts or `features` that are numbers, not both"
        faults.append(Fault(message, reading.marks["words"]))
    for word, names in (("features", section.features), ("responses", section.responses)):
        for name, count in Counter(names or ()).items():
            if count > 1:
                faults.append(Fault(f"`{word}` of data names column `{name}` twice", reading.marks[word]))
    held_out = [part for part in (section.test, section.validation) if isinstance(part, float)]
    if sum(held_out) >= 1:
        message = f"`validation` and `test` hold out {sum(held_out):.0%} of the training sequences"
        faults.append(Fault(message, reading.marks["validation"], "leave some to train on"))
    return section
