"""Templates and data: which one fits, and what another one lacks."""

from dataclasses import replace
from shlex import quote

from lstmcli.data.declaration import DataSection
from lstmcli.data.sources import source_name
from lstmcli.data.targets import not_named
from lstmcli.errors import DataError, Fault, Place
from lstmcli.records import Task
from lstmcli.starter.names import FORECAST, LABEL, LABELS, ONE, SEVERAL, TEXT, VIDEO
from lstmcli.starter.templates import Template
from lstmcli.survey.survey import Survey, survey


def fitting_template(found: Survey) -> str:
    """The name of the template for data like this."""
    if found.sequences.words is not None:
        return TEXT
    if found.targets is None:
        return FORECAST
    if not found.classification:
        return SEVERAL if found.targets.per_step else ONE
    if found.sequences.shape is not None and not found.targets.per_step:
        return VIDEO
    return LABELS if found.targets.per_step else LABEL


def refuse_unread_rows(found: Survey) -> None:
    """Raise DataError if there are rows that cannot be read."""
    fault = found.unread_rows
    if fault is not None and found.left_out.rows > 1:
        command = " ".join(map(quote, ("lstmcli", "inspect", *found.paths)))
        help = "; ".join(filter(None, (fault.help, f"`{command}` counts them by column")))
        fault = replace(fault, help=help)
    if fault is not None:
        raise DataError(fault)


def survey_for(
    template: Template, paths: tuple[str, ...], columns: DataSection, given: set[str], stdin: bytes | None
) -> Survey:
    """The data as a template reads it; raises DataError if it is at fault or lacks what is needed."""
    known = set(given) if template.takes == "words" else given | {"words"}
    if template.classification is None:
        known |= {"labels", "responses"}
    found = survey(paths, columns, known, stdin, classification=template.classification)
    if template.classification is None:
        # Some forms of data have targets that nobody has to name.
        found = replace(found, targets=None)
    channels = found.sequences.channels or ()
    if template.classification is False and found.targets is None and len(channels) > 1:
        columns = replace(found.columns, responses=channels[-1:])
        reasons = {**found.guesses, "responses": "the last column of numbers"}
        found = replace(survey(paths, columns, {*known, *reasons}, stdin), guesses=reasons)
    refuse_unread_rows(found)
    where = Place(source_name(paths[0]))
    if template.takes == "words" and found.sequences.words is None:
        raise DataError(
            Fault("no column looks like texts of several words", where, "name it: `--words COLUMN`")
        )
    if template.takes == "images" and found.sequences.shape is None:
        help = "images are in `.npy` files, S-by-h-by-w-by-C, or in a MAT-file, h-by-w-by-C-by-S"
        raise DataError(Fault("the data are no images", where, help))
    if template.classification is not None and found.targets is None:
        task = Task(classification=template.classification, per_step=template.per_step)
        raise DataError(
            not_named(found.columns, task, "variable" if found.form == "MAT-file" else "column", where)
        )
    return found
