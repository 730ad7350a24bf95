"""Images as the network keeps them, [..., w, h, C], and as MATLAB's columns, [..., h w C].

A column of an image runs first along its height, then along its width, then through its channels.
"""

from lstmcli.kernels.memory import Memory
from lstmcli.kernels.transposition import transpose_matrices
from lstmcli.records import Array


def is_image(data: Array) -> bool:
    """Whether it has a height and a width: vectors have a time axis and observations before them at most."""
    return data.ndim > 3


def to_columns(images: Array, memory: Memory) -> Array:
    """[..., h w C] of [..., w, h, C]; what has no height and width as it is."""
    if not is_image(images):
        return images
    *outer, w, h, C = images.shape
    return transpose_matrices(images.reshape(-1, w * h, C), memory, "columns").reshape(*outer, w * h * C)


def from_columns(columns: Array, shape: tuple[int, ...], memory: Memory) -> Array:
    """Images of this shape [..., w, h, C] of [..., h w C]; of another shape than an image's as they are."""
    if len(shape) <= 3:
        return columns
    *_, w, h, C = shape
    return transpose_matrices(columns.reshape(-1, C, w * h), memory, "images").reshape(shape)
