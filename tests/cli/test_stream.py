"""Rows one by one through pipes: each answered before the next one comes."""

import signal
import time

import pytest

from lstmcli.modelfile.states import read_states

HEADER = "sequence,weight,height"
AFTER = {1: "1.3333334", 2: "1.5", 3: "1.6", 4: "1.6666667"}
"""What growth answers after so many steps of x = 1: 1 + n/(2+n)."""


def send(process, text):
    process.stdin.write(text.encode())
    process.stdin.flush()


def answer(process):
    return process.stdout.readline().decode().rstrip("\n")


@pytest.fixture
def stream(start):
    """A stream that has answered its first row."""

    def begin(flags=""):
        process = start(f"lstmcli predict growth.h5 - --stream {flags}")
        send(process, "sequence,x\na,1\n")
        assert [answer(process), answer(process)] == [HEADER, f"a,{AFTER[1]},0.1"]
        return process

    return begin


def test_each_row_is_answered_at_once(stream):
    process = stream()
    for name, count in (("a", 2), ("b", 1), ("a", 3), ("b", 2), ("a", 4)):
        send(process, f"{name},1\n")
        assert answer(process) == f"{name},{AFTER[count]},0.1"
    # A row whose end is not there yet waits for it.
    send(process, "b,")
    send(process, "1\nb,1")
    assert answer(process) == f"b,{AFTER[3]},0.1"
    out, err = process.communicate(timeout=60)
    assert (out.decode(), err.decode(), process.returncode) == (f"b,{AFTER[4]},0.1\n", "", 0)


def test_a_sequence_without_rows_is_forgotten(stream):
    process = stream("--forget-after 2")
    send(process, "b,1\n")
    assert answer(process) == f"b,{AFTER[1]},0.1"
    for _ in range(4):
        time.sleep(0.6)
        send(process, "b,1\n")
        last = answer(process)
    assert last == "b,1.7142857,0.1"
    send(process, "a,1\n")
    assert answer(process) == f"a,{AFTER[1]},0.1"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_keeps_the_states(stream, shell, folder, number, code):
    process = stream("--state s.h5 --update-state")
    send(process, "a,1\n")
    assert answer(process) == f"a,{AFTER[2]},0.1"
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (out, err, process.returncode) == (b"", b"", code)
    (folder / "more.csv").write_text("sequence,x\na,1\n")
    again = shell.run("lstmcli predict growth.h5 more.csv --state s.h5", folder)
    assert again.stdout == f"{HEADER}\na,{AFTER[3]},0.1\n"


def begin_two(shell, folder, count, others=0):
    """Have states of `a` and `b` after one step in `s.h5`; the command for many more rows of `a`."""
    command = "lstmcli predict growth.h5 rows.csv --stream --state s.h5 --update-state"
    (folder / "rows.csv").write_text("sequence,x\na,1\nb,1\n")
    assert shell.run(command, folder).returncode == 0
    more = "".join(f"other {k},1\n" for k in range(others))
    (folder / "rows.csv").write_text("sequence,x\n" + count * "a,1\n" + more)
    return command


@pytest.fixture
def full_pipe(start, shell, folder):
    """A stream that is to end while nobody takes its answers; `a` and `b` had taken one step before."""
    process = start(f"exec {begin_two(shell, folder, 5000, others=20_000)}")
    assert [answer(process), answer(process)] == [HEADER, f"a,{AFTER[2]},0.1"]
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    return process


def states_of_two(shell, folder):
    """How many steps `a` and `b` have taken."""
    (folder / "more.csv").write_text("sequence,x\na,1\nb,1\n")
    again = shell.run("lstmcli predict growth.h5 more.csv --state s.h5", folder)
    steps = {f"{name},{weight},0.1": (name, count - 1) for name in "ab" for count, weight in AFTER.items()}
    found = dict(steps[line] for line in again.stdout.split()[1:])
    return [found["a"], found["b"]]


def test_a_second_signal_gives_up_a_reader_that_sleeps(start, shell, folder):
    """The states are those before the rows whose answers nobody took."""
    begun = begin_two(shell, folder, 100_000)
    process = start(f"exec {begun}")
    assert [answer(process), answer(process)] == [HEADER, f"a,{AFTER[2]},0.1"]
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 143
    assert states_of_two(shell, folder) == [1, 1]


@pytest.mark.parametrize("later", [0, 0.002, 0.005])
def test_a_third_signal_does_not_stop_what_the_second_began(full_pipe, shell, folder, later):
    full_pipe.send_signal(signal.SIGINT)
    for _ in range(3):
        time.sleep(later)
        full_pipe.send_signal(signal.SIGTERM)
    # The last ones may come when all is done and the process about to go.
    assert full_pipe.wait(30) in (143, -signal.SIGTERM)
    assert full_pipe.stderr.read() == b""
    assert states_of_two(shell, folder) == [1, 1]
    assert len(read_states(folder / "s.h5").names) == 2


@pytest.mark.parametrize("later", [0, 0.002, 0.005])
def test_a_signal_does_not_stop_what_a_reader_that_went_began(full_pipe, shell, folder, later):
    full_pipe.stdout.close()
    time.sleep(later)
    full_pipe.send_signal(signal.SIGTERM)
    # Who finds that nobody reads any more ends as if all was well.
    assert full_pipe.wait(30) in (0, 143, -signal.SIGTERM)
    assert states_of_two(shell, folder) == [1, 1]
    assert len(read_states(folder / "s.h5").names) == 2


