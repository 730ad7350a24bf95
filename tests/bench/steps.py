"""The rows that are measured inside one process: training steps and predictions of one mini-batch.

Each figure is the median of calls that are made in turns of some of ours and some of each peer's. A turn
begins with a pause and with calls that are not counted: the others' threads may still be looking for work,
and its own are asleep.
"""

import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import onnxruntime
import torch
from bench.lines import print_heading, print_line, short
from bench.networks import ours
from bench.onnx_peer import onnx_peer
from bench.peak import peak
from bench.peers import peer
from bench.shapes import GRU, LSTM, OTHERS, SHAPES, Shape, processors, random_observations, shape_of

from lstmcli.carried_states import CarriedStates
from lstmcli.continuation import Continuation
from lstmcli.options import TrainingOptions
from lstmcli.records import Sequences
from lstmcli.thread_count import set_threads

TURNS, SECONDS = 5, 4.0
PAUSE, WARMING = 0.05, 0.02
STREAMED = 10_000
Call = Callable[[], object]


def medians(*calls: Call) -> list[float]:
    """Milliseconds of each, taken in turns."""
    for call in calls:
        call()
    once = max(_time(call) for call in calls)
    count = min(max(int(SECONDS / TURNS / len(calls) / once), 2), 60)
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(TURNS):
        for call, found in zip(calls, times, strict=True):
            time.sleep(PAUSE)
            begun = time.perf_counter()
            call()
            while time.perf_counter() - begun < WARMING:
                call()
            found.extend(_time(call) for _ in range(count))
    return [1e3 * statistics.median(found) for found in times]


def _time(call: Call) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def print_training(shapes: Sequence[Shape]) -> None:
    """A whole training step: mini-batch, forward, loss, backward, L2, clipping, Adam."""
    for group, goal, mean_goal in (
        (LSTM, ">= 1.7", ">= 2.5"),
        (GRU, ">= 1.7", ">= 2.5"),
        (OTHERS, ">= 1", ""),
    ):
        ratios = []
        for shape in (shape for shape in group if shape in shapes):
            observations = random_observations(shape)
            own, theirs = medians(ours(shape, observations).step, peer(shape, observations)[0])
            ratios.append(theirs / own)
            own_goal = ">= 3" if shape.name == "V" else goal
            print_line(f"train {shape}", f"{short(own)} ms", f"PyTorch {short(theirs)}", ratios[-1], own_goal)
        if ratios:
            print_line("train, geometric mean", "", "", statistics.geometric_mean(ratios), mean_goal)


def print_prediction(shapes: Sequence[Shape], threads: int) -> None:
    """The answers to one mini-batch, against the faster of the peers."""
    ratios = []
    for shape in (shape for shape in shapes if shape in (*LSTM, *GRU)):
        observations = random_observations(shape)
        network, _, predict = ours(shape, observations)
        onnx = onnx_peer(shape, observations, network, threads)
        own, pytorch, runtime = medians(predict, peer(shape, observations)[1], onnx)
        ratios.append(min(pytorch, runtime) / own)
        peers = f"PyTorch {short(pytorch)}, ONNX Runtime {short(runtime)}"
        print_line(f"predict {shape}", f"{short(own)} ms", peers, ratios[-1], ">= 1.1")
    if ratios:
        print_line("predict, geometric mean", "", "", statistics.geometric_mean(ratios), ">= 1.5")


def print_share(peak_gflops: float, threads: int) -> None:
    """What the products of a training step at D come to, of what the machine can do; the head's left out."""
    shape = shape_of("D")
    [own] = medians(ours(shape, random_observations(shape)).step)
    B, T, C, H = shape.B, shape.T, shape.C, shape.H
    # Forward, backward to h, gradient of weights and bias.
    operations = 2 * B * T * 4 * H * ((C + 1 + H) + H + (C + 1 + H))
    gflops = operations / own / 1e6
    # The machine may have been slower when the table was begun.
    most = max(peak_gflops, peak(threads))
    name, share = "train D, share of the FMA peak", f"{100 * gflops / most:.0f} %"
    print_line(name, share, f"{gflops:.0f} of {most:.0f} GFLOP/s", None, ">= 80 %")


def print_threads() -> None:
    """Training at A on two threads and on one, as many as there are of them."""
    shape = shape_of("A")
    step = ours(shape, random_observations(shape)).step

    def on(threads: int) -> Call:
        def call() -> None:
            set_threads(threads)
            step()

        return call

    two, one = medians(on(2), on(1))
    own, other = f"{short(two)} ms", f"one thread {short(one)}"
    print_line("train A, two threads against one", own, other, one / two, ">= 1.85")


def print_one_step() -> None:
    """One step of one sequence with 200 hidden units, its state by its name, a number out."""
    shape = shape_of("L")
    observations = random_observations(shape)
    network = ours(shape, observations).network
    continuation = Continuation(network, TrainingOptions(), CarriedStates(network))
    rows = itertools.cycle(
        Sequences(row[None], np.array([0, 1]), ("1",)) for row in observations.values[:STREAMED]
    )
    times = [_time(lambda: continuation.answer_steps(next(rows))) for _ in range(STREAMED)]
    own = f"{1e6 * statistics.median(times):.1f} us"
    print_line("one step at H = 200, state by name", own, "", None, "")


def main() -> None:
    """Print the machine's peak, the heading, and the rows that are named, of the shapes that are."""
    threads = set_threads(processors())
    torch.set_num_threads(threads)
    # What others do on the machine while the table is made spoils it, theirs and ours alike.
    load, peak_gflops = os.getloadavg()[0], peak(threads)
    versions = f"PyTorch {torch.__version__}, ONNX Runtime {onnxruntime.__version__}"
    print(f"FMA peak of {threads} threads: {peak_gflops:.0f} GFLOP/s; load {load:.1f}; {versions}")
    print_heading()
    shapes = [shape for shape in SHAPES if shape.name in sys.argv[1:]]
    if "train" in sys.argv[1:]:
        print_training(shapes)
    if "predict" in sys.argv[1:]:
        print_prediction(shapes, threads)
    if "share" in sys.argv[1:]:
        print_share(peak_gflops, threads)
    if "threads" in sys.argv[1:]:
        print_threads()
    if "step" in sys.argv[1:]:
        print_one_step()


if __name__ == "__main__":
    main()
