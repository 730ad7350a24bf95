"""SIGINT and SIGTERM: the iteration is finished, the network saved, and a further signal does no harm."""

import re
import signal
import sys

import numpy as np
import pytest
from training.commands import program_running, rows_of, write_spec

from lstmcli.cli.displays import Bar, Lines
from lstmcli.cli.stopping import Stopper
from lstmcli.cli.training_table import TrainingTable
from lstmcli.modelfile import read_model
from lstmcli.network_file import read_network

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to a process")

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
LONG = {"MaxEpochs": 10_000_000, "MiniBatchSize": 2, "VerboseFrequency": 1_000_000}

SIGNALS_WHILE_SAVING = """
import os, signal
fsync = os.fsync
def signalled(descriptor):
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
    fsync(descriptor)
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
os.fsync = signalled
"""


def stop_training(process, number):
    """Send the signal once a row of the table is there; what was printed."""
    printed = ""
    for line in process.stderr:
        printed += line
        if line.startswith("|       1 |"):
            break
    process.send_signal(number)
    out, err = process.communicate()
    assert out == ""
    # Answers to signals stand wherever these came.
    return re.sub(r"^SIG(INT|TERM): .*\n", "", printed + err, flags=re.MULTILINE)


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("code", [None, SIGNALS_WHILE_SAVING], ids=["once", "again while saving"])
def test_a_stopped_run_is_saved(tmp_path, number, code):
    spec = write_spec(tmp_path, **LONG)
    with program_running("train", spec, "-o", tmp_path / "model.h5", code=code) as process:
        printed = stop_training(process, number)
    assert process.returncode == CODES[number], printed
    assert printed.endswith(f"=|\nTraining finished: Stopped manually.\nsaved {tmp_path / 'model.h5'}\n")
    assert "Traceback" not in printed
    losses = read_model(tmp_path / "model.h5").training_info["TrainingLoss"]
    # The last row is that of the iteration that was finished, and of the network that was saved.
    assert rows_of(printed) == sorted({1, len(losses)})
    assert np.isfinite(losses).all()
    read_network(tmp_path / "model.h5")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "model.h5",
        "spec.yaml",
        "train.csv",
        "valid.csv",
    ]


def test_a_stopped_run_keeps_the_model_that_it_would_replace(tmp_path):
    spec, model = write_spec(tmp_path, **LONG), tmp_path / "model.h5"
    with program_running("assemble", spec, "-o", model) as process:
        assert process.wait() == 0
    before = model.read_bytes()
    with program_running("train", spec, "-o", model) as process:
        printed = stop_training(process, signal.SIGTERM)
    kept = tmp_path / "model.previous.h5"
    assert printed.endswith(f"the model that was there is kept as {kept}\nsaved {model}\n")
    assert kept.read_bytes() == before
    assert len(read_model(model).training_info["TrainingLoss"]) > 0
    stopped = model.read_bytes()
    with program_running("train", spec, "-o", model) as process:
        printed = stop_training(process, signal.SIGTERM)
    second = tmp_path / "model.previous-2.h5"
    assert f"the model that was there is kept as {second}\n" in printed
    assert (kept.read_bytes(), second.read_bytes()) == (before, stopped)


def test_a_stopped_run_gives_its_best_network(program, monkeypatch, tmp_path):
    spec = write_spec(tmp_path, validation=True, MiniBatchSize=2, InitialLearnRate=0.3, ValidationFrequency=1)
    assert program("train", spec, "-o", "three_epochs.h5", "--MaxEpochs", 3)[0] == 0
    show = TrainingTable.show

    def show_and_signal(self, step, last):
        show(self, step, last)
        if step.iteration == 11:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(TrainingTable, "show", show_and_signal)
    code, _, err = program("train", spec, "-o", "model.h5", "--MaxEpochs", 1000)
    assert code == 130
    assert rows_of(err) == list(range(1, 13))
    stopped, whole = read_model("model.h5"), read_model("three_epochs.h5")
    assert np.argmin(stopped.training_info["ValidationLoss"]) < 11
    for name, array in stopped.weights["lstm"].items():
        assert array.tobytes() == whole.weights["lstm"][name].tobytes()


def test_signals_are_noted_inside_and_obeyed_outside():
    before = {number: signal.getsignal(number) for number in CODES}
    for first, second in (tuple(CODES), tuple(reversed(CODES))):
        with Stopper(Lines().answer) as stopper:
            assert stopper.code == 0
            signal.raise_signal(first)
            assert stopper.code == CODES[first]
            signal.raise_signal(second)
            assert stopper.code == CODES[first]
        assert {number: signal.getsignal(number) for number in CODES} == before


def test_an_interrupt_that_is_ignored_from_the_start_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Stopper(Lines().answer) as stopper:
        signal.raise_signal(signal.SIGINT)
        assert stopper.code == 0
        signal.raise_signal(signal.SIGTERM)
        assert stopper.code == 143
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN


@pytest.mark.parametrize("bar", [False, True])
def test_signals_are_answered_at_once(capfd, bar):
    with Stopper((Bar() if bar else Lines()).answer):
        signal.raise_signal(signal.SIGTERM)
        first = capfd.readouterr().err
        signal.raise_signal(signal.SIGINT)
        second = capfd.readouterr().err
    erased = "\r\x1b[2K" if bar else ""
    assert first == f"{erased}SIGTERM: stopping after this iteration, then saving\n"
    assert second == f"{erased}SIGINT: already stopping; the network will be saved\n"


def test_signals_are_not_answered_where_quiet_is_wanted(capfd):
    with Stopper(Lines(quiet=True).answer) as stopper:
        signal.raise_signal(signal.SIGTERM)
    assert (stopper.code, capfd.readouterr().err) == (143, "")
