"""One tick of the mouth network in as few operations as it takes: how it is exported.

While an avatar speaks, pictures and lips drive out of the caches what the network ran through 40 ms ago, and
an operation costs what it takes to find it again, not what it computes: 52 operations in place of 125 took
0.26 ms in place of 0.43, and say the same numbers. So a tick is a row, a convolution over ticks one product
with three of them, and the state is cut once and put together once.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from renderer.features import BANDS, COLUMNS

from .network import Block, Network

HEARD = COLUMNS * BANDS


class Tick(nn.Module):
    """A network for one tick: mel (1, 4, 80) and state (1, S) to weights (1, 10), voice (1, 1) and state."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.blocks = [block for block in network.blocks if isinstance(block, Block)]
        self.taps = nn.ParameterList(_row(block.taps.weight) for block in self.blocks)
        self.gather = nn.Parameter(network.columns.gather.weight.detach().flatten(1))
        self.cuts = [HEARD, *(cut for block in self.blocks for cut in _cuts(block, network.width))]

    def forward(self, mel: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        network = self.network
        mel = mel.reshape(1, HEARD)
        before, *past = state.split(self.cuts, dim=1)
        x = network.front(mel) + self._columns(torch.cat([before, mel], dim=1))
        kept = [mel]
        for block, taps in zip(self.blocks, self.taps, strict=True):
            cuts = len(_cuts(block, network.width))
            mine, past = past[:cuts], past[cuts:]
            now = block.norm(x)
            seen = torch.cat([mine[0], mine[cuts // 2], now], dim=1)  # the ticks the dilation reaches
            x = x + block.mix(functional.relu(functional.linear(seen, taps, block.taps.bias)))
            kept += [*mine[1:], now]
        x, heads = network.last(x), network.heads
        return heads.mouth(x), torch.sigmoid(heads.voice(x)), torch.cat(kept, dim=1)

    def _columns(self, heard: Tensor) -> Tensor:
        """What the convolutions over columns say, (1, width)."""
        columns = self.network.columns
        x = functional.relu(columns.first(heard.reshape(1, 2 * COLUMNS, BANDS).transpose(1, 2)))
        x = functional.relu(columns.second(x))
        return functional.linear(x.reshape(1, -1), self.gather, columns.gather.bias)


def _row(weight: Tensor) -> nn.Parameter:
    """A convolution of three taps, (out, in, 3), as a product with three rows in one, (out, 3 * in)."""
    return nn.Parameter(weight.detach().permute(0, 2, 1).flatten(1).contiguous())


def _cuts(block: Block, width: int) -> list[int]:
    """Sizes of the parts of a block's past: each of the two ticks it uses, and what lies behind each."""
    between = (block.past // 2 - 1) * width
    return [width, between, width, between] if between else [width, width]
