"""What the tests of the kernels share."""

import pytest

from lstmcli.kernels import set_threads, thread_count


@pytest.fixture
def on_threads():
    """Calls a function on 1 and on 2 threads and returns both results."""
    before = thread_count()

    def run(function):
        results = []
        for n in (1, 2):
            if set_threads(n) != n:
                pytest.skip("there is one processor only")
            results.append(function())
        return results

    yield run
    set_threads(before)
