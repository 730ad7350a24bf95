"""Warming up leaves nothing to compile, whatever layers a network has."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
PROGRAM = """
from layers.examples import CASES
from layers.networks import build, options
from lstmcli.kernels.kernel import Kernel
from lstmcli.warmup import compile_all, compile_for

compile_all()
code, own = Kernel._code, ""
def tell(kernel, kinds):
    print(own, kernel.module, kernel.name, kinds)
    return code(kernel, kinds)
Kernel._code = tell
for _, example in CASES:
    own = example.text
    compile_for(build(example.layers), options(max_epochs=1, mini_batch_size=1))
"""


def test_no_layer_needs_a_kernel_that_was_not_compiled():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (TESTS.parent, TESTS)))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    assert not done.stdout
