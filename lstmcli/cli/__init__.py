"""Room 8, the command line, which alone prints and knows click and rich: what its verbs share."""

import importlib
import os
import sys
from typing import Any, NoReturn

import click

from lstmcli.cli.streams import ReaderGoneError, flush_results, leaving_quietly, note, prepare_streams
from lstmcli.cli.usage import unknown_verb, usage_fault
from lstmcli.errors import InputError
from lstmcli.version import __version__

VERBS = {
    "train": "Train a network from a spec.",
    "assemble": "Write a network with initial or given weights, untrained.",
    "predict": "Scores or responses of sequences, as CSV.",
    "classify": "Class labels of sequences, as CSV.",
    "evaluate": "Metrics against the targets in the data.",
    "forecast": "The steps that follow on series, and how good forecasts of the last ones are.",
    "activations": "The output of one layer, or its gates, as CSV or a picture.",
    "analyze": "The layers of a spec or model, as a table or a drawing.",
    "report": "A page of HTML on a training run.",
    "init": "A commented spec to start from, filled in from data.",
    "inspect": "What is in data: sequences, channels, classes, and what is odd.",
    "schema": "A JSON schema of specs, for editors.",
    "completion": "The script by which a shell completes commands.",
    "warmup": "Compile all kernels into the cache now.",
}
"""Every verb with the line that `lstmcli --help` shows, so that help imports no verb."""

COMPLETES = "_LSTMCLI_COMPLETE"
"""The environment variable by which a shell asks for completions."""


class _Verbs(click.Group):
    """A group that imports a verb's file when the verb is used.

    click prints help and version itself, and would end with an error where nobody reads them.
    """

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with leaving_quietly():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with leaving_quietly():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"lstmcli.cli.verbs.{cmd_name}").command
        if ctx.resilient_parsing:
            importlib.import_module("lstmcli.cli.completing").teach(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not ctx.resilient_parsing:
            raise unknown_verb(args[0], VERBS)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


# Flags are MATLAB's names, which MATLAB matches without regard to case.
_SETTINGS = {"token_normalize_func": str.lower, "help_option_names": ["-h", "--help"]}


@click.command(cls=_Verbs, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="lstmcli")
def program() -> None:
    """Train and run MATLAB's recurrent networks, without MATLAB.

    A network is a YAML list of layers under MATLAB's names, data is CSV, a model is one HDF5 file.
    `lstmcli VERB --help` explains a verb.
    """


def main() -> NoReturn:
    """Run the program and exit: 0 done, 1 our fault, 2 usage, 3 spec, 4 data, 5 model, 6 diverged."""
    prepare_streams()
    if COMPLETES in os.environ:
        from lstmcli.cli.completing import prepare

        prepare()
    try:
        code = program.main(prog_name="lstmcli", complete_var=COMPLETES, standalone_mode=False) or 0
        flush_results()
    except InputError as error:
        note(str(error))
        code = error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        note(error.format_message())
        code = error.exit_code
    except click.UsageError as error:
        note(str(usage_fault(error)))
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except ReaderGoneError:
        code = 0
    sys.exit(code)
