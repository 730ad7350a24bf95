"""Codes of the activation functions of gates and of states; `compiled.activations` says what they are."""

SIGMOID, HARD_SIGMOID = 0, 1
TANH, SOFTSIGN, RELU = 0, 1, 2
