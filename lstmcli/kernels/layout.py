"""How kernels lay out weights and gates: in blocks of hidden units, their gates side by side in panels."""

BLOCK = 8
"""Hidden units whose gates share a panel; rows of a block are what vectors are made of."""
PANEL = 4 * BLOCK
"""Columns of a panel: one block of each of four gates, or any 32 columns of a matrix."""
