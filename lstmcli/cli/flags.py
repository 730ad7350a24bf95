"""Flags that are made from declared properties, and flags that several verbs share."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lstmcli.cli.streams import note
from lstmcli.data.declaration import DataSection
from lstmcli.options import TrainingOptions
from lstmcli.spec.properties import Property, kebab, properties_of

if TYPE_CHECKING:
    from lstmcli.spec_file import Spec

Command = TypeVar("Command", bound=Callable[..., Any])
Given = dict[str, tuple[str, ...]]
"""The flags that were given: word -> values."""

PREDICTION_OPTIONS = (
    "MiniBatchSize",
    "SequenceLength",
    "SequencePaddingDirection",
    "SequencePaddingValue",
    "MaskPadding",
)
COLUMN_WORDS = ("sequence", "time", "features", "header", "sort")
TARGET_WORDS = ("labels", "responses", "window", "stride", "horizon")
_DATA_FILES = ("train", "validation", "test")
_FILES = (*_DATA_FILES, "CheckpointPath")
_REPEATED = (*_DATA_FILES, "features", "responses")
_OPTION, _DATA = "option_", "data_"


def option_flags(words: Iterable[str] | None = None) -> Callable[[Command], Command]:
    """Flags for these properties of trainingOptions, or for all."""
    return _flags(properties_of(TrainingOptions), words, _OPTION)


def data_flags(words: Iterable[str] | None = None) -> Callable[[Command], Command]:
    """Flags for these words of the `data:` section, or for all."""
    return _flags(properties_of(DataSection), words, _DATA)


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
    moved = (
        {word: tuple(map(_absolute, values)) if word in _FILES else values for word, values in given.items()}
        for given in (options, data)
    )
    return next(moved), next(moved)


def allow_or_refuse_python(spec: "Spec", allowed: bool) -> None:
    """Let `python:` initializers find modules beside the spec; raises SpecError if they may not run."""
    from lstmcli.spec_file import refuse_python

    if allowed:
        sys.path.insert(0, str(spec.folder))
    else:
        refuse_python(spec)


def threads_flag(command: Command) -> Command:
    """`--threads N`."""
    help = "Threads to compute with; default: the processors this process may use."
    return click.option("--threads", type=click.IntRange(min=1), metavar="N", help=help)(command)


def use_threads(threads: int | None, quiet: bool = False) -> None:
    """Set the number of threads, with a note on what happens to compiled code where that is unusual."""
    from lstmcli import kernels

    kernels.set_threads(min(threads or _allowed_processors(), _allowed_processors()))
    if quiet:
        return
    if kernels.cache_folder() is None:
        note("note: no folder to cache compiled code in; every run compiles anew")
    else:
        kernels.on_compilation(lambda: note("compiling for the first time; later runs start at once"))


def _absolute(file: str) -> str:
    """The file from anywhere; stdin and a fraction held out stay what they are."""
    return file if file == "-" or file.replace(".", "", 1).isdigit() else str(Path(file).absolute())


def _allowed_processors() -> int:
    """Affinity and Slurm's share, not all there are."""
    affinity = getattr(os, "sched_getaffinity", None)
    allowed = len(affinity(0)) if affinity else os.cpu_count() or 1
    slurm = os.environ.get("SLURM_CPUS_PER_TASK", "")
    return min(allowed, int(slurm)) if slurm.isdigit() and int(slurm) > 0 else allowed


def _flags(
    properties: dict[str, Property], words: Iterable[str] | None, prefix: str
) -> Callable[[Command], Command]:
    chosen = [properties[word] for word in (words or properties)]

    def decorate(command: Command) -> Command:
        for item in reversed(chosen):
            names = dict.fromkeys((f"--{item.word}", f"--{kebab(item.word)}"))
            several = item.word in _REPEATED
            help = f"{item.help[:1].upper()}{item.help[1:]}: {item.kind.wording.replace('`', '')}."
            command = click.option(
                *names,
                prefix + item.word,
                multiple=several,
                metavar="VALUE",
                help=help + (" Repeat the flag for several." if several else ""),
            )(command)
        return command

    return decorate
