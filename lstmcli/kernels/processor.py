"""What the processor can do: how wide its vectors are, and how many of them it holds."""

import os

import llvmlite.binding

WIDTHS = {"portable": 0, "128": 16, "256": 32, "512": 64}
"""What LSTMCLI_VECTOR_BITS can say -> bytes of a vector."""


def _width() -> int:
    features = llvmlite.binding.get_host_cpu_features()
    own = 64 if features.get("avx512f") else 32 if features.get("avx2") and features.get("fma") else 16
    return WIDTHS.get(os.environ.get("LSTMCLI_VECTOR_BITS", ""), own)


WIDTH = _width()
"""Bytes of a vector; 0 where kernels are to do without."""
_ARM = llvmlite.binding.get_default_triple().startswith(("aarch64", "arm64"))
REGISTERS = 32 if WIDTH == 64 or _ARM else 16
"""Vectors that the processor holds."""
ROWS = 12 if WIDTH and REGISTERS == 32 else 6
"""Rows of a tile: their sums, two vectors each, fill the registers beside two of the panel and one of the
matrix; without vectors, enough to make use of each number of the panel once it is loaded.
"""
