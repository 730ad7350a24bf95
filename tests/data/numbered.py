"""Tiny sequences and targets that say where they come from."""

import numpy as np

from lstmcli.records import Sequences, Targets


def numbered(*lengths: int, times: bool = False) -> Sequences:
    """Sequences 0, 1, ...; every step of sequence n has the value n."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    values = np.repeat(np.arange(len(lengths), dtype=np.float32), lengths)[:, None]
    ids = tuple(str(n) for n in range(len(lengths)))
    texts = np.array([str(step) for step in range(offsets[-1])], object) if times else None
    return Sequences(values, offsets, ids, ("x",), texts, tuple(("d.csv", n) for n in range(len(lengths))))


def series(*lengths: int, channels: tuple[str, ...] | None = ("a", "b"), ids: str = "klmnop") -> Sequences:
    """Random numbers in two channels or these, sequences `k`, `l`, ... or of these letters."""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    count = 2 if channels is None else len(channels)
    values = np.random.default_rng(0).standard_normal((offsets[-1], count)).astype(np.float32)
    places = tuple(("d.csv", int(offset) + 2) for offset in offsets[:-1])
    return Sequences(values, offsets, tuple(ids[: len(lengths)]), channels, places=places)


def classes(*numbers: int, per_step: bool = False) -> Targets:
    return Targets(np.array(numbers, np.int32), ("k", "m", "p"), per_step)
