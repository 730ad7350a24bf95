"""The most multiply-adds that the machine's threads can do."""

import time

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.processor import ROWS
from lstmcli.kernels.threads import equal_shares, run

DEPTH, TIMES, TRIALS = 64, 20_000, 25
PRODUCTS = Kernel("peak", "products", "bench")


@jit
def products(a, panel, c, times, first, last):  # type: ignore[no-untyped-def]
    """The micro-kernel on what stays in the first cache."""
    for share in range(first, last):
        for _ in range(times):
            place = Place(c, share * ROWS * PANEL, PANEL, 0, False)
            product(ROWS, Factor(a, 0, DEPTH, 1, 1, 0, DEPTH), Panels(panel, 0, 0, PANEL, 0, PANEL), place)


def peak(threads: int) -> float:
    """Billions of operations a second of the fused multiply-add, the best of some trials."""
    a, panel = np.ones(ROWS * DEPTH, np.float32), np.ones(DEPTH * PANEL, np.float32)
    c = np.zeros(threads * ROWS * PANEL, np.float32)
    best = float("inf")
    for _ in range(TRIALS):
        begun = time.perf_counter()
        run(PRODUCTS, (a, panel, c, TIMES), equal_shares(threads))
        best = min(best, time.perf_counter() - begun)
    operations: int = 2 * threads * TIMES * ROWS * DEPTH * PANEL
    return operations / best / 1e9
