"""A plain PyTorch script: what `lstmcli train layer_specs/japanese_vowels_lstm.yaml` does, and no more.

The argument is the folder with train.csv and test.csv. As in that spec the order is drawn once, so the
mini-batches are padded once; clipping is the one call that PyTorch has for it.
"""

import sys
from pathlib import Path

import numpy as np
import torch


def read(path: Path) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Sequences [T, 12] and their classes."""
    table = np.loadtxt(path, np.float32, delimiter=",", skiprows=1)
    edges = np.flatnonzero(np.diff(table[:, 0])) + 1
    parts = np.split(table, edges)
    classes = torch.tensor([int(part[0, -1]) - 1 for part in parts])
    return [torch.from_numpy(part[:, 1:-1]) for part in parts], classes


class Classifier(torch.nn.Module):
    """LSTM, its last step, fully connected."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = torch.nn.LSTM(12, 100)
        self.head = torch.nn.Linear(100, 9)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores [B, 9] of x[T, B, 12]."""
        _, (h, _) = self.lstm(x)
        scores: torch.Tensor = self.head(h[-1])
        return scores


def main() -> None:
    """Train and print the accuracy on the test set."""
    folder = Path(sys.argv[1])
    sequences, classes = read(folder / "train.csv")
    torch.manual_seed(0)
    network, measure = Classifier(), torch.nn.CrossEntropyLoss()
    solver = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=1e-4)
    pad = torch.nn.utils.rnn.pad_sequence
    batches = [
        (pad([sequences[n] for n in rows]), classes[rows])
        for rows in torch.randperm(len(sequences)).split(27)
        if len(rows) == 27
    ]
    for _ in range(100):
        for x, target in batches:
            solver.zero_grad()
            loss = measure(network(x), target)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            solver.step()
    sequences, classes = read(folder / "test.csv")
    with torch.inference_mode():
        scores = torch.cat([network(pad(sequences[k : k + 27])) for k in range(0, len(sequences), 27)])
    print(f"test accuracy: {(scores.argmax(1) == classes).float().mean():.4f}")


if __name__ == "__main__":
    main()
