"""`lstmcli init`: a commented spec to start from."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from lstmcli.cli.data_source import read_columns, read_stdin
from lstmcli.cli.flags import COLUMN_WORDS, TARGET_WORDS, Given, data_flags, given_flags
from lstmcli.cli.streams import note, result
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, ModelError, did_you_mean, listed
from lstmcli.starter.names import TITLES

if TYPE_CHECKING:
    from lstmcli.starter.facts import Facts
    from lstmcli.starter.templates import Template

FILES = ("train", "validation", "test")


def _offer_templates(ctx: click.Context, param: click.Parameter, begun: str) -> "list[CompletionItem[str]]":
    return [CompletionItem(name, help=title) for name, title in TITLES.items() if name.startswith(begun)]


@click.command("init")
@click.argument("template", required=False, shell_complete=_offer_templates)
@click.option("--data", "files", multiple=True, metavar="FILE", help="Fill it in from this data.")
@click.option("-o", "--output", metavar="SPEC", help="The file to write; default: stdout.")
@click.option("--overwrite", is_flag=True, help="Write the file even if it is there already.")
@data_flags(("validation", "test", *COLUMN_WORDS, *TARGET_WORDS))
def command(
    template: str | None, files: tuple[str, ...], output: str | None, overwrite: bool, **flags: Any
) -> None:
    """Write a spec to start from, with the reason of each choice in a comment.

    TEMPLATE is the kind of network; without it the templates are listed, and which one fits the data. With
    --data the spec is filled in: channels, classes, options that suit the data. Columns that nobody names
    are guessed, and said to be.
    """
    from lstmcli.starter.starter import is_cut, write_starter

    given = given_flags(flags)[1]
    if template is None:
        _list_templates(files, given, output)
        return
    chosen = _find(template)
    _refuse_useless(chosen, given)
    path = None if output in (None, "-") else Path(str(output))
    if path is not None:
        from lstmcli.modelfile import check_writable

        check_writable(str(output))
        if path.is_file() and not overwrite:
            help = "name another file with -o, or add --overwrite"
            raise ModelError(Fault(f"`{path}` is there already", None, help))
    name = "my.yaml" if path is None else str(path)
    folder = Path() if path is None else path.parent
    facts = _relative(_facts(chosen, files, given), folder)
    if "stride" in given and not is_cut(chosen, facts):
        raise UsageFaultError(Fault("there are no windows for `--stride`", None, "say `--window` too"))
    text = write_starter(chosen, facts, name)
    _check(text, name, folder, reads=bool(files) and "-" not in files)
    for said in facts.notes:
        note(f"note: {said}")
    if path is None:
        result(text.removesuffix("\n"))
        return
    from lstmcli.modelfile.atomic import write_atomically

    write_atomically(path, text.encode())
    note(f"saved {path}")


def _list_templates(files: tuple[str, ...], given: Given, output: str | None) -> None:
    """Print the templates, and which one fits the data; raises DataError as `inspect` does."""
    found = None
    if files:
        from lstmcli.survey.survey import survey

        found = survey(files, read_columns(given), given, read_stdin(files))
    width = max(map(len, TITLES))
    for name, title in TITLES.items():
        result(f"{name.ljust(width)}  {title}")
    if found is None:
        return
    from lstmcli.cli.survey_text import print_fitting
    from lstmcli.starter.fitting import fitting_template, refuse_unfit

    more = [part for word in FILES for value in given.get(word, ()) for part in (f"--{word}", value)]
    print_fitting(found, (*more, *(() if output is None else ("-o", output))))
    refuse_unfit(found, fitting_template(found))


def _refuse_useless(template: "Template", given: Given) -> None:
    """Raise UsageFaultError for flags on data that a template takes none of."""
    from lstmcli.starter.templates import TEMPLATES

    faults = []
    for word in given:
        if not template.has_use_for(word):
            others = listed(other.name for other in TEMPLATES.values() if other.has_use_for(word))
            message = f"the template `{template.name}` has no use for `--{word}`"
            faults.append(Fault(message, None, f"it is for {others}"))
    if faults:
        raise UsageFaultError(faults)


def _find(name: str) -> "Template":
    """The template of this name, however it is spelt; raises UsageFaultError."""
    from lstmcli.starter.templates import TEMPLATES

    word = name.lower().replace("_", "-")
    if word not in TEMPLATES:
        help = did_you_mean(word, TITLES) or f"the templates are {', '.join(TITLES)}"
        raise UsageFaultError(Fault(f"there is no template `{name}`", None, help))
    return TEMPLATES[word]


def _facts(template: "Template", files: tuple[str, ...], given: Given) -> "Facts":
    from lstmcli.starter.fitting import survey_for
    from lstmcli.starter.starter import facts_for, facts_to_replace

    columns = read_columns(given)
    if not files:
        return facts_to_replace(template, columns)
    return facts_for(template, survey_for(template, files, columns, set(given), read_stdin(files)))


def _relative(facts: "Facts", folder: Path) -> "Facts":
    """The facts with the names of files as a spec in `folder` has them."""

    def moved(file: Any) -> Any:
        if isinstance(file, list):
            return [moved(single) for single in file]
        stays = not isinstance(file, str) or file == "-" or Path(file).is_absolute()
        return file if stays else os.path.relpath(file, folder)

    return replace(facts, words={word: moved(v) if word in FILES else v for word, v in facts.words.items()})


def _check(text: str, name: str, folder: Path, reads: bool) -> None:
    """Raise what training would raise of this spec, before anything is written.

    reads : its data, too: it is there, and can be read once more
    """
    from lstmcli.preparation import prepare_training
    from lstmcli.spec_file import read_spec

    spec = read_spec(text, name, folder)
    if reads:
        prepare_training(spec)
