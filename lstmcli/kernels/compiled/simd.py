"""Vectors of floats in numba, as LLVM has them: types, operators, `load` and `store`.

    x = load(a, i)        lanes(a) elements of a flat array from a[i] on
    y = fma(x, w, 0.5)    x w + 0.5 in every lane; numbers beside vectors become vectors
    z = where(y > 0, y, x)
    store(b, i, z)

The names are those of `portable`, whose vectors are numbers; `vectors` chooses. A kernel is written once
for every width and for float32 and float64.
"""

import operator
from typing import Any

import numba.extending
from llvmlite import ir
from numba import types
from numba.core.typeconv.castgraph import Conversion
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, lower_cast, models, register_model

from lstmcli.kernels.compiled.simd_ir import call, llvm_vector, load_vector, pointer, splat, store_vector
from lstmcli.kernels.processor import WIDTH

intrinsic: Any = numba.extending.intrinsic
"""Kernels call what it makes without the context that comes first."""


class Vector(types.Type):
    """Lanes of one kind of float."""

    def __init__(self, scalar: types.Float, lanes: int):
        self.scalar, self.lanes = scalar, lanes
        super().__init__(name=f"{scalar}x{lanes}")

    def can_convert_from(self, context: Any, other: types.Type) -> Any:
        """Numbers become vectors that have them in every lane."""
        return Conversion.safe if isinstance(other, types.Number) else None


class Mask(types.Type):
    """What a comparison of two vectors gives: yes or no in every lane."""

    def __init__(self, lanes: int):
        self.lanes = lanes
        super().__init__(name=f"mask{lanes}")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Vector):
        super().__init__(manager, kind, llvm_vector(kind))  # type: ignore[no-untyped-call]


@register_model(Mask)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Mask):
        lanes = ir.VectorType(ir.IntType(1), kind.lanes)
        super().__init__(manager, kind, lanes)  # type: ignore[no-untyped-call]


def vector_of(array: Any) -> Any:
    """The vector that `load` takes from an array."""
    return Vector(array.dtype, WIDTH * 8 // array.dtype.bitwidth)


@lower_cast(types.Number, Vector)
def _broadcast(context, builder, given, wanted, value):  # type: ignore[no-untyped-def]
    return splat(builder, context.cast(builder, value, given, wanted.scalar), wanted.lanes)


def _wider(arguments: tuple[Any, ...]) -> Any:
    return next((kind for kind in arguments if isinstance(kind, Vector)), None)


def _operator(function: Any, emit: Any, compares: bool = False) -> None:
    @infer_global(function)
    class _Template(AbstractTemplate):
        def generic(self, arguments: Any, keywords: Any) -> Any:
            kind = _wider(arguments)
            if kind is None:
                return None
            return signature(Mask(kind.lanes) if compares else kind, *[kind] * len(arguments))

    def lower(context, builder, sig, arguments):  # type: ignore[no-untyped-def]
        return emit(builder, *arguments)

    lower_builtin(function, *[Vector] * (1 if function is operator.neg else 2))(lower)


FLAGS = ("contract",)
_operator(operator.add, lambda b, x, y: b.fadd(x, y, flags=FLAGS))
_operator(operator.sub, lambda b, x, y: b.fsub(x, y, flags=FLAGS))
_operator(operator.mul, lambda b, x, y: b.fmul(x, y, flags=FLAGS))
_operator(operator.truediv, lambda b, x, y: b.fdiv(x, y))
_operator(operator.neg, lambda b, x: b.fneg(x))
for _function, _symbol in ((operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">=")):
    _operator(_function, lambda b, x, y, symbol=_symbol: b.fcmp_ordered(symbol, x, y), compares=True)


@intrinsic
def fma(context, x, y, z):  # type: ignore[no-untyped-def]
    """x y + z, rounded once where the processor can."""
    kind = _wider((x, y, z))
    return kind(kind, kind, kind), lambda context, builder, sig, v: call(builder, "fmuladd", *v)


@intrinsic
def where(context, condition, x, y):  # type: ignore[no-untyped-def]
    """x in the lanes where the condition holds and y in the others."""
    kind = _wider((x, y))
    return kind(condition, kind, kind), lambda context, builder, sig, v: builder.select(*v)


@intrinsic
def magnitude(context, x):  # type: ignore[no-untyped-def]
    """|x|."""
    return x(x), lambda context, builder, sig, v: call(builder, "fabs", *v)


@intrinsic
def with_sign(context, x, y):  # type: ignore[no-untyped-def]
    """|x| with the sign of y."""
    return x(x, x), lambda context, builder, sig, v: call(builder, "copysign", *v)


@intrinsic
def power_of_two(context, x):  # type: ignore[no-untyped-def]
    """2^n of a float32 whose lowest bits are n + 127."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        number = ir.VectorType(ir.IntType(32), sig.args[0].lanes)
        bits = builder.bitcast(v[0], number)
        return builder.bitcast(builder.shl(bits, ir.Constant(number, [23] * number.count)), v[0].type)

    return x(x), emit


@intrinsic
def lanes(context, a):  # type: ignore[no-untyped-def]
    """How many elements of an array a vector holds: a constant."""
    count = vector_of(a).lanes
    return types.intp(a), lambda context, builder, sig, v: ir.IntType(64)(count)


@intrinsic
def load(context, a, i):  # type: ignore[no-untyped-def]
    """lanes(a) elements of a flat array from a[i] on."""
    kind = vector_of(a)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        return load_vector(builder, pointer(context, builder, sig.args[0], *v), kind.lanes)

    return kind(a, types.intp), emit


@intrinsic
def store(context, a, i, x):  # type: ignore[no-untyped-def]
    """Puts a vector in a flat array from a[i] on."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        store_vector(builder, v[2], pointer(context, builder, sig.args[0], *v[:2]))
        return context.get_dummy_value()

    return types.void(a, types.intp, vector_of(a)), emit


def lane_by_lane(function: Any) -> Any:
    """A function of one number as one of a vector, for what has no vector form."""

    def every_lane(x):  # type: ignore[no-untyped-def]
        for k in range(_count(x)):
            x = _with_lane(x, k, function(_lane(x, k)))
        return x

    return every_lane


@intrinsic
def _count(context, x):  # type: ignore[no-untyped-def]
    return types.intp(x), lambda context, builder, sig, v: ir.IntType(64)(x.lanes)


@intrinsic
def _lane(context, x, k):  # type: ignore[no-untyped-def]
    return x.scalar(x, types.intp), lambda context, builder, sig, v: builder.extract_element(*v)


@intrinsic
def _with_lane(context, x, k, value):  # type: ignore[no-untyped-def]
    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        vector, lane, number = v
        return builder.insert_element(vector, number, lane)

    return x(x, types.intp, x.scalar), emit
