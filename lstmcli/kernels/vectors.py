"""What kernels are made of, in the width of this processor: vectors of LLVM's, or numbers where it is 0."""

from lstmcli.kernels.processor import WIDTH

if WIDTH:
    from lstmcli.kernels.simd import (
        fma,
        lanes,
        load,
        load_rows,
        magnitude,
        power_of_two,
        store,
        store_rows,
        where,
        with_sign,
    )
    from lstmcli.kernels.simd_tile import ROWS, WIDE, tile, tile_columns, wide_tile
else:
    from lstmcli.kernels.portable import (
        ROWS,
        WIDE,
        fma,
        lanes,
        load,
        load_rows,
        magnitude,
        power_of_two,
        store,
        store_rows,
        tile,
        tile_columns,
        where,
        wide_tile,
        with_sign,
    )

__all__ = [
    "ROWS",
    "WIDE",
    "WIDTH",
    "fma",
    "lanes",
    "load",
    "load_rows",
    "magnitude",
    "power_of_two",
    "store",
    "store_rows",
    "tile",
    "tile_columns",
    "where",
    "wide_tile",
    "with_sign",
]
