"""Pipes that are still being written, and signals, while a command runs."""

import os
import signal
import sys
import time

import pytest

ENDLESS = "lstmcli train learn.yaml --MaxEpochs 1000000 --VerboseFrequency 1000000"


def send(process, text):
    process.stdin.write(text.encode())
    process.stdin.flush()


def read_lines(stream, count):
    return [stream.readline().decode().rstrip("\n") for _ in range(count)]


def rest(process):
    """What is printed from now on, and the exit code."""
    out, err = process.communicate(timeout=60)
    return out.decode(), err.decode(), process.returncode


def test_rows_leave_as_soon_as_their_sequence_is_done(start):
    process = start("lstmcli predict sides.h5 - --MaskPadding true")
    send(process, "sequence,time,x\na,1,1\na,2,-1\nb,1,1\nb,2,")
    rows = ["sequence,time,label,left,right", "a,1,right,0,1", "a,2,left,1,0"]
    assert read_lines(process.stdout, 3) == rows
    send(process, "-1\nc,1,-1\n")
    assert read_lines(process.stdout, 2) == ["b,1,right,0,1", "b,2,left,1,0"]
    assert rest(process) == ("c,1,left,1,0\n", "", 0)


def test_rows_leave_as_soon_as_their_mini_batch_is_full(start):
    process = start("lstmcli classify sides.h5 --MiniBatchSize 2")
    send(process, "sequence,time,x\na,1,1\nb,1,-1\nc,1,1\n")
    assert read_lines(process.stdout, 3) == ["sequence,time,label", "a,1,right", "b,1,left"]
    assert rest(process) == ("c,1,right\n", "", 0)


def test_what_is_known_before_a_fault_has_left_already(start):
    process = start("lstmcli predict sides.h5 - --MaskPadding true")
    send(process, "sequence,time,x\na,1,1\nb,1,1\n")
    assert read_lines(process.stdout, 2) == ["sequence,time,label,left,right", "a,1,right,0,1"]
    send(process, "b,2,?\n")
    message = (
        "error: the value is missing (`?`)\n --> stdin: row 4, column 3 (`x`)\n"
        "help: fill it in or leave its row out first, as `interpolate` and `dropna` of pandas do\n"
    )
    assert rest(process) == ("", message, 4)


@pytest.mark.parametrize(("number", "said", "code"), [(signal.SIGINT, "\n", 130), (signal.SIGTERM, "", -15)])
def test_prediction_ends_at_once(start, number, said, code):
    process = start("lstmcli predict sides.h5 - --MaskPadding true")
    send(process, "sequence,time,x\na,1,1\nb,1,1\n")
    assert len(read_lines(process.stdout, 2)) == 2
    process.send_signal(number)
    assert rest(process) == ("", said, code)


def test_an_interrupt_that_a_script_has_its_job_ignore_is_ignored(start):
    process = start(f"trap '' INT; exec {ENDLESS}")
    read_lines(process.stderr, 8)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    out, err, code = rest(process)
    assert err.startswith("SIGTERM: stopping after this iteration, then saving\n|")
    assert (out, code) == ("", 143)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe")
def test_an_interrupt_before_training_says_that_nothing_is_saved(start, folder):
    os.mkfifo(folder / "live.csv")
    process = start(f"{ENDLESS} --train live.csv -o new.h5")
    with open(folder / "live.csv", "w") as writing:
        writing.write("sequence,time,x\na,1,1\nb,1,1\n")
        writing.flush()
        process.send_signal(signal.SIGINT)
        process.wait()
    out, err, code = rest(process)
    assert (out, err.strip(), code) == ("", "stopped before the first iteration: nothing is saved", 130)
    assert not (folder / "new.h5").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_training_is_stored_before_it_ends(start, number, code):
    process = start(ENDLESS)
    assert "       1 |           1 |" in read_lines(process.stderr, 8)[7]
    process.send_signal(number)
    process.send_signal(number)
    out, err, returned = rest(process)
    assert (out, returned) == ("", code)
    first, *lines = err.splitlines()
    assert first == f"{number.name}: stopping after this iteration, then saving"
    if lines[0].startswith("SIG"):
        assert lines.pop(0) == f"{number.name}: already stopping; the network will be saved"
    last_row, *end = lines
    assert last_row.startswith("|")
    rule, kept = "|" + "=" * 88 + "|", "the model that was there is kept as learn.previous.h5"
    assert end == [rule, "Training finished: Stopped manually.", kept, "saved learn.h5"]
    out, err, returned = rest(start("lstmcli classify learn.h5 animals.csv"))
    assert (len(out.splitlines()), err, returned) == (6, "", 0)


def test_a_stopped_run_whose_folder_is_gone_is_stored_elsewhere(start, folder):
    (folder / "out").mkdir()
    process = start(f"{ENDLESS} -o out/m.h5 --quiet --CheckpointPath out --CheckpointFrequencyUnit iteration")
    while not any((folder / "out").glob("*.h5")):
        time.sleep(0.01)
    (folder / "out").rename(folder / "moved")
    process.send_signal(signal.SIGTERM)
    out, err, returned = rest(process)
    *warnings, error, help = err.splitlines()
    assert all(line.startswith("warning: no checkpoint at iteration ") for line in warnings)
    assert error == "error: cannot write `out/m.h5`: there is no folder `out`"
    assert help == "help: the network is saved as `m.h5` instead"
    assert (out, returned) == ("", 5)
    assert (folder / "m.h5").is_file()
