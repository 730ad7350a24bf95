"""The form of the table: name, our figure, the peers', how many times better ours is, and the goal."""

_FORM = "{:42s} {:>16s}   {:36s} {:>6s}  {}"


def print_heading() -> None:
    """What the columns are."""
    print(_FORM.format("", "lstmcli", "peers", "ratio", "goal"), flush=True)


def print_line(name: str, own: str, peers: str, ratio: float | None, goal: str) -> None:
    """A line; texts may be empty."""
    print(_FORM.format(name, own, peers, "" if ratio is None else f"{ratio:.2f}", goal).rstrip(), flush=True)


def short(figure: float) -> str:
    """Three digits, or all before the point."""
    return f"{figure:.0f}" if figure >= 100 else f"{figure:#.3g}".rstrip(".")
