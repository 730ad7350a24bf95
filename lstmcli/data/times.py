"""Times as they stand in data: numbers, dates, or any other text."""

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def moments(times: Iterable[str]) -> NDArray[Any] | None:
    """Times as numbers, or as dates of ISO 8601 in the unit of the finest; None if one is neither."""
    texts = list(times)
    try:
        return np.array([float(text) for text in texts])
    except ValueError:
        return _dates(texts)


def _dates(texts: list[str]) -> NDArray[np.datetime64] | None:
    # NumPy also knows words, such as one for the moment that it is read.
    if not all(text[:1].isdigit() for text in texts):
        return None
    try:
        with warnings.catch_warnings():
            # A time zone is taken into account, with a warning.
            warnings.simplefilter("ignore")
            return np.array(texts, "datetime64")
    except ValueError:
        return None
