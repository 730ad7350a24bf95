"""Small specs with data on disk, and the program run on them."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from training.sessions import LABEL

import lstmcli
from lstmcli.records import Model

SECONDS = 200
"""After which a process is killed: compiling every kernel takes most of a minute."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(lstmcli.__file__).parents[1])}


def write_data(path: Path, lengths: Sequence[int], seed: int = 0) -> None:
    """A table of sequences with the channels x and y, and one of the labels a, b and c a sequence."""
    random = np.random.default_rng(seed)
    lines = ["sequence,x,y,label"]
    for n, length in enumerate(lengths):
        label = "abc"[n % 3]
        lines += [f"{n},{x:.4f},{y:.4f},{label}" for x, y in random.normal(size=(length, 2))]
    path.write_text("\n".join(lines) + "\n")


def write_spec(folder: Path, layers: str = LABEL, validation: bool = False, **options: object) -> Path:
    """A spec with the data of `write_data` beside it: train.csv, and valid.csv if it is to be used."""
    write_data(folder / "train.csv", [3, 5, 4, 2, 6, 3, 5, 4])
    write_data(folder / "valid.csv", [4, 3, 5], seed=1)
    listed = ", ".join(f"{word}: {value}" for word, value in options.items())
    validated = ", validation: valid.csv" if validation else ""
    spec = folder / "spec.yaml"
    spec.write_text(
        f"layers: [{layers}]\noptions: {{{listed}}}\ndata: {{train: train.csv{validated}, labels: label}}\n"
    )
    return spec


@contextmanager
def program_running(*arguments: object, code: str | None = None) -> "Iterator[subprocess.Popen[str]]":
    """The program in a process of its own, which does not outlive the block; `code` runs before it."""
    program = ["-c", f"{code}\nfrom lstmcli.cli import main\nmain()"] if code else ["-m", "lstmcli"]
    with subprocess.Popen(
        [sys.executable, *program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        watchdog = threading.Timer(SECONDS, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def rows_of(printed: str) -> list[int]:
    """The iterations in the rows of a table."""
    cells = [line.split("|") for line in printed.splitlines() if line.startswith("|")]
    return [int(row[2]) for row in cells if len(row) > 3 and row[2].strip().isdigit()]


def assert_same_weights(left: Model, right: Model) -> None:
    """Two stored models have the same arrays, bit for bit."""
    for layer, arrays in left.weights.items():
        for name, array in arrays.items():
            assert array.tobytes() == right.weights[layer][name].tobytes()
