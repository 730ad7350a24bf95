"""The gradient of a convolution's weights and bias, in chunks of its windows; see `convolution`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.convolution import axis
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.compiled.rows import add_row, copy_row
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.convolution_layout import STRIP
from lstmcli.kernels.layout import PANEL


@jit
def weight_gradient(x, dy, tail, one, sums, loops, first, last):  # type: ignore[no-untyped-def]
    """Part u % parts of chunk u // parts of sums[chunk, row, n] for units first ... last-1 of a `Gradient`.

    Windows are three loops of n turns, and the rows of dW three loops of r turns, which go on by so many
    numbers of x and so many rows of dW. A part is a strip of the innermost loop of rows in one panel of
    filters; the last one is db, the sum of one times dy.
    tail : the last windows of dy once more, with room for a panel's columns behind them
    """
    (most_blocks, most_depth, pieces), (chunks, parts, _) = axis(loops, 0), axis(loops, 1)
    (_, x2, _), (n1, x1, _), (n0, x0, _) = axis(loops, 2), axis(loops, 3), axis(loops, 4)
    (_, from2, to2), (r1, from1, to1), (r0, from0, to0) = axis(loops, 5), axis(loops, 6), axis(loops, 7)
    (_, rows, padded), columns = sums.shape, dy.shape[3]
    x, dy, to = flat(x), flat(dy), flat(sums)
    strips, panels = -(-r0 // STRIP), -(-padded // PANEL)
    across, down = -(-n0 // most_depth), -(-n1 // most_blocks)
    for chunk in range(first // parts, -(-last // parts)):
        begin, end = max(first - chunk * parts, 0), min(last - chunk * parts, parts)
        low, high = pieces * chunk // chunks, pieces * (chunk + 1) // chunks
        for piece in range(low, high):
            line, n = piece // across, piece % across * most_depth
            i, m = line // down, line % down * most_blocks
            depth, blocks = min(most_depth, n0 - n), min(most_blocks, n1 - m)
            from_x, b, from_b = i * x2 + m * x1 + n * x0, dy, ((i * n1 + m) * n0 + n) * columns
            if from_b + (blocks * depth - 1) * columns + padded > len(dy):
                b, from_b = tail, from_b - (len(dy) - (len(tail) - PANEL))
            for part in range(begin, end):
                tap, strip, p = part // panels // strips, part // panels % strips, part % panels
                from_row = r0 * strip // strips
                height = r0 * (strip + 1) // strips - from_row
                a, at = x, from_x + tap // r1 * from2 + tap % r1 * from1 + from_row * from0
                to_row = tap // r1 * to2 + tap % r1 * to1 + from_row * to0
                steps, low_n, high_n = (from0, x0, x1), p * PANEL, min(padded, (p + 1) * PANEL)
                if part == parts - 1:
                    a, at, to_row, height, steps, low_n, high_n = one, 0, rows - 1, 1, (0, 0, 0), 0, padded
                factor = Factor(a, at, steps[0], steps[1], blocks, steps[2], depth)
                place = Place(to, (chunk * rows + to_row) * padded, to0 * padded, PANEL, piece > low)
                product(height, factor, Panels(b, from_b, PANEL, columns, low_n, high_n), place)


@jit
def sum_chunks(sums, order, C, out, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of the sum of all chunks, those of each tap where W has them."""
    (chunks, rows, padded), columns = sums.shape, out.shape[1]
    a, b = flat(sums), flat(out)
    for row in range(first, last):
        at = (row if row == rows - 1 else order[row // C] * C + row % C) * columns
        copy_row(a, row * padded, b, at, columns)
        for chunk in range(1, chunks):
            add_row(a, (chunk * rows + row) * padded, b, at, columns)
