"""The same kernels in vectors of every width, and without vectors: the same results."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import lstmcli
from lstmcli.kernels.processor import WIDTHS

PROGRAM = """
import sys
import numpy as np
from lstmcli.kernels.lstm import lstm_backward, lstm_forward
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.processor import WIDTH
from lstmcli.kernels.compiled.rows import copy_transposed

results = [np.array(WIDTH)]
for kind in (np.float32, np.float64):
    for (T, B, C, H, D), states in (((4, 14, 3, 21, 2), (0, 1, 2)), ((3, 1, 2, 40, 1), (0,))):
        rng = np.random.default_rng(T)
        shapes = (T, B, C), (4 * D * H, C), (4 * D * H, H), (4 * D * H,), (B, D * H), (B, D * H)
        arrays = [rng.normal(size=shape).astype(kind) for shape in shapes]
        dh, dhT, dcT = (rng.normal(size=shape).astype(kind) for shape in ((T, B, D * H), *shapes[-2:]))
        start, stop = np.zeros(B, np.int32), rng.integers(1, T + 1, B).astype(np.int32)
        for state in states:
            memory = Memory()
            settings = (start, stop, state % 2, state, True, True, memory)
            *outputs, saved = lstm_forward(*arrays, *settings)
            results += [a.copy() for a in outputs]
            results += [a.copy() for a in lstm_backward(saved, dh, dhT, dcT, True, True, memory)]
    matrix, transposed = rng.normal(size=17 * 17).astype(kind), np.zeros((18, 18, 17 * 17), kind)
    for rows, columns in np.ndindex(18, 18):
        copy_transposed(matrix, 0, 17, rows, columns, transposed[rows, columns], 0, 17)
    results.append(transposed)
np.savez(sys.argv[1], *results)
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Word of LSTMCLI_VECTOR_BITS -> all results, each from a process of its own, two at a time."""
    folder = tmp_path_factory.mktemp("widths")

    def run(word):
        file = folder / f"{word}.npz"
        environment = {**os.environ, "LSTMCLI_VECTOR_BITS": word}
        environment["PYTHONPATH"] = str(Path(lstmcli.__file__).parents[1])
        subprocess.run([sys.executable, "-c", PROGRAM, file], env=environment, check=True)
        with np.load(file) as stored:
            return list(stored.values())

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(WIDTHS, pool.map(run, WIDTHS), strict=True))


def test_every_width_is_what_it_says(results):
    assert {word: int(arrays[0]) for word, arrays in results.items()} == WIDTHS


@pytest.mark.parametrize("word", ["256", "512"])
def test_every_width_gives_the_same_bits(results, word):
    for a, b in zip(results["128"][1:], results[word][1:], strict=True):
        assert a.tobytes() == b.tobytes()


def test_without_vectors_the_results_differ_by_rounding_alone(results):
    for a, b in zip(results["128"][1:], results["portable"][1:], strict=True):
        largest = max(1.0, float(np.abs(a).max()))
        np.testing.assert_allclose(b, a, rtol=0, atol=50 * np.finfo(a.dtype).eps * largest)
