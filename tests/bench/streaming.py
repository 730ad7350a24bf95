"""The rows of a stream: row in to row out through a pipe, at once or after a pause, and rows that wait."""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.lines import print_line, short
from bench.processes import ROOT, TESTS, lstmcli, run

CHANNELS, HIDDEN = 12, 200
WARMING, ROWS, WAITING = 500, 8000, 200_000
MANY = (1, 1000, 10_000, 20_000)
"""Sequences whose rows come in turns."""
PAUSE, LATER = 0.02, 500
"""Seconds before each row of a sensor, and the rows of it."""
SPEC = f"""\
layers:
  - sequenceInput: {CHANNELS}
  - lstm: {HIDDEN}
  - fullyConnected: 3
  - regression: {{ResponseNames: [a, b, c]}}
"""
HEADER = ",".join(["sequence", *(f"c{k}" for k in range(CHANNELS))]) + "\n"


def print_stream(folder: Path) -> None:
    """All of them."""
    spec, model = folder / "stream.yaml", folder / "stream.h5"
    spec.write_text(SPEC)
    lstmcli("assemble", spec, "-o", model)
    for sequences in MANY:
        name = f"row in, row out, {sequences} sequence{'s' if sequences > 1 else ''}"
        rows = _rows(sequences, WARMING + max(ROWS, 2 * sequences))
        _print_latency(name, model, rows, 0, "<= 0.3, 99 % <= 1 ms")
    _print_latency(f"the same, 1 sequence, after {PAUSE} s", model, _rows(1, WARMING + LATER), PAUSE, "")
    data = folder / "waiting.csv"
    for sequences in (1, 10_000):
        data.write_text(HEADER + "".join(_rows(sequences, WAITING)))
        seconds = run("-m", "lstmcli", "predict", model, data, "--stream", PYTHONPATH=str(ROOT)).seconds
        name = f"rows that wait, {sequences} sequence{'s' if sequences > 1 else ''}"
        print_line(name, f"{WAITING / seconds:.0f} rows/s", "with start and end", None, ">= 20000 rows/s")


def _print_latency(name: str, model: Path, rows: list[str], pause: float, goal: str) -> None:
    times, megabytes = _one_by_one(model, rows, pause)
    middle, slow = statistics.median(times), statistics.quantiles(times, n=100)[98]
    print_line(
        name, f"{1e3 * middle:.3f} ms", f"99 %: {1e3 * slow:.3f} ms; {short(megabytes)} MB", None, goal
    )


def _rows(sequences: int, count: int) -> list[str]:
    draw = random.Random(0)
    return [
        f"s{k % sequences}," + ",".join(f"{draw.gauss(0, 1):.5f}" for _ in range(CHANNELS)) + "\n"
        for k in range(count)
    ]


def _one_by_one(model: Path, rows: list[str], pause: float = 0) -> tuple[list[float], float]:
    """Seconds from each row to its answer, and the megabytes that the program holds in the end.

    pause : seconds between an answer and the next row
    """
    command = [sys.executable, "-m", "lstmcli", "predict", str(model), "-", "--stream"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=TESTS, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes) as child:
        to, back = child.stdin.fileno(), child.stdout.fileno()
        os.write(to, HEADER.encode())
        times = []
        for k, row in enumerate(rows):
            if pause and k >= WARMING:
                time.sleep(pause)
            begun = time.perf_counter()
            os.write(to, row.encode())
            answer = os.read(back, 65536)
            while k == 0 and answer.count(b"\n") < 2:
                answer += os.read(back, 65536)
            times.append(time.perf_counter() - begun)
            assert answer.endswith(b"\n")
        pages = int(Path(f"/proc/{child.pid}/statm").read_text().split()[1])
        child.stdin.close()
    return times[WARMING:], pages * resource.getpagesize() / 1e6
