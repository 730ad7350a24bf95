"""Which columns of the data are what, and how long series are cut: the `data` section as values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Columns:
    """What a user says about the columns of the data.

    sequence : column whose equal consecutive values make one sequence
    time : column carried to the output
    features : input channels in order, or None for every other numeric column
    labels : column of class labels
    responses : columns of numeric responses, in order
    header : whether row 1 names the columns; if not, they are named `1`, `2`, ...
    window, stride : time steps of a piece, and from the start of one piece to the start of the next
    horizon : time steps from an input to its target, None for targets of the same step
    sort : `none`, or `length`, which orders the training sequences by their number of steps
    """

    sequence: str | None = "sequence"
    time: str | None = None
    features: tuple[str, ...] | None = None
    labels: str | None = None
    responses: tuple[str, ...] = ()
    header: bool = True
    window: int | None = None
    stride: int = 1
    horizon: int | None = None
    sort: str = "none"
