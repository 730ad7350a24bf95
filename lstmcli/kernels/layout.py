"""How kernels lay out weights and gates: in blocks of hidden units, their gates side by side in panels."""

BLOCK = 8
"""Hidden units whose gates share a panel; rows of a block are what vectors are made of."""
PANEL = 4 * BLOCK
"""Columns of a panel: one block of each of four gates, or any 32 columns of a matrix."""
HALF = PANEL // 2
"""Columns in whose multiples products are computed."""
DEPTH = 512
"""Terms of a long sum that are summed at a time, so that what is read again stays in a core's cache."""
GATES = PANEL // BLOCK
"""Gates of an LSTM, i f g o."""
CELL = 2 * BLOCK
"""Numbers in a row of an LSTM's cell: the state c of a block, then s(c)."""
PEEPHOLES = 3 * BLOCK
"""Numbers in a row of an LSTM's peephole weights: those of a block, of the gates i f o."""
UNITS = HALF
"""Hidden units of a block of a GRU: gates r and z share a panel, the candidate one with the next block's."""
TOGETHER = 128
"""Rows of gates that are computed before they are activated, so that they are still in the first cache."""
SIDE = 16
"""Partial sums of a long sum, side by side: as many as the widest vector has lanes."""
