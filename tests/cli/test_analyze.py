"""The table of layers at a terminal, which is as wide as it is, and through a pipe."""

from xml.etree import ElementTree

import pytest

NARROW = """\
   Name                     Activations  Learnables
   Type                                  States
   Description
-  -----------------------  -----------  --------------------
1  sequenceinput            2(C) x 1(B)
   Sequence Input            x 1(T)
   Sequence input with 2
    dimensions
2  lstm                     1(C) x 1(B)  InputWeights 4x2
   LSTM                                  RecurrentWeights 4x1
   LSTM with 1 hidden unit               Bias 4x1
                                         HiddenState 1x1
                                         CellState 1x1
3  fc                       2(C) x 1(B)  Weights 2x1
   Fully Connected                       Bias 2x1
   2 fully connected layer
4  softmax                  2(C) x 1(B)
   Softmax
5  classoutput              2(C) x 1(B)
   Classification Output
   crossentropyex

Layers: 5
Total learnables: 20
Total states: 2
"""


@pytest.fixture
def shown(at_terminal):
    """What a command writes to a terminal that is so many columns wide."""

    def run(command, columns):
        _, written, _ = at_terminal(command, columns, results=True)
        return written.replace("\r\n", "\n")

    return run


def test_the_table_is_as_wide_as_the_terminal(shown):
    assert shown("lstmcli analyze learn.yaml", 64) == NARROW


def test_the_table_fits_a_usual_terminal(shown):
    lines = shown("lstmcli analyze learn.yaml", 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[8].split() == ["LSTM", "RecurrentWeights", "4x1"]


def test_a_wide_terminal_shows_what_a_pipe_takes(shown, shell, folder):
    command = "lstmcli analyze learn.yaml"
    assert shown(command, 200) == shell.run(command, folder).stdout


def test_columns_are_what_the_variable_says(shown, shell, folder):
    command = "lstmcli analyze learn.yaml"
    assert shell.run(f"COLUMNS=64 {command}", folder).stdout == NARROW
    assert shown(f"COLUMNS=64 {command}", 200) == NARROW
    for nonsense in ("0", "-64", "64.5", "wide", "''"):
        assert shown(f"COLUMNS={nonsense} {command}", 64) == NARROW
    assert shell.run(f"COLUMNS=0 {command}", folder).stdout == shell.run(command, folder).stdout


def test_a_drawing_is_a_file_of_its_own(shell, folder):
    done = shell.run("lstmcli analyze animals.h5 --format svg > net.svg", folder)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    assert ElementTree.parse(folder / "net.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
