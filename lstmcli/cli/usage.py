"""Wrong usage, said in the form of every other fault."""

import sys
from collections.abc import Iterable
from itertools import zip_longest

import click

from lstmcli.errors import Fault, InputError, did_you_mean
from lstmcli.options import FOREIGN


class UsageFaultError(InputError):
    """A fault in the arguments themselves."""

    exit_code = 2


def unknown_verb(word: str, verbs: Iterable[str]) -> UsageFaultError:
    """The error of a first argument that is no verb."""
    help = did_you_mean(word, verbs) or f"the verbs are {', '.join(verbs)}"
    if word == "help":
        help = "`lstmcli --help` lists the verbs, `lstmcli VERB --help` explains one"
    return UsageFaultError(Fault(f"`{word}` is not a verb of lstmcli", None, help))


def usage_fault(error: click.UsageError) -> UsageFaultError:
    """What click found wrong with the arguments."""
    path = error.ctx.command_path if error.ctx else " ".join(["lstmcli", *sys.argv[1:2]])
    if isinstance(error, click.NoSuchOption):
        known = [flag for item in error.ctx.command.params for flag in item.opts] if error.ctx else []
        flag = _as_typed(error.option_name)
        help = _reason(flag) or did_you_mean(flag, known) or f"`{path} --help` lists them"
        return UsageFaultError(Fault(f"`{path}` has no option `{flag}`", None, help))
    if (fault := _missed_value(path)) is not None:
        return UsageFaultError(fault)
    message = error.format_message().rstrip(".").replace("'", "`")
    message = message.replace("is not a valid integer range", "is not a whole number")
    if isinstance(error, click.BadOptionUsage):
        message = message.replace(error.option_name, _as_typed(error.option_name))
    usage = f"the usage is `{error.ctx.get_usage().removeprefix('Usage: ')}`; " if error.ctx else ""
    help = f"{usage}`{path} --help` explains it"
    return UsageFaultError(Fault(message[:1].lower() + message[1:], None, help))


def _missed_value(path: str) -> Fault | None:
    """What is wrong with a flag that has no value, or has taken the next argument for one."""
    from lstmcli.cli.flags import kind_of, takes

    for flag, value in zip_longest(sys.argv[2:], sys.argv[3:]):
        kind = kind_of(flag)
        if kind is not None and (value is None or not takes(kind, value)):
            got = "" if value is None else f", got `{value}`"
            message = f"`{flag}` needs a value, which must be {kind.wording}{got}"
            return Fault(message, None, f"`{path} --help` explains it")
    return None


def _reason(flag: str) -> str | None:
    """Why an option of MATLAB's or of other verbs is none here."""
    if flag in ("-o", "--output"):
        return "results are printed on stdout: add `> FILE`"
    return {f"--{word}".lower(): why for word, why in FOREIGN.items()}.get(flag.lower())


def _as_typed(flag: str) -> str:
    """A flag as the user wrote it: click has put it in lower case."""
    words = (word.partition("=")[0] for word in sys.argv[1:])
    return next((word for word in words if word.lower() == flag), flag)
