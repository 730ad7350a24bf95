"""The rows of long CSV files: reading one, and answering one from CSV to CSV."""

from functools import partial
from pathlib import Path

from bench.commands import trained_model
from bench.lines import print_line, short
from bench.processes import TESTS, lstmcli, medians, run


def print_reading(folder: Path, megabytes: float) -> None:
    """Our reader inside a process, beside the fastest there is, which checks and groups nothing."""
    data, found = folder / "long.csv", folder / "rates"
    size = _write(data, megabytes)
    run("-m", "bench.long_csv", "read", data, output=found)
    data.unlink()
    own, theirs = map(float, found.read_text().split())
    name = f"reading a CSV of {size:.0f} MB"
    print_line(name, f"{short(own)} MB/s", f"pyarrow {short(theirs)}", own / theirs, ">= 150 MB/s")


def print_answering(folder: Path, megabytes: float) -> None:
    """`lstmcli predict` of many sequences, whole process, beside a script of PyTorch and pyarrow."""
    data, answers = folder / "long.csv", folder / "answers.csv"
    size = _write(data, megabytes)
    program = ("predict", trained_model(folder), data, "--MiniBatchSize", "128")
    script = (TESTS / "bench" / "plain_torch_predict.py", data, answers)
    own, theirs = medians(3, partial(lstmcli, *program, output=answers), partial(run, *script))
    name = f"lstmcli predict, CSV of {size:.0f} MB"
    seconds = [f"{short(taken)} s, {short(size / taken)} MB/s" for taken in (own, theirs)]
    print_line(name, seconds[0], f"PyTorch script {seconds[1]}", theirs / own, "")


def _write(path: Path, megabytes: float) -> float:
    """Make a long CSV; its size in MB."""
    run("-m", "bench.long_csv", "write", path, str(megabytes))
    return path.stat().st_size / 1e6
