"""Makes the data set of this folder: `python make.py` writes moving_shapes.mat, the same bytes each time."""

from pathlib import Path

import h5py
import numpy as np

SIDE, SHORTEST, LONGEST = 20, 8, 16
MOTIONS = {
    "left": (0, -1, 0),
    "right": (0, 1, 0),
    "up": (-1, 0, 0),
    "down": (1, 0, 0),
    "grow": (0, 0, 1),
    "shrink": (0, 0, -1),
}
"""Changes of row, column and radius from the first to the last frame, in units of the way there is."""
SHAPES = {
    "disc": lambda dy, dx: np.hypot(dy, dx),
    "square": lambda dy, dx: np.maximum(abs(dy), abs(dx)),
    "diamond": lambda dy, dx: (abs(dy) + abs(dx)) / 1.3,
}


def video(random: np.random.Generator, motion: str) -> np.ndarray:
    """uint8[h, w, 1, S]: a bright shape on a noisy background."""
    steps = int(random.integers(SHORTEST, LONGEST + 1))
    down, right, growth = MOTIONS[motion]
    distance = SHAPES[random.choice(list(SHAPES))]
    way = np.linspace(-0.5, 0.5, steps) + random.normal(0, 0.02, steps)
    row = SIDE / 2 + random.uniform(-2, 2) + 9 * down * way
    column = SIDE / 2 + random.uniform(-2, 2) + 9 * right * way
    radius = random.uniform(2.5, 4) + 3 * growth * way
    y, x = np.mgrid[:SIDE, :SIDE]
    frames = [
        170 / (1 + np.exp(3 * (distance(y - r, x - c) - size)))
        for r, c, size in zip(row, column, radius, strict=True)
    ]
    noisy = np.stack(frames, axis=-1) + random.normal(40, 18, (SIDE, SIDE, steps))
    return np.clip(noisy, 0, 255).astype(np.uint8)[:, :, None, :]


def put_cell(file: h5py.File, name: str, items: list) -> None:
    """A cell array N-by-1 as MATLAB keeps it: references to what is in `#refs#`."""
    folder = file.require_group("#refs#")
    cell = np.empty((1, len(items)), h5py.ref_dtype)
    for k, item in enumerate(items):
        text = isinstance(item, str)
        data = np.frombuffer(item.encode("utf-16-le"), "<u2")[:, None] if text else item.T
        packed = {} if text else {"compression": "gzip", "chunks": data.shape}
        dataset = folder.create_dataset(f"{name}{k}", data=data, track_times=False, **packed)
        dataset.attrs["MATLAB_class"] = np.bytes_("char" if text else "uint8")
        cell[0, k] = dataset.ref
    dataset = file.create_dataset(name, data=cell, track_times=False)
    dataset.attrs["MATLAB_class"] = np.bytes_("cell")


def main() -> None:
    """Draw both parts and write them."""
    random = np.random.default_rng(2024)
    path = Path(__file__).with_name("moving_shapes.mat")
    with h5py.File(path, "w", userblock_size=512, libver=("earliest", "v108")) as file:
        for part, count in (("Train", 240), ("Test", 120)):
            labels = [motion for motion in MOTIONS for _ in range(count // len(MOTIONS))]
            labels = [labels[k] for k in random.permutation(count)]
            put_cell(file, f"X{part}", [video(random, label) for label in labels])
            put_cell(file, f"Y{part}", labels)
    with path.open("r+b") as file:
        file.write(
            b"MATLAB 7.3 MAT-file, Platform: Python, HDF5 schema 1.00 .".ljust(116) + bytes(8) + b"\x00\x02IM"
        )


if __name__ == "__main__":
    main()
