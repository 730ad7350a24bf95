"""Room 3: one layer, one file; this list names them all, in the order of the README's table."""

from lstmcli.layers.bilstm import Bilstm
from lstmcli.layers.classification_output import ClassificationOutput
from lstmcli.layers.dropout import Dropout
from lstmcli.layers.fully_connected import FullyConnected
from lstmcli.layers.layer import Layer
from lstmcli.layers.lstm import Lstm
from lstmcli.layers.regression_output import RegressionOutput
from lstmcli.layers.sequence_folding import SequenceFolding
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.layers.sequence_unfolding import SequenceUnfolding
from lstmcli.layers.softmax import Softmax

LAYERS: tuple[type[Layer], ...] = (
    SequenceInput,
    Lstm,
    Bilstm,
    FullyConnected,
    Dropout,
    SequenceFolding,
    SequenceUnfolding,
    Softmax,
    ClassificationOutput,
    RegressionOutput,
)
