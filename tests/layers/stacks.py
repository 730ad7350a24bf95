"""Networks of several layers and sequences of uneven lengths, to try padding on."""

import pytest
from layers.networks import answers, build, one_by_one, random_sequences, randomize

CHANNELS = 3
LENGTHS = (7, 1, 12, 12, 3, 8, 2, 9)
ZSCORE = "sequenceInput: {InputSize: 3, Normalization: zscore}"
ENDS = {
    "classification": "fullyConnected: 4, softmax, classification",
    "regression": "fullyConnected: 2, regression",
}
LSTM = {
    "lstm last": "lstm: {NumHiddenUnits: 18, OutputMode: last}",
    "lstm sequence": "lstm: 18",
    "deep lstm last": "lstm: 5, dropout: 0.5, lstm: 20, fullyConnected: 6, "
    "lstm: {NumHiddenUnits: 4, OutputMode: last}",
    "deep lstm sequence": "fullyConnected: 5, lstm: 5, softmax, lstm: {NumHiddenUnits: 17, "
    "StateActivationFunction: softsign, GateActivationFunction: hard-sigmoid}",
    "relu lstm": "lstm: {NumHiddenUnits: 6, StateActivationFunction: relu, OutputMode: last}",
    "no time": "fullyConnected: 70, softmax",
}
BILSTM = {
    "bilstm last": "bilstm: {NumHiddenUnits: 18, OutputMode: last}",
    "bilstm sequence": "bilstm: 18",
    "deep bilstm": "bilstm: 5, dropout, bilstm: {NumHiddenUnits: 17, OutputMode: last}",
    "bilstm and lstm": "lstm: 4, bilstm: 3, softmax, lstm: {NumHiddenUnits: 5, OutputMode: last}",
}
GRU = {
    "gru last": "gru: {NumHiddenUnits: 18, OutputMode: last}",
    "gru sequence": "gru: {NumHiddenUnits: 18, ResetGateMode: before-multiplication}",
    "gru and lstm": "gru: 5, dropout, lstm: 4, gru: {NumHiddenUnits: 17, OutputMode: last, "
    "ResetGateMode: recurrent-bias-after-multiplication}",
}
STACKS = {**LSTM, **BILSTM, **GRU}
every_stack = pytest.mark.parametrize("stack", STACKS)
every_end = pytest.mark.parametrize("end", ENDS)


def network_of(stack, end, **changes):
    return randomize(build(f"{ZSCORE}, {STACKS[stack]}, {ENDS[end]}", **changes))


def bits(arrays):
    return [array.tobytes() for array in arrays]


def uneven_sequences():
    """Standard normal sequences of LENGTHS."""
    return random_sequences(LENGTHS, CHANNELS)


def alone(network, sequences):
    """The answer to each sequence when it is all there is."""
    return bits(answer for one in one_by_one(sequences) for answer in answers(network, one))
