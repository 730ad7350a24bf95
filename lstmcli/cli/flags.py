"""Flags that are made from declared properties, and flags that several verbs share."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lstmcli.cli.streams import note
from lstmcli.data.declaration import DataSection
from lstmcli.options import PREDICTION_OPTIONS, TrainingOptions
from lstmcli.spec.command_line import flag_nodes
from lstmcli.spec.kind import Kind, RefusedError
from lstmcli.spec.properties import Property, kebab, properties_of
from lstmcli.thread_count import allowed_processors, set_threads

if TYPE_CHECKING:
    from lstmcli.spec_file import Spec

Command = TypeVar("Command", bound=Callable[..., Any])
Given = dict[str, tuple[str, ...]]
"""The flags that were given: word -> values."""

COLUMN_WORDS = ("sequence", "time", "features", "words", "tokenize", "header", "sort")
TARGET_WORDS = ("labels", "responses", "window", "stride", "horizon")
_OPTION, _DATA = "option_", "data_"


def option_flags(words: Iterable[str] | None = None) -> Callable[[Command], Command]:
    """Flags for these properties of trainingOptions, or for all."""
    return _flags(properties_of(TrainingOptions), words, _OPTION)


def data_flags(words: Iterable[str] | None = None) -> Callable[[Command], Command]:
    """Flags for these words of the `data:` section, or for all."""
    return _flags(properties_of(DataSection), words, _DATA)


def flag_kinds() -> dict[str, Kind]:
    """The kind of value of every flag that is made from a property, by click's name of it."""
    groups = ((_OPTION, TrainingOptions), (_DATA, DataSection))
    return {p + word: item.kind for p, kind in groups for word, item in properties_of(kind).items()}


def kind_of(flag: str) -> Kind | None:
    """The kind of value of a flag that is made from a property, in either spelling and any case."""
    properties = {**properties_of(TrainingOptions), **properties_of(DataSection)}
    known = (item for item in properties.values() if flag.lower() in map(str.lower, _spellings(item)))
    return next((item.kind for item in known), None)


def takes(kind: Kind, value: str) -> bool:
    """Whether a flag of this kind takes a value."""
    try:
        _read(kind, (value,))
    except RefusedError:
        return False
    return True


def network_flags(words: Iterable[str]) -> Callable[[Command], Command]:
    """Flags of verbs that run a stored network: these words of the `data:` section, and how it runs."""

    def decorate(command: Command) -> Command:
        return data_flags(words)(option_flags(PREDICTION_OPTIONS)(command))

    return decorate


def given_flags(parameters: dict[str, Any]) -> tuple[Given, Given]:
    """Split what click hands over: the option flags and the data flags that were given, by word."""
    options, data = (
        {
            key.removeprefix(prefix): (value,) if isinstance(value, str) else value
            for key, value in parameters.items()
            if key.startswith(prefix) and value not in (None, ())
        }
        for prefix in (_OPTION, _DATA)
    )
    return options, data


def files_from_here(options: Given, data: Given, folder: Path) -> tuple[Given, Given]:
    """Flags as if they stood in a spec in `folder`, where files are relative to the spec."""
    if folder == Path():
        return options, data
    return _absolute(options, properties_of(TrainingOptions)), _absolute(data, properties_of(DataSection))


def allow_or_refuse_python(spec: "Spec", allowed: bool) -> None:
    """Let `python:` initializers find modules beside the spec; raises SpecError if they may not run."""
    from lstmcli.spec_file import python_functions, refuse_python

    if not allowed:
        refuse_python(spec)
    elif python_functions(spec):
        sys.path.insert(0, str(spec.folder))


def threads_flag(command: Command) -> Command:
    """`--threads N`."""
    help = "Threads to compute with; default: the processors this process may use."
    return click.option("--threads", type=click.IntRange(min=1), metavar="N", help=help)(command)


def use_threads(threads: int | None, quiet: bool = False, announce: Callable[[], None] | None = None) -> None:
    """Set the number of threads, with a note on what happens to compiled code where that is unusual.

    announce : called before each kernel that has to be compiled, instead of a note before the first
    """
    from lstmcli.kernels.cache import cache_folder
    from lstmcli.kernels.kernel import on_compilation

    set_threads(min(threads or allowed_processors(), allowed_processors()))
    if quiet:
        return
    if cache_folder() is None:
        note("note: no folder to cache compiled code in; every run compiles anew")
    else:
        lines = ["compiling kernels that this is the first run to use; later runs start at once"]

        def tell() -> None:
            while lines:
                note(lines.pop())

        def complain(error: OSError) -> None:
            reason = error.strerror or error
            note(f"note: compiled code cannot be kept in {cache_folder()}: {reason}; later runs compile anew")

        on_compilation(announce or tell, complain)


def _absolute(given: Given, properties: dict[str, Property]) -> Given:
    """The flags with files as they are called from anywhere; stdin and what is no file stay what they are."""
    moved = {}
    for word, values in given.items():
        files = properties[word].kind.paths and _reads_as_texts(properties[word].kind, values)
        moved[word] = tuple(map(_from_anywhere, values)) if files else values
    return moved


def _reads_as_texts(kind: Kind, values: tuple[str, ...]) -> bool:
    """Whether the kind takes the values as they stand, rather than for a fraction or not at all."""
    try:
        return _read(kind, values) in (values, *values)
    except RefusedError:
        return False


def _read(kind: Kind, values: tuple[str, ...]) -> Any:
    """What the kind makes of the values of a flag; raises RefusedError."""
    [nodes] = flag_nodes({"": values})
    return kind.read(nodes[""][1])


def _spellings(item: Property) -> tuple[str, ...]:
    """The flags of a property, each once: in MATLAB's spelling and in lower case."""
    return tuple(dict.fromkeys((f"--{item.word}", f"--{kebab(item.word)}")))


def _from_anywhere(file: str) -> str:
    return file if file == "-" else str(Path(file).absolute())


def _flags(
    properties: dict[str, Property], words: Iterable[str] | None, prefix: str
) -> Callable[[Command], Command]:
    chosen = [properties[word] for word in (words or properties)]

    def decorate(command: Command) -> Command:
        for item in reversed(chosen):
            help = f"{item.help[:1].upper()}{item.help[1:]}: {item.kind.wording.replace('`', '')}."
            command = click.option(
                *_spellings(item),
                prefix + item.word,
                multiple=item.kind.several,
                metavar="VALUE",
                help=help + (" Repeat the flag for several." if item.kind.several else ""),
            )(command)
        return command

    return decorate
