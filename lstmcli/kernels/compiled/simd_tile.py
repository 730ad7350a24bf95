"""The micro-kernel in LLVM's vectors: a few rows times a packed panel, the sums held in registers."""

from typing import Any

from llvmlite import ir
from numba import types

from lstmcli.kernels.compiled.simd import intrinsic, vector_of
from lstmcli.kernels.compiled.simd_ir import call, llvm_vector, load_vector, pointer, splat, store_vector
from lstmcli.kernels.layout import HALF, PANEL
from lstmcli.kernels.processor import ROWS

WIDE = 8
"""Vectors of columns that one row is multiplied by at once: fewer sums would wait for one another."""
GROUP = 3
"""Rows that share an address: a processor adds once or twice a distance to one for nothing."""

_number = ir.IntType(64)


@intrinsic
def tile_columns(context, a):  # type: ignore[no-untyped-def]
    """Columns of a tile, for matrices of an array's kind: a constant."""
    columns = 2 * vector_of(a).lanes
    return types.intp(a), lambda context, builder, sig, v: _number(columns)


@intrinsic
def wide_columns(context, a):  # type: ignore[no-untyped-def]
    """Columns of a vector of `wide_tile`, for matrices of an array's kind: a constant."""
    columns = vector_of(a).lanes
    return types.intp(a), lambda context, builder, sig, v: _number(columns)


@intrinsic
def tile(  # type: ignore[no-untyped-def]
    context,
    columns,
    rows,
    a,
    a_at,
    row_step,
    k_step,
    blocks,
    block_step,
    depth,
    panel,
    panel_at,
    b_step,
    c,
    c_at,
    c_step,
    adds,
):
    """c[m, n] = sum_qk a[m, q, k] panel[q, k, n] for 1 to ROWS rows m and `columns` n: tile_columns, or HALF.

    q < blocks, k < depth. All arrays are flat: a[m, q, k] is a[a_at + m row_step + q block_step + k k_step],
    panel[q, k, n] is panel[panel_at + b_step (q depth + k) + n], c[m, n] is c[c_at + m c_step + n].
    adds : the sum goes on from what c holds. Each sum is one chain of fused multiply-adds in the order of q
    and k: its bits depend neither on the rows beside it nor on the width of a vector.
    """
    n = types.intp
    sig = types.void(n, n, a, n, n, n, n, n, n, panel, n, n, c, n, n, types.boolean)
    kind = vector_of(a)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        columns, rows, a, a_at, row_step, *steps, panel, panel_at, b_step, c, c_at, c_step, adds = v
        a = pointer(context, builder, sig.args[2], a, a_at)
        panel = pointer(context, builder, sig.args[9], panel, panel_at)
        c = pointer(context, builder, sig.args[12], c, c_at)

        def emit_tile(vectors: int, count: int) -> None:
            twice, thrice = (builder.mul(row_step, _number(n)) for n in (2, GROUP))
            groups = [a]
            for _ in range(GROUP, count, GROUP):
                groups.append(builder.gep(groups[-1], [thrice]))
            offsets = [_number(k * kind.lanes) for k in range(vectors)]
            starts = [builder.gep(c, [builder.mul(c_step, _number(m))]) for m in range(count)]
            results = [[builder.gep(start, [n]) for n in offsets] for start in starts]
            operands = (groups, [panel], offsets, results)
            _emit(builder, kind, *operands, *steps, b_step, adds, (row_step, twice))  # type: ignore[call-arg]

        def emit_vectors(vectors: int) -> None:
            _choose(builder, rows, ROWS, lambda count: emit_tile(vectors, count))

        if 2 * kind.lanes > HALF:
            _choose(builder, builder.udiv(columns, _number(kind.lanes)), 2, emit_vectors)
        else:
            emit_vectors(2)
        return context.get_dummy_value()

    return sig, emit


@intrinsic
def wide_tile(  # type: ignore[no-untyped-def]
    context,
    vectors,
    a,
    a_at,
    k_step,
    blocks,
    block_step,
    depth,
    panels,
    panels_at,
    panel_step,
    b_step,
    column,
    c,
    c_at,
    column_step,
    adds,
):
    """One row times 1 to WIDE vectors of columns from `column` on, as `tile`, across panels.

    Panel p begins at panels_at + p panel_step, and its result at c_at + p column_step.
    """
    n = types.intp
    sig = types.void(n, a, n, n, n, n, n, panels, n, n, n, n, c, n, n, types.boolean)
    kind = vector_of(a)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        vectors, a, a_at, *steps, b, b_at, panel_step, b_step, column, c, c_at, column_step, adds = v
        a = pointer(context, builder, sig.args[1], a, a_at)
        b = pointer(context, builder, sig.args[7], b, b_at)
        c = pointer(context, builder, sig.args[12], c, c_at)

        def place(start: Any, step: Any, vector: int) -> Any:
            at = builder.add(column, _number(vector * kind.lanes))
            panel = builder.mul(builder.udiv(at, _number(PANEL)), step)
            return builder.gep(start, [builder.add(panel, builder.urem(at, _number(PANEL)))])

        def emit_vectors(count: int) -> None:
            sources = [place(b, panel_step, k) for k in range(count)]
            results = [place(c, column_step, k) for k in range(count)]
            rows = ([a], sources, [_number(0)], [results])
            _emit(builder, kind, *rows, *steps, b_step, adds)  # type: ignore[call-arg]

        _choose(builder, vectors, WIDE, emit_vectors)
        return context.get_dummy_value()

    return sig, emit


