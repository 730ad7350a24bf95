"""A plain PyTorch script: what `lstmcli predict` does with a long CSV, with the fastest reader there is.

The arguments are the CSV and the file for the answers. The weights are random.
"""

import sys

import numpy as np
import pyarrow as pa
import torch
from pyarrow import csv

BATCH, UNITS, CLASSES = 128, 100, 9


def read(path: str) -> tuple[pa.Array, list[torch.Tensor]]:
    """Names of the sequences, and the sequences [T, C]: all rows in a row with the same name."""
    table = csv.read_csv(path)
    names = table["sequence"].combine_chunks()
    columns = [table[name].to_numpy() for name in table.column_names[1:]]
    values = torch.from_numpy(np.stack(columns, axis=1, dtype=np.float32, casting="same_kind"))
    coded = names.to_numpy(zero_copy_only=False)
    starts = np.concatenate([[0], np.flatnonzero(coded[1:] != coded[:-1]) + 1])
    lengths = np.diff(starts, append=len(coded))
    return names.take(pa.array(starts)), list(values.split(lengths.tolist()))


def main() -> None:
    """Read, predict, write."""
    source, target = sys.argv[1:]
    names, sequences = read(source)
    lstm = torch.nn.LSTM(sequences[0].shape[1], UNITS)
    head = torch.nn.Linear(UNITS, CLASSES)
    answers = []
    with torch.inference_mode():
        for first in range(0, len(sequences), BATCH):
            _, (h, _) = lstm(torch.nn.utils.rnn.pad_sequence(sequences[first : first + BATCH]))
            answers.append(head(h[-1]).softmax(1))
    scores = torch.cat(answers)
    columns = {"sequence": names, "label": (scores.argmax(1) + 1).numpy()}
    columns |= {str(k + 1): scores[:, k].contiguous().numpy() for k in range(CLASSES)}
    csv.write_csv(pa.table(columns), target)


if __name__ == "__main__":
    main()
