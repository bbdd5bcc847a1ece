"""The networks of this recipe: a mouth and a voice, each a stack of causal convolutions, run as one."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from renderer.features import BANDS, COLUMNS
from renderer.studio.mouthspace import WEIGHTS

from ..network import LOOK_AHEAD, Block, Said

__all__ = ["HEARD", "LOOK_AHEAD", "Duet", "Heads", "Pupil", "Said", "load"]

HEARD = 64
"""Main directions of what the listener hears, which the network must tell too while it learns."""

DILATIONS = (1, 2, 4, 8)


class Heads(nn.Module):
    """What is read off the last layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mouth = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, len(WEIGHTS)))
        self.voice = nn.Sequential(nn.Linear(width, 48), nn.ReLU(), nn.Linear(48, 1))
        self.heard = nn.Linear(width, HEARD)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.mouth(x), self.voice(x)[..., 0], self.heard(x)


class Pupil(nn.Module):
    """Maps mel (batch, ticks, 320) and state (batch, S) to weights (batch, ticks, 10), the logit of voice
    (batch, ticks), what the listener would have heard (batch, ticks, HEARD) and the state after them."""

    def __init__(self, width: int = 112) -> None:
        super().__init__()
        self.width = width
        self.front = nn.Sequential(nn.Linear(COLUMNS * BANDS, width), nn.ReLU())
        self.blocks = nn.ModuleList(Block(width, dilation) for dilation in DILATIONS)
        self.last = nn.LayerNorm(width)
        self.heads = Heads(width)
        self.parts = [2 * dilation * width for dilation in DILATIONS]
        self.state = sum(self.parts)

    def forward(self, mel: Tensor, state: Tensor) -> Said:
        x = self.front(mel)
        pasts = []
        for block, past in zip(self.blocks, state.split(self.parts, dim=1), strict=True):
            x, kept = block(x, past.reshape(past.shape[0], -1, self.width))
            pasts.append(kept.reshape(past.shape))
        return *self.heads(self.last(x)), torch.cat(pasts, dim=1)


class Duet(nn.Module):
    """The mouth of one network and the voice of another, which had to hear more noise to learn it."""

    def __init__(self, mouth: nn.Module, mouth_state: int, voice: Pupil) -> None:
        super().__init__()
        self.mouth, self.voice = mouth, voice
        self.parts = [mouth_state, voice.state]
        self.state = sum(self.parts)

    def forward(self, mel: Tensor, state: Tensor) -> Said:
        of_mouth, of_voice = state.split(self.parts, dim=1)
        weights, _, heard, mouth_after = self.mouth(mel, of_mouth)
        _, voice, _, voice_after = self.voice(mel, of_voice)
        return weights, voice, heard, torch.cat([mouth_after, voice_after], dim=1)


def load(path: Path) -> Pupil:
    """The network of a training run."""
    tables = torch.load(path, weights_only=True)["network"]
    network = Pupil(width=len(tables["last.bias"]))
    network.load_state_dict(tables)
    network.eval()
    return network
