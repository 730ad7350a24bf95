"""The bodies of the shapes in PyTorch, each with its data as PyTorch's layers want it: knows nothing of ours.

`join` makes a mini-batch of sequences [T, C]; `forward` answers [T, B, K], or [B, K] where a sequence has one
answer.
"""

import torch
from bench.shapes import Shape
from torch.nn import functional

Tensors = list[torch.Tensor]


class Body(torch.nn.Module):
    """What is in front of the head; `width` channels come out."""

    width: int

    def arrange(self, xs: Tensors) -> Tensors:
        """The sequences as they are kept."""
        return xs

    def join(self, xs: Tensors) -> torch.Tensor:
        """A mini-batch of them."""
        return torch.nn.utils.rnn.pad_sequence(xs)


class Recurrent(Body):
    """LSTM or GRU, one way or both."""

    def __init__(self, shape: Shape):
        super().__init__()
        kind = torch.nn.GRU if shape.word == "gru" else torch.nn.LSTM
        ways = 2 if shape.word == "bilstm" else 1
        self.recurrent = kind(shape.C, shape.H, bidirectional=ways == 2)
        self.width, self.last = ways * shape.H, shape.last

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """h of all steps, or the last."""
        y, state = self.recurrent(x)
        h = state[0] if isinstance(state, tuple) else state
        answer: torch.Tensor = torch.cat(list(h), dim=1) if self.last else y
        return answer


class AlongTime(Body):
    """Layers over [B, C, T]."""

    def __init__(self, width: int, last: bool, *layers: torch.nn.Module):
        super().__init__()
        self.width, self.last, self.layers = width, last, torch.nn.Sequential(*layers)

    def arrange(self, xs: Tensors) -> Tensors:
        """[C, T] each."""
        return [x.T.contiguous() for x in xs]

    def join(self, xs: Tensors) -> torch.Tensor:
        """[B, C, T]."""
        return torch.stack(xs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Through the layers."""
        y: torch.Tensor = self.layers(x)
        return y.squeeze(-1) if self.last else y.permute(2, 0, 1)


class Causal(torch.nn.Conv1d):
    """A convolution that sees nothing later."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Zeros in front."""
        return super().forward(functional.pad(input, (self.kernel_size[0] - 1, 0)))


class NormalizedChannels(torch.nn.LayerNorm):
    """LayerNorm over the channels of [B, C, T]."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """As its users write it."""
        return super().forward(input.transpose(1, 2)).transpose(1, 2)


class Steps(Body):
    """A fully connected layer at each step of [B, T, C], then one more layer."""

    def __init__(self, C: int, width: int, *layers: torch.nn.Module):
        super().__init__()
        self.width, self.layers = width, torch.nn.Sequential(torch.nn.Linear(C, width), *layers)

    def join(self, xs: Tensors) -> torch.Tensor:
        """[B, T, C]."""
        return torch.stack(xs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Through the layers."""
        y: torch.Tensor = self.layers(x)
        return y.transpose(0, 1) if y.dim() == 3 else y


class OverTime(torch.nn.Module):
    """A layer over [B, C, T] for [B, T, C]."""

    def __init__(self, layer: torch.nn.Module, last: bool = False):
        super().__init__()
        self.layer, self.last = layer, last

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """There and back."""
        y: torch.Tensor = self.layer(x.transpose(1, 2))
        return y.squeeze(-1) if self.last else y.transpose(1, 2)


class Video(Body):
    """Layers over the frames [B T, C, h, w], then an LSTM, or the mean over time."""

    def __init__(self, shape: Shape, width: int, *layers: torch.nn.Module):
        super().__init__()
        self.image, self.layers = shape.image, torch.nn.Sequential(*layers)
        self.lstm = torch.nn.LSTM(width, shape.H) if shape.H else None
        self.width = shape.H or width

    def arrange(self, xs: Tensors) -> Tensors:
        """[T, C, h, w] each."""
        h, w, C = self.image
        return [x.reshape(len(x), C, w, h).transpose(2, 3).contiguous() for x in xs]

    def join(self, xs: Tensors) -> torch.Tensor:
        """[B, T, C, h, w]."""
        return torch.stack(xs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Frames apart, then together."""
        y = self.layers(x.flatten(0, 1)).unflatten(0, x.shape[:2])
        if self.lstm is None:
            mean: torch.Tensor = y.mean(1)
            return mean
        _, (h, _) = self.lstm(y.transpose(0, 1))
        return h[-1]


class Attention(Body):
    """Self-attention over [B, T, C]."""

    def __init__(self, shape: Shape, heads: int, keys: int, causal: bool):
        super().__init__()
        self.heads, self.causal, self.width = heads, causal, shape.C
        self.project, self.output = torch.nn.Linear(shape.C, 3 * keys), torch.nn.Linear(keys, shape.C)

    def join(self, xs: Tensors) -> torch.Tensor:
        """[B, T, C]."""
        return torch.stack(xs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """PyTorch's one call for the heads."""
        parts = self.project(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        o = functional.scaled_dot_product_attention(*parts, is_causal=self.causal)
        y: torch.Tensor = self.output(o.transpose(1, 2).flatten(2))
        return y.transpose(0, 1)


def body_of(shape: Shape) -> Body:
    """The body of a shape, written as PyTorch's users write it."""
    nn = torch.nn
    if shape.word in ("lstm", "bilstm", "gru"):
        return Recurrent(shape)
    match shape.name:
        case "C1V":
            norms = NormalizedChannels(32), NormalizedChannels(64)
            first, second = Causal(12, 32, 3), Causal(32, 64, 3)
            pool = nn.AdaptiveAvgPool1d(1)
            return AlongTime(64, True, first, nn.ReLU(), norms[0], second, nn.ReLU(), norms[1], pool)
        case "C1":
            first, second = nn.Conv1d(16, 64, 5, padding=2), nn.Conv1d(64, 64, 5, padding=2)
            return AlongTime(64, False, first, nn.ReLU(), second, nn.ReLU())
        case "C2V":
            return Video(
                shape, 20 * 16 * 16, nn.Conv2d(1, 20, 5), nn.BatchNorm2d(20), nn.ReLU(), nn.Flatten()
            )
        case "C2":
            first, second = nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
            pools = nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1)
            return Video(shape, 32, first, nn.ReLU(), pools[0], second, nn.ReLU(), pools[1], nn.Flatten())
        case "S":
            return Attention(shape, 4, 64, False)
        case "SL":
            return Attention(shape, 8, 128, True)
        case "NL":
            return Steps(16, 64, nn.LayerNorm(64))
    over_time = {
        "P": OverTime(nn.MaxPool1d(5, 1, 2)),
        "PA": OverTime(nn.AvgPool1d(5, 1, 2)),
        "PG": OverTime(nn.AdaptiveMaxPool1d(1), last=True),
        "NB": OverTime(nn.BatchNorm1d(64)),
    }
    return Steps(16, 64, over_time[shape.name])
