"""The micro-kernel in LLVM's vectors: a few rows times a packed panel, the sums held in registers."""

from typing import Any

from llvmlite import ir
from numba import types

from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.processor import REGISTERS
from lstmcli.kernels.simd import intrinsic, vector_of
from lstmcli.kernels.simd_ir import call, llvm_vector, load_vector, pointer, splat, store_vector

ROWS = 12 if REGISTERS == 32 else 6
"""Rows whose sums, two vectors each, fill the registers beside two of the panel and one of the matrix."""
WIDE = 4
"""Panels that one row is multiplied by at once: fewer sums would wait for one another."""
GROUP = 3
"""Rows that share an address: a processor adds once or twice a distance to one for nothing."""

_number = ir.IntType(64)


@intrinsic
def tile_columns(context, a):  # type: ignore[no-untyped-def]
    """Columns of a tile, for matrices of an array's kind: a constant."""
    columns = 2 * vector_of(a).lanes
    return types.intp(a), lambda context, builder, sig, v: _number(columns)


@intrinsic
def tile(  # type: ignore[no-untyped-def]
    context,
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
    c,
    c_at,
    c_step,
    adds,
):
    """c[m, n] = sum_qk a[m, q, k] panel[q, k, n] for 1 to ROWS rows m and two vectors of columns n.

    q < blocks, k < depth. All arrays are flat: a[m, q, k] is a[a_at + m row_step + q block_step + k k_step],
    panel[q, k, n] is panel[panel_at + PANEL (q depth + k) + n], c[m, n] is c[c_at + m c_step + n].
    adds : the sum goes on from what c holds. Each sum is one chain of fused multiply-adds in the order of
    q and k: its bits depend neither on the rows beside it nor on the width of a vector.
    """
    n = types.intp
    sig = types.void(n, a, n, n, n, n, n, n, panel, n, c, n, n, types.boolean)
    kind = vector_of(a)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        rows, a, a_at, row_step, k_step, blocks, block_step, depth, panel, panel_at, c, c_at, c_step, adds = v
        a = pointer(context, builder, sig.args[1], a, a_at)
        panel = pointer(context, builder, sig.args[8], panel, panel_at)
        c = pointer(context, builder, sig.args[10], c, c_at)
        rest = (a, row_step, k_step, blocks, block_step, depth, panel, c, c_step, adds)
        after = builder.append_basic_block("after")
        cases = builder.switch(rows, after)
        for count in range(1, ROWS + 1):
            block = builder.append_basic_block(f"rows{count}")
            cases.add_case(_number(count), block)
            builder.position_at_end(block)
            _emit(builder, kind, count, *rest)
            builder.branch(after)
        builder.position_at_end(after)
        return context.get_dummy_value()

    return sig, emit


@intrinsic
def wide_tile(  # type: ignore[no-untyped-def]
    context, a, a_at, k_step, blocks, block_step, depth, panel, panel_at, panel_step, c, c_at, column_step
):
    """One row times two vectors of columns of each of WIDE panels, as `tile` from zero.

    Panel w begins at panel_at + w panel_step, and its result at c_at + w column_step.
    """
    n = types.intp
    sig = types.void(a, n, n, n, n, n, panel, n, n, c, n, n)
    kind = vector_of(a)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        a, a_at, k_step, blocks, block_step, depth, panel, panel_at, panel_step, c, c_at, column_step = v
        a = pointer(context, builder, sig.args[0], a, a_at)
        panel = pointer(context, builder, sig.args[6], panel, panel_at)
        c = pointer(context, builder, sig.args[9], c, c_at)
        columns = (0, kind.lanes)
        back = builder.sub(block_step, builder.mul(depth, k_step))
        panels = [builder.gep(panel, [builder.mul(panel_step, _number(w))]) for w in range(WIDE)]
        outer, inner = _Loop(builder, "blocks", blocks), _Loop(builder, "depth", depth)
        before = builder.block
        builder.branch(outer.body)
        begun = outer.enter((before, [ir.Constant(llvm_vector(kind), None)] * (2 * WIDE) + [*panels, a]))
        builder.branch(inner.body)
        *values, at = inner.enter((outer.body, begun))
        sums, panels = values[: 2 * WIDE], values[2 * WIDE :]
        x = splat(builder, builder.load(at), kind.lanes)
        for w in range(WIDE):
            for n in range(2):
                b = load_vector(builder, builder.gep(panels[w], [_number(columns[n])]), kind.lanes)
                sums[2 * w + n] = call(builder, "fmuladd", x, b, sums[2 * w + n])
        panels = [builder.gep(panel, [_number(PANEL)]) for panel in panels]
        at = builder.gep(at, [k_step])
        inner.turn([*sums, *panels, at])
        outer.turn([*sums, *panels, builder.gep(at, [back])])
        for w in range(WIDE):
            start = builder.gep(c, [builder.mul(column_step, _number(w))])
            for n in range(2):
                store_vector(builder, sums[2 * w + n], builder.gep(start, [_number(columns[n])]))
        return context.get_dummy_value()

    return sig, emit


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


def _emit(builder, kind, rows, a, row_step, k_step, blocks, block_step, depth, panel, c, c_step, adds):  # type: ignore[no-untyped-def]
    """IR of a tile of so many rows."""
    columns, size = (0, kind.lanes), 2 * rows

    def step(at: Any, distance: Any) -> Any:
        return builder.gep(at, [distance])

    def results() -> list[Any]:
        starts = [step(c, builder.mul(c_step, _number(m))) for m in range(rows)]
        return [step(start, _number(n)) for start in starts for n in columns]

    twice, thrice = (builder.mul(row_step, _number(n)) for n in (2, GROUP))
    back = builder.sub(block_step, builder.mul(depth, k_step))
    groups = [a]
    for _ in range(GROUP, rows, GROUP):
        groups.append(step(groups[-1], thrice))
    outer, inner = _Loop(builder, "blocks", blocks), _Loop(builder, "depth", depth)

    fresh, holds = builder.block, builder.append_basic_block("holds")
    builder.cbranch(adds, holds, outer.body)
    builder.position_at_end(holds)
    held = [load_vector(builder, at, kind.lanes) for at in results()]
    builder.branch(outer.body)

    nothing = [ir.Constant(llvm_vector(kind), None)] * size
    begun = outer.enter((fresh, [*nothing, *groups, panel]), (holds, [*held, *groups, panel]))
    builder.branch(inner.body)
    *values, at = inner.enter((outer.body, begun))
    sums, starts = values[:size], values[size:]
    b = [load_vector(builder, step(at, _number(n)), kind.lanes) for n in columns]
    for m in range(rows):
        start = starts[m // GROUP]
        place = (start, step(start, row_step), step(start, twice))[m % GROUP]
        x = splat(builder, builder.load(place), kind.lanes)
        for n in range(2):
            sums[2 * m + n] = call(builder, "fmuladd", x, b[n], sums[2 * m + n])
    starts = [step(start, k_step) for start in starts]
    at = step(at, _number(PANEL))
    inner.turn([*sums, *starts, at])
    outer.turn([*sums, *(step(start, back) for start in starts), at])
    for value, place in zip(sums, results(), strict=True):
        store_vector(builder, value, place)
