"""The shapes a mouth network was tried in. Each hears a tick and says the mouth of three ticks before.

All have the same door: `forward(mel, state)` maps mel (batch, ticks, 320) and the state before them
(batch, S), zeros at first, to weights (batch, ticks, 10), the logit of voice (batch, ticks), the logits of
the speech sounds (batch, ticks, 40), used in training only, and the state after them.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from renderer.features import BANDS, COLUMNS
from renderer.studio.mouthspace import WEIGHTS

from .corpus.phones import PHONES

LOOK_AHEAD = 3
"""Ticks heard after the one whose mouth is said: 120 ms."""

Said = tuple[Tensor, Tensor, Tensor, Tensor]


class Heads(nn.Module):
    """What is read off the last layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mouth = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, len(WEIGHTS)))
        self.voice = nn.Linear(width, 1)
        self.phones = nn.Linear(width, len(PHONES))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.mouth(x), self.voice(x)[..., 0], self.phones(x)


class Block(nn.Module):
    """A causal dilated convolution over ticks, and what it adds to its input."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.past = 2 * dilation
        self.norm = nn.LayerNorm(width)
        self.taps = nn.Conv1d(width, width, 3, dilation=dilation)
        self.mix = nn.Linear(width, width)

    def forward(self, x: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        seen = torch.cat([past, self.norm(x)], dim=1)
        y = functional.relu(self.taps(seen.transpose(1, 2)).transpose(1, 2))
        return x + self.mix(y), seen[:, -self.past :]


class Tcn(nn.Module):
    """Dilated causal convolutions: sees the last 31 ticks (1.2 s)."""

    def __init__(self, width: int = 112, dilations: tuple[int, ...] = (1, 2, 4, 8)) -> None:
        super().__init__()
        self.width = width
        self.front = nn.Sequential(nn.Linear(COLUMNS * BANDS, width), nn.ReLU())
        self.blocks = nn.ModuleList(Block(width, dilation) for dilation in dilations)
        self.last = nn.LayerNorm(width)
        self.heads = Heads(width)
        self.parts = [block.past * width for block in self.blocks]
        self.state = sum(self.parts)

    def forward(self, mel: Tensor, state: Tensor) -> Said:
        x = self.front(mel)
        pasts = []
        for block, past in zip(self.blocks, state.split(self.parts, dim=1), strict=True):
            x, kept = block(x, past.reshape(past.shape[0], block.past, self.width))
            pasts.append(kept.reshape(past.shape))
        return *self.heads(self.last(x)), torch.cat(pasts, dim=1)


class Gru(nn.Module):
    """One recurrent layer over a window of two ticks."""

    def __init__(self, width: int = 128) -> None:
        super().__init__()
        bands = COLUMNS * BANDS
        self.front = nn.Sequential(nn.Linear(2 * bands, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.recurrent = nn.GRU(width, width, batch_first=True)
        self.after = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU())
        self.heads = Heads(width)
        self.parts = [bands, width]
        self.state = sum(self.parts)

    def forward(self, mel: Tensor, state: Tensor) -> Said:
        before, hidden = state.split(self.parts, dim=1)
        seen = torch.cat([before[:, None], mel], dim=1)
        x = self.front(torch.cat([seen[:, :-1], seen[:, 1:]], dim=2))
        y, last = self.recurrent(x, hidden[None].contiguous())
        return *self.heads(self.after(torch.cat([x, y], dim=2))), torch.cat([seen[:, -1], last[0]], dim=1)


DESIGNS: dict[str, type[Tcn] | type[Gru]] = {"tcn": Tcn, "gru": Gru}


def load(path: Path) -> Tcn | Gru:
    """The network of a training run."""
    run = torch.load(path, weights_only=True)
    network = DESIGNS[run["design"]]()
    network.load_state_dict(run["network"])
    network.eval()
    return network
