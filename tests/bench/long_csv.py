"""A long CSV: `write FILE MEGABYTES` makes one, `read FILE` prints our MB/s and pyarrow's."""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from bench.shapes import processors
from pyarrow import csv

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.thread_count import set_threads

CHANNELS, SHORTEST, LONGEST, AT_ONCE, TIMES = 12, 20, 100, 200, 3


def write(path: Path, megabytes: float) -> None:
    """Sequences of random length, numbers of six decimals, until the file is as long as it should be."""
    random, first, header = np.random.default_rng(0), 1, True
    with path.open("wb") as file:
        while file.tell() < 1e6 * megabytes:
            lengths = random.integers(SHORTEST, LONGEST, AT_ONCE, endpoint=True)
            columns = {"sequence": np.repeat(np.arange(first, first + AT_ONCE), lengths)}
            for k in range(CHANNELS):
                columns[f"c{k + 1}"] = random.normal(size=lengths.sum()).round(6)
            csv.write_csv(pa.table(columns), file, csv.WriteOptions(include_header=header))
            first, header = first + AT_ONCE, False


def rates(path: Path) -> list[float]:
    """MB/s of ours and of pyarrow, in turns, with all threads."""
    set_threads(processors())
    readers: tuple[Callable[[], object], ...] = (
        lambda: read_sequences([str(path)], DataSection(), None),
        lambda: csv.read_csv(path),
    )
    found = [[_rate(reader, path) for reader in readers] for _ in range(TIMES)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def _rate(reader: Callable[[], object], path: Path) -> float:
    begun = time.perf_counter()
    reader()
    return path.stat().st_size / 1e6 / (time.perf_counter() - begun)


def main() -> None:
    """Write or read."""
    verb, path, *megabytes = sys.argv[1:]
    if verb == "write":
        write(Path(path), float(megabytes[0]))
    else:
        print(*rates(Path(path)))


if __name__ == "__main__":
    main()
