"""From sequences to mini-batches: which observations, padded or cut to one length, split in pieces."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.assembly import side_by_side
from lstmcli.options import TrainingOptions
from lstmcli.records import MiniBatch, Sequences, Targets


def training_rows(order: NDArray[np.int64], mini_batch_size: int) -> list[NDArray[np.int64]]:
    """The observations of each mini-batch of an epoch; those that do not fill the last one are left out."""
    if len(order) < mini_batch_size:
        return [order]
    whole = len(order) // mini_batch_size
    return [order[k * mini_batch_size : (k + 1) * mini_batch_size] for k in range(whole)]


def prediction_rows(order: NDArray[np.int64], mini_batch_size: int) -> list[NDArray[np.int64]]:
    """The observations of each mini-batch where all are used; the last may be smaller."""
    return [order[k : k + mini_batch_size] for k in range(0, len(order), mini_batch_size)]


def make_mini_batch(
    sequences: Sequences, targets: Targets | None, rows: NDArray[np.int64], options: TrainingOptions
) -> MiniBatch:
    """Observations `rows` in one array, padded to the longest of them or cut to the shortest.

    SequencePaddingDirection names the side that is padded and the side that is cut; targets of each step
    go with their steps. An integer SequenceLength pads to the longest here, `split` does the rest.
    Masked padding is 0: a gradient of 0 times a padding of NaN would be NaN. Where masked sequences are to
    be split they are padded on the right, or the pieces would depend on the longest of the mini-batch.
    """
    lengths = sequences.lengths[rows]
    cut = options.sequence_length == "shortest"
    T, B = int(lengths.min() if cut else lengths.max()), len(rows)
    kept = np.minimum(lengths, T)
    split_masked = options.mask_padding and isinstance(options.sequence_length, int)
    left = options.sequence_padding_direction == "left" and not split_masked
    start = T - kept if left else np.zeros(B, np.int64)
    first = sequences.offsets[rows] + (lengths - kept if left else 0)

    where = (first, kept, start)
    if B == 1:
        x = sequences.values[first[0] : first[0] + T, None]
    else:
        padding = 0 if options.mask_padding else options.sequence_padding_value
        x = np.full((T, B, sequences.values.shape[1]), padding, np.float32)
        side_by_side(sequences.values, *where, x)
    steps = _padded_steps(targets, T, B)
    if steps is not None and targets is not None:
        side_by_side(targets.values, *where, steps)
    whole = targets.values[rows] if targets is not None and not targets.per_step else None
    real = (start.astype(np.int32), (start + kept).astype(np.int32))
    return MiniBatch(x, *real, whole if steps is None else steps, rows, steps is not None)


def split(batch: MiniBatch, sequence_length: int | str) -> list[MiniBatch]:
    """Consecutive pieces of `sequence_length` steps, the last one maybe shorter; one if it is a word."""
    T = len(batch.x)
    if isinstance(sequence_length, str) or sequence_length >= T:
        return [batch]
    return [_piece(batch, t, min(t + sequence_length, T)) for t in range(0, T, sequence_length)]


def mini_batches(
    sequences: Sequences, targets: Targets | None, order: NDArray[np.int64], options: TrainingOptions
) -> Iterator[MiniBatch]:
    """All observations in this order, mini-batch by mini-batch."""
    for rows in prediction_rows(order, options.mini_batch_size):
        yield make_mini_batch(sequences, targets, rows, options)


def _padded_steps(targets: Targets | None, T: int, B: int) -> NDArray[np.int32] | NDArray[np.float32] | None:
    if targets is None or not targets.per_step:
        return None
    if targets.values.ndim == 1:
        return np.full((T, B), -1, np.int32)
    return np.zeros((T, B, targets.values.shape[1]), np.float32)


def _piece(batch: MiniBatch, t0: int, t1: int) -> MiniBatch:
    start, stop = (np.clip(edge - t0, 0, t1 - t0).astype(np.int32) for edge in (batch.start, batch.stop))
    targets = batch.targets[t0:t1] if batch.per_step and batch.targets is not None else batch.targets
    return batch._replace(x=batch.x[t0:t1], start=start, stop=stop, targets=targets)
