"""Layers are tested on one thread: starting a second takes longer than the work of these small networks."""

import sys

import pytest

from lstmcli.thread_count import set_threads


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    set_threads(1)
    yield
    set_threads(sys.maxsize)