def _choose(builder: Any, count: Any, most: int, emit: Any) -> None:
    """IR of a choice: what emit(k) makes, for the k from 1 to `most` that count is."""
    after = builder.append_basic_block("after")
    cases = builder.switch(count, after)
    for k in range(1, most + 1):
        block = builder.append_basic_block(f"case{k}")
        cases.add_case(_number(k), block)
        builder.position_at_end(block)
        emit(k)
        builder.branch(after)
    builder.position_at_end(after)


def _as_it_stands(module: Any) -> Any:
    """LLVM's mark of a loop that is not to be unrolled: its sums would no longer fit into the registers."""
    disabled = module.add_metadata([ir.MetaDataString(module, "llvm.loop.unroll.disable")])
    mark = module.add_metadata([ir.MetaDataString(module, f"loop {len(module.metadata)}"), disabled])
    mark.operands = (mark, disabled)
    return mark


class _Loop:
    """Values that change from one turn of a loop to the next, and the count of its turns."""

    def __init__(self, builder: Any, name: str, turns: Any):
        self.builder, self.turns = builder, turns
        self.body, self.after = (builder.append_basic_block(f"{name}{part}") for part in ("", "_after"))

    def enter(self, *entries: tuple[Any, list[Any]]) -> list[Any]:
        """The values at the start of a turn; entries : blocks from which the loop is entered, with values."""
        self.builder.position_at_end(self.body)
        self.values = [self.builder.phi(value.type) for value in entries[0][1]]
        self.count = self.builder.phi(_number)
        for block, values in entries:
            for node, value in zip((*self.values, self.count), (*values, _number(0)), strict=True):
                node.add_incoming(value, block)
        return self.values

    def turn(self, values: list[Any]) -> None:
        """The next turn with these values, or on behind the loop."""
        count = self.builder.add(self.count, _number(1))
        for node, value in zip((*self.values, self.count), (*values, count), strict=True):
            node.add_incoming(value, self.builder.block)
        again = self.builder.icmp_signed("<", count, self.turns)
        branch = self.builder.cbranch(again, self.body, self.after)
        branch.set_metadata("llvm.loop", _as_it_stands(self.builder.module))
        self.builder.position_at_end(self.after)


def _emit(  # type: ignore[no-untyped-def]
    builder,
    kind,
    groups,
    sources,
    columns,
    results,
    k_step,
    blocks,
    block_step,
    depth,
    b_step,
    adds,
    beside=(),
):
    """IR of sums in registers: of rows that begin at `groups` and at distances `beside` of them, times
    vectors that begin at `columns` of each of the `sources`, into the addresses `results`[row][vector].
    """
    places = [place for row in results for place in row]
    size = len(places)
    back = builder.sub(block_step, builder.mul(depth, k_step))
    outer, inner = _Loop(builder, "blocks", blocks), _Loop(builder, "depth", depth)

    fresh, holds = builder.block, builder.append_basic_block("holds")
    builder.cbranch(adds, holds, outer.body)
    builder.position_at_end(holds)
    held = [load_vector(builder, at, kind.lanes) for at in places]
    builder.branch(outer.body)

    nothing = [ir.Constant(llvm_vector(kind), None)] * size
    begun = outer.enter((fresh, [*nothing, *groups, *sources]), (holds, [*held, *groups, *sources]))
    builder.branch(inner.body)
    values = inner.enter((outer.body, begun))
    sums, starts, at = values[:size], values[size : -len(sources)], values[-len(sources) :]
    b = [load_vector(builder, builder.gep(place, [n]), kind.lanes) for place in at for n in columns]
    for m in range(len(results)):
        start, further = starts[m // GROUP], m % GROUP
        place = builder.gep(start, [beside[further - 1]]) if further else start
        x = splat(builder, builder.load(place), kind.lanes)
        for n, own in enumerate(b, len(b) * m):
            sums[n] = call(builder, "fmuladd", x, own, sums[n])
    starts = [builder.gep(start, [k_step]) for start in starts]
    at = [builder.gep(place, [b_step]) for place in at]
    inner.turn([*sums, *starts, *at])
    outer.turn([*sums, *(builder.gep(start, [back]) for start in starts), *at])
    for value, place in zip(sums, places, strict=True):
        store_vector(builder, value, place)
