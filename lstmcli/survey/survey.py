"""Data read without a network that says what it is for."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from lstmcli.data.declaration import DataSection
from lstmcli.data.left_out import LeftOut
from lstmcli.data.reading import form_of, read_sequences
from lstmcli.data.selection import Observations
from lstmcli.data.table_head import read_head
from lstmcli.errors import DataError, Fault
from lstmcli.modelfile.variables import Variables
from lstmcli.records import Sequences, Targets, Task
from lstmcli.survey.column import MOST_CLASSES
from lstmcli.survey.guesses import Roles
from lstmcli.survey.roles import guess_roles, table_of
from lstmcli.survey.sequence_column import Blocks, blocks_of
from lstmcli.survey.values import guess_by_values, once_a_sequence


@dataclass(frozen=True)
class Survey:
    """What was understood of data.

    form : table, folder, `.ts` file, MAT-file or `.npy` file; names : the columns of a table, in its order
    columns, guesses : how it was read, and why, where that was guessed
    targets : one a sequence wherever it does not change in one; None if there are none
    left_out : the rows that could not be read
    with_unit : the columns of a table whose first cells are all numbers with the same unit
    delimiter : what stands between the fields of a table
    """

    paths: tuple[str, ...]
    form: str
    names: tuple[str, ...]
    columns: DataSection
    guesses: dict[str, str]
    sequences: Sequences
    targets: Targets | None
    left_out: LeftOut
    with_unit: tuple[str, ...] = ()
    delimiter: str = ","

    @property
    def classification(self) -> bool:
        """Whether the targets are classes."""
        return self.targets is not None and self.targets.values.dtype.kind == "i"

    @property
    def unread_rows(self) -> Fault | None:
        """The first of the rows that cannot be read, and how many they are; None if there are none."""
        if not self.left_out.rows:
            return None
        first, count = self.left_out.faults[0], self.left_out.rows
        message = f"{count} rows cannot be read; the first: {first.message}" if count > 1 else first.message
        return replace(first, message=message)


def survey(
    paths: Sequence[str],
    columns: DataSection,
    given: Iterable[str] = (),
    stdin: bytes | None = None,
    guesses: bool = True,
    classification: bool | None = None,
) -> Survey:
    """Read data, and guess what nobody has said.

    given : the words of the section that the user has said something on, which are not guessed
    stdin : what came through `-`; guesses : whether to guess at all
    classification : whether labels or responses are looked for; None where either will do
    Raises DataError for what leaves nothing to tell; rows that cannot be read are left out.
    """
    reader, given = _Reader(tuple(paths), stdin), set(given)
    roles, targets_given = Roles(columns, {}), bool(given & {"labels", "responses"})
    head = read_head(paths[0], columns, reader.stdin())
    if guesses and reader.form == "MAT-file" and not targets_given:
        roles = _guess_variable(reader, roles, classification)
    elif guesses and head is not None:
        if reader.form == "folder" and not targets_given and reader.has_targets(columns, classification):
            given |= {"labels", "responses"}
        roles = guess_roles(head, columns, given, classification, reader.blocks)
        # Of a folder only the first file has been looked at.
        in_files = reader.form == "folder" and "sequence" in roles.guesses
        if in_files and reader.sequences(roles.columns) is None:
            roles = guess_roles(head, columns, given | {"sequence"}, classification, reader.blocks)
    sequences, targets = reader.read_with_targets(roles.columns, classification)
    if guesses and head is not None and not (roles.columns.words or roles.columns.features):
        before, roles = roles, guess_by_values(sequences, roles, given, classification)
        if roles is not before:
            sequences, targets = reader.read_with_targets(roles.columns, classification)
    return Survey(
        paths=reader.paths,
        form=reader.form,
        names=head.names if head is not None else (),
        columns=roles.columns,
        guesses=roles.guesses,
        sequences=sequences,
        targets=targets and once_a_sequence(sequences, targets),
        left_out=reader.left_out,
        with_unit=() if head is None else tuple(column.name for column in table_of(head) if column.unit),
        delimiter="," if head is None else head.delimiter,
    )


class _Reader:
    """Reads the same data again and again, each time for another task.

    left_out : what the last reading left out
    """

    def __init__(self, paths: tuple[str, ...], stdin: bytes | None):
        self.paths, self.form, self._stdin = paths, form_of(paths[0]), stdin
        self.left_out = LeftOut()

    def stdin(self) -> io.BytesIO | None:
        return None if self._stdin is None else io.BytesIO(self._stdin)

    def read(self, columns: DataSection, task: Task | None) -> Observations:
        self.left_out = LeftOut()
        return read_sequences(self.paths, columns, task, self.stdin(), self.left_out)

    def read_with_targets(self, columns: DataSection, classification: bool | None) -> Observations:
        """With targets if there are any; raises DataError where they are named and cannot be read."""
        tasks = list(self._tasks(columns, classification))
        for task in tasks:
            try:
                return self.read(columns, task)
            except DataError:
                if task is tasks[-1] and (columns.labels or columns.responses):
                    raise
        return self.read(columns, None)

    def sequences(self, columns: DataSection) -> Sequences | None:
        """Without targets; None where they cannot be read so."""
        try:
            return self.read(columns, None)[0]
        except DataError:
            return None

    def blocks(self, columns: DataSection) -> Blocks | None:
        """How the column of sequences divides the rows; None if it does not, as in folders."""
        sequences = None if self.form == "folder" else self.sequences(columns)
        return None if sequences is None else blocks_of(sequences, columns.time)

    def has_targets(self, columns: DataSection, classification: bool | None) -> bool:
        """Whether there are targets that need no name."""
        return self.read_with_targets(columns, classification)[1] is not None

    def _tasks(self, columns: DataSection, classification: bool | None) -> Iterator[Task]:
        """What the data may be for, in the order in which it is tried."""
        kinds = [kind for kind in (True, False) if classification in (kind, None)]
        if columns.labels or columns.responses:
            kinds = [columns.labels is not None]
        elif self.form in ("table", "MAT-file"):
            return
        # Each row of a table of numbers has a target; of other data few have one for each step.
        by_rows = self.form == "table" and columns.words is None
        for kind, per_step in product(kinds, (True,) if by_rows else (False, True)):
            yield Task(classification=kind, per_step=per_step)


def _guess_variable(reader: _Reader, roles: Roles, classification: bool | None) -> Roles:
    """The variable of a MAT-file that has the targets, if one fits the sequences."""
    names = [name for name in Variables(Path(reader.paths[0])).kinds if name.endswith("Train")]
    for name in names or Variables(Path(reader.paths[0])).kinds:
        for word, value in (("labels", name), ("responses", (name,))):
            guessed = roles.with_guess(word, value, "as many values as sequences")
            try:
                sequences, targets = reader.read_with_targets(guessed.columns, None)
            except DataError:
                continue
            assert targets is not None
            few = len(targets.names) <= max(2, min(MOST_CLASSES, len(sequences) // 2))
            if classification in (None, word == "labels") and (few or word == "responses"):
                return guessed
    return roles
