"""`lstmcli inspect`: what was understood of data."""

from typing import TYPE_CHECKING, Any

import click

from lstmcli.cli.data_source import data_arguments, read_columns, read_stdin
from lstmcli.cli.flags import COLUMN_WORDS, TARGET_WORDS, Given, data_flags, given_flags
from lstmcli.errors import DataError, SpecError

if TYPE_CHECKING:
    from lstmcli.data.declaration import DataSection
    from lstmcli.survey.survey import Survey

_SPECS = (".yaml", ".yml")


@click.command("inspect")
@click.argument("data", nargs=-1, metavar="[DATA...|SPEC]")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@data_flags((*COLUMN_WORDS, *TARGET_WORDS))
def command(data: tuple[str, ...], as_json: bool, **flags: Any) -> None:
    """What is in DATA, as training would read it: sequences, channels, lengths, classes, and what is odd.

    DATA are as for `lstmcli train`, or a spec (.yaml), whose training data is read as it says. Of data alone
    columns that nobody names are guessed, and said to be. Rows that training would refuse are counted; if
    there are any, the exit code is 4.
    """
    paths = data_arguments(data)

    from lstmcli.cli.survey_text import print_json, print_survey

    _, given = given_flags(flags)
    found = _survey(paths, given)
    (print_json if as_json else print_survey)(found)
    if found.unread_rows is not None:
        raise DataError(found.unread_rows)


def _survey(paths: tuple[str, ...], given: Given) -> "Survey":
    from lstmcli.survey.survey import survey

    if len(paths) == 1 and paths[0].lower().endswith(_SPECS):
        files, columns = _data_of_spec(paths[0], given)
        return survey(files, columns, stdin=read_stdin(files), guesses=False)
    return survey(paths, read_columns(given), given, read_stdin(paths))


def _data_of_spec(spec: str, given: Given) -> "tuple[list[str], DataSection]":
    """The training data that a spec names, and its columns; raises SpecError if it names none."""
    from lstmcli.cli.source import read_source
    from lstmcli.spec_data import NO_TRAINING_DATA
    from lstmcli.spec_file import read_spec

    read = read_spec(*read_source(spec), data_flags=given)
    if read.data.train is None:
        raise SpecError(NO_TRAINING_DATA)
    return read.paths(read.data.train), read.data
