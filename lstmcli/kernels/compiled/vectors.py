"""What kernels are made of, in the width of this processor: vectors of LLVM's, or numbers where it is 0."""

from typing import Any

from lstmcli.kernels.compiled import portable, simd, simd_part, simd_rows, simd_tile
from lstmcli.kernels.processor import WIDTH

_vectors: Any = simd if WIDTH else portable
_parts: Any = simd_part if WIDTH else portable
_rows: Any = simd_rows if WIDTH else portable
_tiles: Any = simd_tile if WIDTH else portable

lanes, load, store = _vectors.lanes, _vectors.load, _vectors.store
load_part, store_part = _parts.load_part, _parts.store_part
load_rows, store_rows, transpose_block = _rows.load_rows, _rows.store_rows, _rows.transpose_block
fma, where = _vectors.fma, _vectors.where
magnitude, with_sign, power_of_two = _vectors.magnitude, _vectors.with_sign, _vectors.power_of_two

WIDE = _tiles.WIDE
tile, wide_tile = _tiles.tile, _tiles.wide_tile
tile_columns, wide_columns = _tiles.tile_columns, _tiles.wide_columns
