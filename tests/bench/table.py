"""How fast and how small we are, and our peers, in one run: `cd tests && python -m bench.table`.

Names of rows or shapes choose some. Needs the extra `bench`.
"""

import argparse
import tempfile
from pathlib import Path

from bench import commands, reading, streaming
from bench.processes import show
from bench.shapes import SHAPES

OF_SHAPES = ("train", "predict")
INSIDE = (*OF_SHAPES, "share", "threads", "step")
"""Rows that `bench.steps` prints, in a process of its own: this one has to stay small (see `processes`)."""
COMMANDS = {
    "vowels": commands.print_vowels,
    "start": commands.print_start,
    "help": commands.print_help,
    "compile": commands.print_compilation,
    "memory": commands.print_memory,
    "stream": streaming.print_stream,
}
FILES = {"reading": (reading.print_reading, 1.0), "answering": (reading.print_answering, 0.2)}
"""Rows of long files, and how long they are as a share of `--megabytes`."""


def main() -> None:
    """Print the table."""
    shapes, rows = [shape.name for shape in SHAPES], [*INSIDE, *COMMANDS, *FILES]
    parser = argparse.ArgumentParser(prog="python -m bench.table", description=__doc__)
    listed = f"the rows are {', '.join(rows)}; the shapes {', '.join(shapes)}"
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{listed}; default: all")
    parser.add_argument("--megabytes", type=float, default=500, help="of the CSV to read; default: 500")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - {*rows, *shapes})
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; {listed}")
    some_shapes = [name for name in shapes if name in given.names]
    some_rows = [name for name in rows if name in given.names] or (OF_SHAPES if some_shapes else rows)

    show("-m", "bench.steps", *(name for name in INSIDE if name in some_rows), *(some_shapes or shapes))
    with tempfile.TemporaryDirectory() as folder:
        for name, print_rows in COMMANDS.items():
            if name in some_rows:
                print_rows(Path(folder))
        for name, (print_row, share) in FILES.items():
            if name in some_rows:
                print_row(Path(folder), share * given.megabytes)


if __name__ == "__main__":
    main()