def test_what_is_forgotten_stays_so_when_no_row_comes(start, shell, folder):
    begin_two(shell, folder, 0)
    process = start("lstmcli predict growth.h5 - --stream --state s.h5 --update-state --reset-state")
    send(process, "sequence,x\n")
    assert answer(process) == HEADER
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143
    assert read_states(folder / "s.h5").names == ()


def test_a_header_is_answered_before_any_row(start, shell, folder):
    process = start("lstmcli predict growth.h5 - --stream --skip-bad-rows")
    send(process, "x;sequence\n")
    assert answer(process) == HEADER
    send(process, "1;a\n")
    assert answer(process) == f"a,{AFTER[1]},0.1"
    process = start("lstmcli predict growth.h5 - --stream --skip-bad-rows")
    send(process, "# a log\n")
    assert process.wait(60) == 4
    assert process.stdout.read() == b""
    assert process.stderr.read().startswith(b"error: there is no column `x`")


@pytest.mark.parametrize("more", ["--reset-state", "-"])
def test_a_stream_that_never_begins_leaves_the_states(shell, folder, more):
    begin_two(shell, folder, 0)
    before = (folder / "s.h5").read_bytes()
    flags = f"--stream --state s.h5 --update-state {more}"
    assert shell.run(f"lstmcli predict growth.h5 no_such.csv {flags} < /dev/null", folder).returncode == 4
    assert (folder / "s.h5").read_bytes() == before
    assert shell.run(
        f"lstmcli predict growth.h5 no_such.csv {flags.replace('s.h5', 'new.h5')}", folder
    ).returncode
    assert not (folder / "new.h5").exists()


def test_answers_that_cannot_be_written_are_not_in_the_states(shell, folder):
    (folder / "rows.csv").write_text("sequence,x\na,1\n")
    command = "lstmcli predict growth.h5 rows.csv --stream --state s.h5 --update-state"
    assert shell.run(command, folder).stdout == f"{HEADER}\na,{AFTER[1]},0.1\n"
    assert shell.run(f"{command} > /dev/full", folder).returncode == 5
    assert shell.run(command, folder).stdout == f"{HEADER}\na,{AFTER[2]},0.1\n"


def test_sequences_that_were_idle_at_the_end_are_not_kept(stream, shell, folder):
    (folder / "one.csv").write_text("sequence,x\nold,1\n")
    shell.run("lstmcli predict growth.h5 one.csv --state s.h5 --update-state", folder)
    process = stream("--state s.h5 --update-state --forget-after 2")
    time.sleep(2.5)
    send(process, "b,1\n")
    assert answer(process) == f"b,{AFTER[1]},0.1"
    process.communicate(timeout=60)
    (folder / "all.csv").write_text("sequence,x\nold,1\na,1\nb,1\n")
    again = shell.run("lstmcli predict growth.h5 all.csv --state s.h5", folder)
    assert again.stdout.split()[1:] == [f"{n},{AFTER[k]},0.1" for n, k in (("old", 1), ("a", 1), ("b", 2))]


def test_an_interrupt_that_is_ignored_stays_ignored(start):
    process = start("trap '' INT; exec lstmcli predict growth.h5 - --stream")
    send(process, "sequence,x\na,1\n")
    assert [answer(process), answer(process)] == [HEADER, f"a,{AFTER[1]},0.1"]
    process.send_signal(signal.SIGINT)
    send(process, "a,1\n")
    assert answer(process) == f"a,{AFTER[2]},0.1"
    assert process.communicate(timeout=60)[1] == b""


def test_without_a_buffer_nothing_is_cut_off(shell, folder):
    """A pipe takes less at once than there is."""
    (folder / "rows.csv").write_text("sequence,x\n" + 30_000 * "a,1\n")
    slow = "(sleep 1; cat) | wc -l"
    done = shell.run(f"PYTHONUNBUFFERED=1 lstmcli predict growth.h5 rows.csv --stream | {slow}", folder)
    assert done.stdout.strip() == "30001"


def test_when_the_reader_is_gone_the_states_are_kept(shell, folder):
    command = begin_two(shell, folder, 100_000)
    done = shell.run(f"{command} | head -n 1", folder)
    assert (done.stdout, done.stderr, done.returncode) == (HEADER + "\n", "", 0)
    assert states_of_two(shell, folder) == [1, 1]


def test_ten_thousand_sequences_in_turns(shell, folder):
    """Each goes on where it was, whatever came between."""
    names = [f"id {k}" for k in range(10_000)]
    rows = "".join(f"{name},1\n" for _ in range(3) for name in names)
    (folder / "rows.csv").write_text("sequence,x\n" + rows)
    flags = "--stream --state s.h5 --update-state"
    done = shell.run(f"lstmcli predict growth.h5 rows.csv {flags}", folder)
    assert done.returncode == 0, done.stderr
    wanted = [f"{name},{AFTER[count]},0.1" for count in (1, 2, 3) for name in names]
    assert done.stdout.splitlines() == [HEADER, *wanted]
    (folder / "one.csv").write_text("sequence,x\nid 7777,1\nnew,1\n")
    again = shell.run("lstmcli predict growth.h5 one.csv --state s.h5", folder)
    assert again.stdout == f"{HEADER}\nid 7777,{AFTER[4]},0.1\nnew,{AFTER[1]},0.1\n"
