"""Times as they stand in data: numbers, dates, or any other text."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.dates import read_dates


def moments(times: Iterable[str]) -> NDArray[Any] | None:
    """Times as numbers, or as dates in the unit of the finest; None if one is neither.

    Numbers such as 20240131 are dates where all are.
    """
    texts = list(times)
    dates = read_dates(texts)
    if dates is not None:
        return dates.moments
    try:
        return np.array([float(text) for text in texts])
    except ValueError:
        return None
