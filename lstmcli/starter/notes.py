"""What a starter says of data that may not have been meant as it was read."""

import numpy as np

from lstmcli.starter.choices import Cut
from lstmcli.starter.names import LABELS
from lstmcli.starter.templates import Template
from lstmcli.survey.order import tell_backward
from lstmcli.survey.survey import Survey


def starter_notes(template: Template, found: Survey, cut: Cut) -> tuple[str, ...]:
    """Sentences on times that go back, and on windows with several classes."""
    place = found.left_out.place if found.left_out.kept else None
    told = (tell_backward(found.sequences, found.columns.time, place), _of_windows(template, found, cut))
    return tuple(filter(None, told))


def _of_windows(template: Template, found: Survey, cut: Cut) -> str | None:
    """A sentence on windows in which the class changes, where a window is to have one."""
    targets = found.targets
    if not template.classification or template.per_step or targets is None or not targets.per_step:
        return None
    # The class of a later step is not meant as that of the window.
    if cut.window is None or found.columns.horizon is not None:
        return None
    changes = np.append(0, np.cumsum(targets.values[1:] != targets.values[:-1]))
    starts = np.concatenate(
        [
            np.arange(first, stop - cut.window + 1, cut.stride)
            for first, stop in zip(found.sequences.offsets[:-1], found.sequences.offsets[1:], strict=True)
        ]
    )
    mixed = int((changes[starts + cut.window - 1] > changes[starts]).sum())
    if not mixed:
        return None
    many = "each window" if mixed == len(starts) else f"{mixed} of {len(starts)} windows"
    return (
        f"the class changes within {many}, and a window has that of its last step: "
        f"`lstmcli init {LABELS}` begins a network that answers each step"
    )
