"""The same networks, data and step in PyTorch, as its users write them. Knows nothing of ours.

`python -m bench.peers A` makes three training steps, for their memory.
"""

import sys
from collections.abc import Callable

import torch
from bench.shapes import CLASSES, Observations, Shape, random_observations, shape_of
from bench.torch_bodies import body_of


class Peer(torch.nn.Module):
    """A body and its head."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.body = body_of(shape)
        width = self.body.width
        layers: list[torch.nn.Module] = [torch.nn.Linear(width, CLASSES if shape.classifies else 1)]
        if "dropout" in shape.head:
            layers = [torch.nn.Linear(width, 50), torch.nn.Dropout(0.5), torch.nn.Linear(50, 1)]
        self.head = torch.nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores or responses, [T, B, K] or [B, K]."""
        answer: torch.Tensor = self.head(self.body(x))
        return answer


def peer(shape: Shape, observations: Observations) -> tuple[Callable[[], object], Callable[[], object]]:
    """A training step and a prediction: mini-batch put together, loss, decay, clipping, Adam."""
    network = Peer(shape)
    solver = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=1e-4)
    measure = torch.nn.CrossEntropyLoss() if shape.classifies else torch.nn.MSELoss()
    values, targets = torch.tensor(observations.values), torch.tensor(observations.targets)
    xs = network.body.arrange(list(values.split(shape.T)))
    ts = [] if shape.last else list(targets.split(shape.T))

    def step() -> float:
        x = network.body.join(xs)
        t = targets if shape.last else torch.nn.utils.rnn.pad_sequence(ts)
        solver.zero_grad()
        y = network(x)
        if shape.classifies:
            loss = measure(y.reshape(-1, y.shape[-1]), t.reshape(-1).long())
        else:
            loss = measure(y, t)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        solver.step()
        return float(loss.item())

    def predict() -> object:
        network.eval()
        with torch.inference_mode():
            y = network(network.body.join(xs))
            answer = y.softmax(-1) if shape.classifies else y
        network.train()
        return answer.numpy()

    return step, predict


def main() -> None:
    """Three training steps of the shape that is named."""
    shape = shape_of(sys.argv[1])
    step, _ = peer(shape, random_observations(shape))
    for _ in range(3):
        step()


if __name__ == "__main__":
    main()
