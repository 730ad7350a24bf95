"""Options that do not go with answers that depend on a sequence alone."""

from lstmcli.cli.flags import Given
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault
from lstmcli.options import TrainingOptions


def refuse_padding(given: Given, options: TrainingOptions, what: str) -> None:
    """Raise UsageFaultError for flags by which padding would count, or steps be left out.

    given : the flags; options : what they come to; what : what they do not go with
    """
    counts = {
        "MaskPadding": not options.mask_padding,
        "SequenceLength": options.sequence_length == "shortest",
    }
    for word, values in given.items():
        if counts.get(word):
            message = f"`--{word} {values[0]}` does not go with {what}: only whole, real steps lead to one"
            raise UsageFaultError(Fault(message, None, f"leave out `--{word}`"))
