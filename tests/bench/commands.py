"""The rows of whole processes: training, start-up, first run, memory."""

from functools import partial
from pathlib import Path

from bench.lines import print_line, short
from bench.processes import ROOT, TESTS, lstmcli, medians, run

VOWELS = ROOT / "datasets" / "japanese_vowels"
SPEC = ROOT / "layer_specs" / "japanese_vowels_lstm.yaml"


def trained_model(folder: Path) -> Path:
    """A network for 12 channels and 9 classes in this folder. Afterwards all kernels are in the cache."""
    model = folder / "model.h5"
    if not model.exists():
        lstmcli("train", SPEC, "-o", model, "--MaxEpochs", "1")
    return model


def print_vowels(folder: Path) -> None:
    """Training as in the spec, 100 epochs and the accuracy on the test set."""
    trained_model(folder)
    script = TESTS / "bench" / "plain_torch_train.py"
    own, theirs = medians(
        3, partial(lstmcli, "train", SPEC, "-o", folder / "vowels.h5"), partial(run, script, VOWELS)
    )
    _compare("lstmcli train, Japanese Vowels", own, "PyTorch script", theirs, ">= 3")


def print_start(folder: Path) -> None:
    """The answer to one short sequence, beside what every program that uses PyTorch begins with."""
    model, data = trained_model(folder), folder / "one.csv"
    header, *rows = (VOWELS / "test.csv").read_text().splitlines(keepends=True)
    first = rows[0].split(",")[0]
    data.write_text(header + "".join(row for row in rows if row.split(",")[0] == first))
    own, theirs = medians(7, partial(lstmcli, "predict", model, data), partial(run, "-c", "import torch"))
    _compare("lstmcli predict, one sequence", own, "import torch", theirs, ">= 2, <= 0.45 s")


def print_help(folder: Path) -> None:
    """What a user waits for who asks how it is used."""
    [own] = medians(7, partial(lstmcli, "--help"))
    print_line("lstmcli --help", f"{short(own)} s", "", None, "<= 0.12 s")


def print_compilation(folder: Path) -> None:
    """What the first run of `train` after an installation takes more than the second."""
    train = partial(lstmcli, "train", SPEC, "-o", folder / "first.h5", "--MaxEpochs", "1")
    cold, warm = (train(LSTMCLI_CACHE_DIR=str(folder / "cache")).seconds for _ in range(2))
    taken, later = f"{short(cold - warm)} s", f"later runs {short(warm)}"
    print_line("compilation for lstmcli train, first run", taken, later, None, "<= 10 s")


def print_memory(folder: Path) -> None:
    """The most that a process holds that makes three training steps."""
    for name in ("A", "D"):
        # The first run may have to compile, which takes memory too.
        run("-m", "bench.networks", name)
        own, theirs = (run("-m", f"bench.{module}", name).megabytes for module in ("networks", "peers"))
        peer = f"PyTorch {short(theirs)}"
        print_line(f"memory, three training steps at {name}", f"{short(own)} MB", peer, theirs / own, ">= 2")


def _compare(name: str, own: float, peer: str, theirs: float, goal: str) -> None:
    print_line(name, f"{short(own)} s", f"{peer} {short(theirs)}", theirs / own, goal)
