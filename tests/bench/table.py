"""Training steps and predictions of ours against PyTorch's, in one run: `cd tests && python -m bench.table`.

Names of shapes choose some. Needs the extra `bench`. Each figure is the median of calls that are made in
turns of some of ours and some of theirs; the first of a turn is not counted, as the other's threads may
still be looking for work.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from bench.networks import SHAPES, ours
from bench.peers import peer

from lstmcli import kernels
from lstmcli.kernels import jit
from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.product import product
from lstmcli.kernels.threads import divided, equal_shares
from lstmcli.kernels.vectors import ROWS

TURNS, SECONDS = 5, 4.0


@divided
@jit
def _products(a, panel, c, times, first, last):  # type: ignore[no-untyped-def]
    """The micro-kernel on what stays in the first cache: the most multiply-adds there can be."""
    for share in range(first, last):
        for _ in range(times):
            product(ROWS, a, 0, 64, 1, 1, 0, 64, panel, 0, 0, 1, c, share * ROWS * PANEL, PANEL, 0)


def peak(threads: int) -> float:
    """Billions of operations a second of the fused multiply-add."""
    a, panel = np.ones(ROWS * 64, np.float32), np.ones(64 * PANEL, np.float32)
    c, times = np.zeros(threads * ROWS * PANEL, np.float32), 20_000
    best = min(_time(lambda: _products((a, panel, c, times), equal_shares(threads))) for _ in range(5))
    return 2 * threads * times * ROWS * 64 * PANEL / best / 1e9


def medians(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of each, taken in turns."""
    for call in calls:
        call()
    once = max(_time(call) for call in calls)
    count = int(np.clip(SECONDS / TURNS / len(calls) / once, 2, 60))
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(TURNS):
        for call, found in zip(calls, times, strict=True):
            call()
            found.extend(_time(call) for _ in range(count))
    return [1e3 * float(np.median(found)) for found in times]


def _time(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def main() -> None:
    """Print the table."""
    threads = kernels.set_threads(len(os.sched_getaffinity(0)))
    torch.set_num_threads(threads)
    names = [name for name in sys.argv[1:] if name in {shape.name for shape in SHAPES}]
    print(
        f"peak of {threads} threads: {peak(threads):.0f} GFLOP/s; milliseconds, PyTorch {torch.__version__}"
    )
    print("shape   B    T   C    H   train  PyTorch  ratio   predict  PyTorch  ratio")
    ratios = []
    for shape in (shape for shape in SHAPES if not names or shape.name in names):
        own = ours(shape)
        step, predict = peer(shape, own.data)
        train, their_train = medians([own.step, step])
        answer, their_answer = medians([own.predict, predict])
        ratios.append((their_train / train, their_answer / answer))
        sizes = f"{shape.name:5s}{shape.B:4d} {shape.T:4d} {shape.C:3d} {shape.H:4d}"
        left = f"{train:7.2f} {their_train:8.2f} {ratios[-1][0]:6.2f}"
        print(f"{sizes} {left}   {answer:7.2f} {their_answer:8.2f} {ratios[-1][1]:6.2f}", flush=True)
    means = np.exp(np.log(ratios).mean(axis=0))
    print(f"geometric means of the ratios: training {means[0]:.2f}, prediction {means[1]:.2f}")


if __name__ == "__main__":
    main()
