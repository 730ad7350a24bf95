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
from lstmcli.kernels.attention import attention_backward, attention_forward
from lstmcli.kernels.convolution import convolution_backward, convolution_forward
from lstmcli.kernels.convolution_layout import Windows
from lstmcli.kernels.elementwise import ELU, GELU, SOFTPLUS, elementwise_backward, elementwise_forward
from lstmcli.kernels.gru import gru_backward, gru_forward
from lstmcli.kernels.joins import concatenate, multiply_backward
from lstmcli.kernels.lstm import lstm_backward, lstm_forward, peephole_gradient
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.normalization import (
    batch_backward, batch_forward, layer_backward, layer_forward, moments)
from lstmcli.kernels.pooling import PixelWindows, TimeWindows
from lstmcli.kernels.pooling import pool_pixels, pool_pixels_backward, pool_time, pool_time_backward
from lstmcli.kernels.processor import WIDTH
from lstmcli.kernels.spatial_dropout import spatial_dropout
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
            *outputs, saved = lstm_forward(*arrays, *settings, True, rng.normal(size=3 * D * H).astype(kind))
            results += [a.copy() for a in outputs]
            results += [a.copy() for a in lstm_backward(saved, dh, dhT, dcT, True, True, memory)]
            results.append(peephole_gradient(saved))
    forms = ((4, 14, 3, 21), False), ((4, 14, 3, 21), True), ((3, 1, 2, 40), False)
    for (T, B, C, H), resets_state in forms:
        rng = np.random.default_rng(T)
        shapes = (T, B, C), (3 * H, C), (3 * H, H), (6 * H,), (B, H)
        arrays = [rng.normal(size=shape).astype(kind) for shape in shapes]
        dh, dhT = (rng.normal(size=shape).astype(kind) for shape in ((T, B, H), (B, H)))
        start, stop = np.zeros(B, np.int32), rng.integers(1, T + 1, B).astype(np.int32)
        for state in (0, 1, 2):
            memory = Memory()
            settings = (start, stop, state % 2, state, resets_state, True, True, memory)
            *outputs, saved = gru_forward(*arrays, *settings)
            results += [a.copy() for a in outputs]
            results += [a.copy() for a in gru_backward(saved, dh, dhT, True, True, memory)]
    sizes = (150, 2, 2, 6, 40), (45, 1, 1, 3, 5)
    for (T, B, heads, K, V), causal, probability in zip(sizes, (False, True), (0.3, 0.0)):
        x, do = (rng.normal(size=(T, B, width)).astype(kind) for width in (2 * K + V, V))
        start, stop, memory = np.zeros(B, np.int32), np.array([T, 17][:B], np.int32), Memory()
        how = (heads, K, causal, probability, np.uint64(7), memory)
        saved = attention_forward(x, start, stop, *how)
        results += [saved.o.copy(), attention_backward(saved, do, memory).copy()]
    x, dy = 3 * rng.normal(size=(2, 3, 2, 5, 23)).astype(kind)
    for function in (ELU, GELU, SOFTPLUS):
        y, kept = elementwise_forward(function, x, 1.5, memory)
        results += [y.copy(), elementwise_backward(function, kept, 1.5, dy, memory).copy()]
    results += [a.copy() for a in multiply_backward((x, dy, y), dy, memory)]
    results.append(concatenate((x.reshape(30, -1), dy.reshape(30, -1)), memory).copy())
    results.append(spatial_dropout(x, 0.3, np.uint64(7), memory).copy())
    lengths, zeros = np.array([9, 9, 4, 0], np.int32), np.zeros(4, np.int32)
    counts = np.array([8, 8, 3, 0], np.int32)
    for function in (0, 1, 2):
        x, dy = rng.normal(size=(9, 4, 21)).astype(kind), rng.normal(size=(8, 4, 21)).astype(kind)
        windows = TimeWindows(3, 1, zeros, lengths, zeros - 1, zeros, counts)
        y = pool_time(x, windows, 8, function, memory)
        results += [y.copy(), pool_time_backward(x, y, dy, windows, function, memory).copy()]
        x, dy = rng.normal(size=(3, 8, 9, 5)).astype(kind), rng.normal(size=(3, 3, 9, 5)).astype(kind)
        windows = PixelWindows(3, 4, 1, 2, 1, 0)
        y = pool_pixels(x, windows, (3, 9), function, memory)
        results += [y.copy(), pool_pixels_backward(x, y, dy, windows, function, memory).copy()]
    matrix, transposed = rng.normal(size=17 * 17).astype(kind), np.zeros((18, 18, 17 * 17), kind)
    for rows, columns in np.ndindex(18, 18):
        copy_transposed(matrix, 0, 17, rows, columns, transposed[rows, columns], 0, 17)
    results.append(transposed)
    for T, B, P, C in ((5, 3, 1, 21), (2, 3, 7, 20), (4, 3, 1, 133)):
        x, dy = rng.normal(size=(2, T, B, P, C)).astype(kind)
        scale, offset = rng.normal(size=(2, C)).astype(kind)
        start, stop, memory = np.zeros(B, np.int32), rng.integers(1, T + 1, B).astype(np.int32), Memory()
        found = moments(x, start, stop, memory)
        y, saved = batch_forward(x, found.mean, found.variance, scale, offset, 1e-5, memory)
        results += [y, *batch_backward(x, dy, start, stop, saved, found.rows, True, memory)]
        for over_time in (True, False):
            rows, steps, memory = x.reshape(T, B, P * C), (start, stop, over_time), Memory()
            y, statistics = layer_forward(rows, *steps, scale, offset, 1e-5, memory)
            results += [y, *layer_backward(rows, dy.reshape(rows.shape), *steps, scale, statistics, memory)]
    windows = Windows((3, 2)), Windows((4, 1), (3, 1))
    for images, windows, N in zip(((3, 14, 16, 2), (1, 50, 3, 33)), windows, (20, 40)):
        x, W = rng.normal(size=images), rng.normal(size=(*windows.size[::-1], images[3], N))
        x, W, b, memory = x.astype(kind), W.astype(kind), rng.normal(size=N).astype(kind), Memory()
        y = convolution_forward(x, W, b, windows, memory)
        inside = (0, images[1]), (0, images[2])
        results += [a.copy() for a in (y, *convolution_backward(x, W, y, windows, inside, memory))]
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
