"""Rows of a table on stdout: as CSV, as lines of JSON, or the worst of them as a person reads them."""

import json
import sys
from typing import Any

import numpy as np

from lstmcli.cli.columns import print_columns, room_on
from lstmcli.cli.metrics_data import number
from lstmcli.cli.streams import result
from lstmcli.data.parse import Texts
from lstmcli.data.writing import Column, csv_rows, quote
from lstmcli.evaluation_table import Rows

AT_ONCE = 2**16
"""Rows that are made into text together."""
SHOWN = 5
"""The worst sequences that a person is shown."""


def print_rows(rows: Rows, as_json: bool) -> None:
    """Print rows as CSV with a header, or as an object of JSON a line; what has no value is empty or null."""
    if not as_json:
        result(",".join(map(quote, rows.columns)))
    for first in range(0, len(rows), AT_ONCE):
        columns = rows.select(slice(first, first + AT_ONCE)).columns
        if as_json:
            cells = zip(*map(_values, columns.values()), strict=True)
            lines = [json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in cells]
        else:
            lines = csv_rows(list(columns.values()))
        result("\n".join(lines))


def print_worst(rows: Rows) -> None:
    """Print the sequences that are answered worst, if there are several sequences and anything is wrong."""
    worst = rows.wrong().worst(SHOWN)
    if len(rows) < 2 or not len(worst):
        return
    columns = {name: worst.columns[name] for name in _OF_A_PERSON if _tells(name, rows.columns)}
    names = ["worst sequences", *(_OF_A_PERSON[name] for name in columns if name != "sequence")]
    cells = [[_shown(value) for value in _values(column)] for column in columns.values()]
    result()
    texts = [k for k, column in enumerate(columns.values()) if isinstance(column, Texts)]
    print_columns([names, *zip(*cells, strict=True)], room_on(sys.stdout), texts)


_OF_A_PERSON = {
    **{name: name for name in ("sequence", "response", "true", "predicted", "error")},
    **{"score": "score of true", "accuracy": "accuracy", "correct": "correct"},
    **{"rmse": "RMSE", "mae": "MAE", "samples": "samples"},
}
"""The columns that a person is shown, and what they are called."""


def _tells(name: str, columns: dict[str, Column]) -> bool:
    """Whether the table has the column, and it says what is not known: all of these are wrong, and one
    response is the only one.
    """
    column = columns.get(name)
    if isinstance(column, Texts) and name == "response":
        return len(column.texts) > 1
    other = {"correct": "accuracy", "score": "true"}.get(name, name)
    return column is not None and other in columns


def _values(column: Column) -> list[Any]:
    """As JSON has them: numbers in the fewest digits, None for what is none."""
    if isinstance(column, Texts):
        return [column.texts[number] for number in column.numbers]
    if column.dtype == np.float32:
        column = column.astype("U16").astype(np.float64)
    values: list[Any] = column.tolist()
    return [number(value) if isinstance(value, float) else value for value in values]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "-" if value is None else str(value)
