"""Some steps of sequences put side by side; see `assembly`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row
from lstmcli.kernels.compiled.views import flat


@jit
def side_by_side(values, first, count, start, out, from_step, to_step):  # type: ignore[no-untyped-def]
    """Steps from_step ... to_step-1 of all sequences."""
    (_, B, columns), rows, to = out.shape, flat(values), flat(out)
    for t in range(from_step, to_step):
        for b in range(B):
            s = t - start[b]
            if 0 <= s < count[b]:
                copy_row(rows, (first[b] + s) * columns, to, (t * B + b) * columns, columns)
