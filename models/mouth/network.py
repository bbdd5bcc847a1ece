"""The mouth network, as it is trained. It hears a tick and says the mouth of two ticks before.

While it learns it also names the speech sounds: whoever knows those knows the mouths of people never filmed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from renderer.features import BANDS, COLUMNS
from renderer.studio.mouthspace import WEIGHTS

from .corpus.phones import PHONES
from .evaluation.predictors import FIRST

LOOK_AHEAD = 2
"""Ticks heard after the one whose mouth is said: the first mouth is known after 120 ms of sound."""


class Said(NamedTuple):
    """What a network says about ticks, `LOOK_AHEAD` late; shapes after (batch, ticks)."""

    mouth: Tensor
    """(..., 10)"""
    voice: Tensor
    """(...), the logit of speech."""
    sounds: Tensor
    """(..., 40), logits of the speech sounds; used in training only."""
    state: Tensor
    """(batch, S)"""


class Columns(nn.Module):
    """Two convolutions over the 10 ms columns of a tick and the one before it: bursts are short."""

    def __init__(self, width: int, channels: int = 96) -> None:
        super().__init__()
        self.first = nn.Conv1d(BANDS, channels, 3)
        self.second = nn.Conv1d(channels, channels, 3)
        self.gather = nn.Conv1d(channels, width, COLUMNS, stride=COLUMNS)

    def forward(self, mel: Tensor, before: Tensor) -> Tensor:
        batch = mel.shape[0]
        columns = torch.cat([before.reshape(batch, COLUMNS, BANDS), mel.reshape(batch, -1, BANDS)], dim=1)
        x = functional.relu(self.first(columns.transpose(1, 2)))
        x = functional.relu(self.second(x))
        gathered: Tensor = self.gather(x)
        return gathered.transpose(1, 2)


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


class Heads(nn.Module):
    """What is read off the last layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mouth = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, len(WEIGHTS)))
        self.voice = nn.Sequential(
            nn.Linear(width, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1)
        )
        self.sounds = nn.Linear(width, len(PHONES))


class Network(nn.Module):
    """mel (batch, ticks, 320) and the state before them (batch, S), zeros at first, to what is `Said`.

    Dilated causal convolutions that see the last 45 ticks (1.8 s).
    """

    def __init__(self, width: int = 112, dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2, 4)) -> None:
        super().__init__()
        self.width = width
        self.columns = Columns(width)
        self.front = nn.Sequential(nn.Linear(COLUMNS * BANDS, width), nn.ReLU())
        self.blocks = nn.ModuleList(Block(width, dilation) for dilation in dilations)
        self.last = nn.LayerNorm(width)
        self.heads = Heads(width)
        self.parts = [COLUMNS * BANDS, *(block.past * width for block in self.blocks)]
        self.state = sum(self.parts)

    def hear(self, mel: Tensor, state: Tensor) -> Tensor:
        """The last layer's view of every tick, (batch, ticks, width)."""
        return self._hear(mel, state)[0]

    def _hear(self, mel: Tensor, state: Tensor) -> tuple[Tensor, list[Tensor]]:
        before, *pasts = state.split(self.parts, dim=1)
        x = self.front(mel) + self.columns(mel, before)
        kept = [mel[:, -1]]
        for block, past in zip(self.blocks, pasts, strict=True):
            x, after = block(x, past.reshape(len(mel), block.past, self.width))
            kept.append(after.reshape(past.shape))
        return self.last(x), kept

    def forward(self, mel: Tensor, state: Tensor) -> Said:
        x, kept = self._hear(mel, state)
        heads = self.heads
        return Said(heads.mouth(x), heads.voice(x)[..., 0], heads.sounds(x), torch.cat(kept, dim=1))

    def silence(self, batch: int) -> Tensor:
        """The state before anything was heard."""
        return torch.zeros(batch, self.state)

    def grow_from_first(self) -> None:
        """Take over what the first network of this project knows: what is new adds nothing at first."""
        self.load_state_dict(first_network(), strict=False)
        for block in list(self.blocks)[FIRST_BLOCKS:]:
            assert isinstance(block, Block)
            nn.init.zeros_(block.mix.weight)
            nn.init.zeros_(block.mix.bias)
        nn.init.zeros_(self.columns.gather.weight)
        assert self.columns.gather.bias is not None
        nn.init.zeros_(self.columns.gather.bias)


FIRST_BLOCKS = 4


def first_network() -> dict[str, Tensor]:
    """The tables of first.onnx that this network has too, by their names here."""
    graph = onnx.load(str(FIRST)).graph
    tables = {one.name: torch.tensor(onnx.numpy_helper.to_array(one)) for one in graph.initializer}
    known = {
        name.removeprefix("network."): table for name, table in tables.items() if name.startswith("network.")
    }
    products = [node.input[1] for node in graph.node if node.op_type == "MatMul"]
    blocks = (f"blocks.{number}.mix.weight" for number in range(FIRST_BLOCKS))
    # The exporter names the tables of linear layers by number, in the order in which they are used
    linear = ("front.0.weight", *blocks, "heads.mouth.0.weight", "heads.mouth.2.weight")
    known |= {name: tables[product].T.contiguous() for name, product in zip(linear, products, strict=False)}
    return {name: table for name, table in known.items() if not name.startswith("heads.voice")}


def load(path: Path) -> Network:
    """The network of a training run."""
    network = Network()
    network.load_state_dict(torch.load(path, weights_only=True)["network"])
    network.eval()
    return network
