"""Pooling over the time of some observations and over the pixels of some images; see `pooling`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.pooling_windows import largest, largest_backward, mean, mean_backward
from lstmcli.kernels.compiled.rows import fill_row
from lstmcli.kernels.compiled.views import flat, prefetch
from lstmcli.kernels.memory import ALIGNED
from lstmcli.kernels.pooling import MAX, MEAN

LINE = ALIGNED // 4
"""Elements from one place that is fetched to the next."""


@jit
def over_time(  # type: ignore[no-untyped-def]
    x, y, size, stride, start, stop, begin, y_start, y_stop, kind, first, last
):
    """y[S, B, C] of observations first ... last-1 of x[T, B, C]."""
    B, C = x.shape[1:]
    whole = x.dtype.type(1 / size)
    for s in range(len(y)):
        b = first
        while b < last:
            end = _alike(start, stop, b, last)
            y_at, length = (s * B + b) * C, (end - b) * C
            if y_start[b] <= s < y_stop[b]:
                at = begin[b] + (s - y_start[b]) * stride
                t, u = max(at, start[b]), min(at + size, stop[b])
                x_at = (t * B + b) * C
                if kind == MAX:
                    largest(flat(x), x_at, 1, 0, u - t, B * C, flat(y), y_at, length)
                else:
                    share = whole if kind == MEAN else x.dtype.type(1 / (u - t))
                    mean(flat(x), x_at, 1, 0, u - t, B * C, share, flat(y), y_at, length)
            else:
                fill_row(flat(y), y_at, length, 0)
            b = end


@jit
def over_time_backward(  # type: ignore[no-untyped-def]
    x, y, dy, dx, size, stride, start, stop, begin, y_start, y_stop, kind, first, last
):
    """dx[T, B, C] of observations first ... last-1. The first window to meet a step writes it, others add."""
    B, C = x.shape[1:]
    whole = x.dtype.type(1 / size)
    b = first
    while b < last:
        end = _alike(start, stop, b, last)
        if y_start[b] == y_stop[b]:
            _clear(dx, 0, len(dx), b, end)
        b = end
    for s in range(len(y)):
        b = first
        while b < last:
            end = _alike(start, stop, b, last)
            if y_start[b] <= s < y_stop[b]:
                at = begin[b] + (s - y_start[b]) * stride
                t, u = max(at, start[b]), min(at + size, stop[b])
                written = 0 if s == y_start[b] else min(at - stride + size, stop[b])
                old, length = written - t, (end - b) * C
                x_at, y_at = (t * B + b) * C, (s * B + b) * C
                _clear(dx, written, t, b, end)
                window = (y_at, 1, 0, u - t, B * C, flat(dx), x_at, old, length)
                if kind == MAX:
                    largest_backward(flat(x), flat(y), flat(dy), *window)
                else:
                    share = whole if kind == MEAN else x.dtype.type(1 / (u - t))
                    mean_backward(share, flat(dy), *window)
                if s == y_stop[b] - 1:
                    _clear(dx, u, len(dx), b, end)
            b = end


@jit
def _alike(start, stop, b, last):  # type: ignore[no-untyped-def]
    """The end of the observations from b on whose windows are the same."""
    end = b + 1
    while end < last and start[end] == start[b] and stop[end] == stop[b]:
        end += 1
    return end


@jit
def _clear(dx, t, u, b, end):  # type: ignore[no-untyped-def]
    """dx = 0 at steps t ... u-1 of observations b ... end-1."""
    B, C = dx.shape[1:]
    for step in range(t, u):
        fill_row(flat(dx), (step * B + b) * C, (end - b) * C, 0)


@jit
def over_pixels(  # type: ignore[no-untyped-def]
    x, y, height, width, down, right, top, left, kind, first, last
):
    """y[N, w', h', C] of images first ... last-1 of x[N, w, h, C]."""
    (W, H, C), (columns, rows) = x.shape[1:], y.shape[1:3]
    whole, ahead = x.dtype.type(1 / (height * width)), _ahead(x, y, right)
    for n in range(first, last):
        for w in range(columns):
            j = max(w * right - left, 0)
            Q = min(w * right - left + width, W) - j
            _fetch(x, (n * W + j + Q) * H * C, ahead)
            h = 0
            while h < rows:
                i = max(h * down - top, 0)
                P = min(h * down - top + height, H) - i
                alike = _alike_down(i, P, height, H, down)
                x_at, y_at = ((n * W + j) * H + i) * C, ((n * columns + w) * rows + h) * C
                if kind == MAX:
                    largest(flat(x), x_at, P, C, Q, H * C, flat(y), y_at, alike * C)
                else:
                    share = whole if kind == MEAN else x.dtype.type(1 / (P * Q))
                    mean(flat(x), x_at, P, C, Q, H * C, share, flat(y), y_at, alike * C)
                h += alike


@jit
def over_pixels_backward(  # type: ignore[no-untyped-def]
    x, y, dy, dx, height, width, down, right, top, left, kind, first, last
):
    """dx[N, w, h, C] of images first ... last-1."""
    (W, H, C), (columns, rows) = x.shape[1:], y.shape[1:3]
    whole, ahead = x.dtype.type(1 / (height * width)), _ahead(x, y, right)
    alone = columns == rows == 1 and height >= H and width >= W
    overlap = not alone and (down < height or right < width)
    for n in range(first, last):
        if not alone:
            fill_row(flat(dx), n * W * H * C, W * H * C, 0)
        for w in range(columns):
            j = max(w * right - left, 0)
            Q = min(w * right - left + width, W) - j
            old = Q if overlap else 0
            if kind == MAX:
                _fetch(x, (n * W + j + Q) * H * C, ahead)
            h = 0
            while h < rows:
                i = max(h * down - top, 0)
                P = min(h * down - top + height, H) - i
                # In sums over what is side by side the width of vectors would say which term is the first:
                # the largest of each window adds for itself.
                alike = 1 if kind == MAX else _alike_down(i, P, height, H, down)
                x_at, y_at = ((n * W + j) * H + i) * C, ((n * columns + w) * rows + h) * C
                window = (y_at, P, C, Q, H * C, flat(dx), x_at, old, alike * C)
                if kind == MAX:
                    largest_backward(flat(x), flat(y), flat(dy), *window)
                else:
                    share = whole if kind == MEAN else x.dtype.type(1 / (P * Q))
                    mean_backward(share, flat(dy), *window)
                h += alike


@jit(inline=True)
def _alike_down(i, P, height, H, down):  # type: ignore[no-untyped-def]
    """How many windows from this one down are whole and one pixel apart."""
    return 1 + (H - i - height if down == 1 and height == P else 0)


@jit(inline=True)
def _ahead(x, y, right):  # type: ignore[no-untyped-def]
    """Elements from one column of windows to the next, or 0 if there is one only."""
    return right * x.shape[2] * x.shape[3] if y.shape[1] > 1 else 0


@jit(inline=True)
def _fetch(x, at, count):  # type: ignore[no-untyped-def]
    """Have so many elements fetched: the processor does not see by itself which are next."""
    for k in range(at, at + count, LINE):
        prefetch(flat(x), k)
