"""How learnables are drawn (MATLAB's initializers), and the kinds of the properties that choose them.

Sources: lstmLayer page; Glorot and Bengio 2010; He et al. 2015; Saxe et al. 2013.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstmcli.errors import Fault, SpecError
from lstmcli.kernels.orthogonal import orthonormal_columns
from lstmcli.records import Array
from lstmcli.spec.kinds import PythonFunction


def glorot(random: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """U(-a, a) with a = sqrt(6 / (fan_in + fan_out)): variance 2 / (fan_in + fan_out)."""
    bound = np.sqrt(6.0 / (fan_in + fan_out))
    return random.uniform(-bound, bound, shape)


def he(random: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """N(0, 2 / fan_in)."""
    return random.normal(0.0, np.sqrt(2.0 / fan_in), shape)


def orthogonal(random: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """Q of Z = QR with a positive diagonal of R, for Z ~ N(0, 1) of the whole weight's size.

    Columns are orthonormal; rows are, where there are fewer rows than columns. The filters of a convolution
    are columns.
    """
    z = random.standard_normal(shape).reshape(-1, shape[-1])
    rows, columns = z.shape
    q = orthonormal_columns(z) if rows >= columns else orthonormal_columns(z.T.copy()).T
    return q.reshape(shape)


def narrow_normal(random: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """N(0, 0.01^2)."""
    return random.normal(0.0, 0.01, shape)


def zeros(random: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """All 0."""
    return np.zeros(shape)


def ones(random: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """All 1."""
    return np.ones(shape)


def unit_forget_gate(random: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """0, but 1 for the forget gates: the second of each four blocks of fan_in hidden units."""
    bias = np.zeros((shape[0] // (4 * fan_in), 4, fan_in))
    bias[:, 1] = 1.0
    return bias.reshape(shape)


RULES = {
    "glorot": glorot,
    "he": he,
    "orthogonal": orthogonal,
    "narrow-normal": narrow_normal,
    "zeros": zeros,
    "ones": ones,
    "unit-forget-gate": unit_forget_gate,
}
WEIGHT_RULES = ("glorot", "he", "orthogonal", "narrow-normal", "zeros", "ones")

Initialize = Callable[[np.random.Generator, tuple[int, ...]], Array]


@dataclass(frozen=True)
class Draw:
    """A rule with the fans it needs; called with a generator and a shape.

    Raises SpecError if a user's function fails or returns an array of another size.
    """

    rule: str | PythonFunction
    fan_in: int
    fan_out: int

    def __call__(self, random: np.random.Generator, shape: tuple[int, ...]) -> Array:
        if isinstance(self.rule, PythonFunction):
            return _call(self.rule, shape)
        return RULES[self.rule](random, shape, self.fan_in, self.fan_out)


def _call(function: PythonFunction, shape: tuple[int, ...]) -> Array:
    """`weights = f(sz)` with sz as MATLAB gives it: two numbers at least."""
    size = shape if len(shape) > 1 else (shape[0], 1)
    help = "the module is looked for beside the spec and among the installed ones"
    try:
        found = getattr(importlib.import_module(function.module), function.function)
        help = "f(sz) must return an array"
        array = np.asarray(found(size), dtype=np.float64)
    except Exception as error:
        message = f"`{function}` failed: {type(error).__name__}: {error}"
        raise SpecError(Fault(message, None, help)) from error
    if array.shape not in (size, shape) or not np.isfinite(array).all():
        got = "-by-".join(map(str, array.shape)) or "a single number"
        want = "-by-".join(map(str, size))
        raise SpecError(Fault(f"`{function}` must return finite numbers of size {want}, got {got}"))
    return array.reshape(shape)
