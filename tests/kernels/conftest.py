"""What the tests of the kernels share."""

import pytest

from lstmcli import thread_count as threads


@pytest.fixture
def set_any_threads():
    """Lets kernels use any number of threads, more than there are processors included, during a test."""
    before = threads.thread_count()

    def set_to(n):
        threads._threads[:] = [n]

    yield set_to
    set_to(before)


@pytest.fixture
def on_threads(set_any_threads):
    """Calls a function on so many threads each and returns all results."""

    def run(function, counts=(1, 2)):
        results = []
        for n in counts:
            set_any_threads(n)
            results.append(function())
        return results

    return run
