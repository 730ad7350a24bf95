"""Times as they stand in data: numbers, dates, or any other text."""

import re
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ISO = re.compile(
    r"\d{4}(-\d\d(-\d\d([T ]\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?)?)?", re.ASCII
)
_OF_NANOSECONDS = {str(year) for year in range(1678, 2262)}


def moments(times: Iterable[str]) -> NDArray[Any] | None:
    """Times as numbers, or as dates of ISO 8601 in the unit of the finest; None if one is neither."""
    texts = list(times)
    try:
        return np.array([float(text) for text in texts])
    except ValueError:
        return _dates(texts)


def _dates(texts: list[str]) -> NDArray[np.datetime64] | None:
    if not all(map(_ISO.fullmatch, texts)):
        return None
    try:
        with warnings.catch_warnings():
            # A time zone is taken into account, with a warning.
            warnings.simplefilter("ignore")
            dates = np.array(texts, "datetime64")
    except ValueError:
        return None
    # NumPy wraps dates that are too far for a unit so fine.
    fits = dates.dtype != "M8[ns]" or all(text[:4] in _OF_NANOSECONDS for text in texts)
    return dates if fits else None
