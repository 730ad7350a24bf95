"""Options that do not go with answers that depend on a sequence alone."""

from lstmcli.cli.flags import Given
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault


def refuse_padding(options: Given, what: str) -> None:
    """Raise UsageFaultError for options by which padding would count, or steps be left out."""
    for word, values in options.items():
        if (word, values[0].lower()) in (("MaskPadding", "false"), ("SequenceLength", "shortest")):
            message = f"`--{word} {values[0]}` does not go with {what}: only whole, real steps lead to one"
            raise UsageFaultError(Fault(message, None, f"leave out `--{word}`"))
