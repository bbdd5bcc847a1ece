"""The networks that draw a mouth: what the player runs, and the two encoders that only the studio runs.

The drawn mouth is put together from real pictures of the person and a little paint (docs/lips.md):

    the frame, its mouth at rest ── bent by a smooth flow ─┐
    open references ── each bent by its own flow ── inner ─┼─ mixed per pixel ─ + soft colour ─► mouth
    paint (RGB straight from the network) ──────── window ─┘

The network gives the fields: flows, mixing shares, paint and colour, from a few convolutions on 16, 32 and
32 cells a side. They read feature maps of the person and the mouth weights spread out into maps; the weights
also steer every layer by scale and shift (FiLM, Perez et al. 2018). Light and pose are the frame's own. The
player draws by the fields (fields.py).
Pictures are float32 in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..crops import hidden
from ..mouthspace import WEIGHTS
from .fields import CELLS, OPEN_REFERENCES, Fields, in_window, resize, spread, taper

LATENT = (16, 16, 16)
"""Channels, rows and columns of what the base network is told of a frame's light and pose, in [-1, 1]. A
person's own network has one for all frames: it draws from the frame itself."""

PERSON = 24
"""Channels of the person's 16x16 feature map, which covers the whole crop."""

DETAIL = 16
"""Channels of the person's 32x32 feature map, which covers the inner window."""

SAID, SAID_INNER = 16, 8
"""Channels of the maps into which the mouth weights are spread out, 16x16 and (inner window) 32x32."""

WIDTH = 64
FINE = 32

SOURCES = 2 + OPEN_REFERENCES
"""What is mixed in the inner window: the bent frame, the open references, the paint."""


@dataclass
class Person:
    """What the decoder knows about one person, or about each person of a batch."""

    latent: Tensor
    """(b, *LATENT)"""

    features: Tensor
    """(b, PERSON, 16, 16)"""

    detail: Tensor
    """(b, DETAIL, 32, 32)"""


def _down(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 4, stride=2, padding=1), nn.ReLU())


class FrameEncoder(nn.Module):
    """Light and pose of a frame: its crop without the mouth -> latent. Runs in the studio."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(_down(4, 24), _down(24, 32), _down(32, 32))
        self.last = nn.Conv2d(32, LATENT[0], 3, padding=1)
        self.register_buffer("seen", torch.from_numpy(~hidden(128)).float()[None, None], persistent=False)

    def forward(self, crops: Tensor) -> Tensor:
        """(b, 3, size, size) -> (b, 16, 16, 16)"""
        crops = resize(crops, 128)
        seen: Tensor = self.seen
        shown = torch.cat([(crops - 0.5) * seen, seen.expand(len(crops), -1, -1, -1)], dim=1)
        return torch.tanh(self.last(self.layers(shown)))


class PersonEncoder(nn.Module):
    """A first guess at a person's feature maps, from the references. Runs in the studio."""

    def __init__(self) -> None:
        super().__init__()
        pictures = 3 * (1 + OPEN_REFERENCES)
        self.wide = nn.Sequential(_down(pictures, 32), _down(32, 48), _down(48, 48))
        self.wide_last = nn.Conv2d(48, PERSON, 3, padding=1)
        self.near = nn.Sequential(_down(pictures, 32), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU())
        self.near_last = nn.Conv2d(32, DETAIL, 3, padding=1)

    def forward(self, rest: Tensor, opened: Tensor) -> tuple[Tensor, Tensor]:
        """`rest` (b, 3, size, size), `opened` (b, OPEN_REFERENCES * 3, size, size) -> Person's two maps"""
        pictures = resize(torch.cat([rest, opened], dim=1), 128) - 0.5
        features = torch.tanh(self.wide_last(self.wide(pictures)))
        detail = torch.tanh(self.near_last(self.near(in_window(pictures))))
        return features, detail


class LipDecoder(nn.Module):
    """Mouth weights and the person -> fields. This is what the player runs."""

    unmoved: Tensor

    def __init__(self, weights: int = len(WEIGHTS)) -> None:
        super().__init__()
        self.said = nn.Linear(weights, SAID * 16 * 16)
        self.said_inner = nn.Linear(weights, SAID_INNER * 32 * 32)
        self.enter = nn.Conv2d(LATENT[0] + PERSON + SAID, WIDTH, 3, padding=1)
        self.coarse = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 3, padding=1) for _ in range(2))
        self.medium = nn.ModuleList(
            [nn.Conv2d(WIDTH, FINE, 3, padding=1), nn.Conv2d(FINE, FINE, 3, padding=1)]
        )
        self.medium_out = nn.Conv2d(FINE, 2 + 3, 3, padding=1)
        self.inner = nn.ModuleList(
            [nn.Conv2d(FINE + DETAIL + SAID_INNER, 48, 3, padding=1), nn.Conv2d(48, FINE, 3, padding=1)]
        )
        self.inner_out = nn.Conv2d(FINE, 2 * (1 + OPEN_REFERENCES) + 4 * 3 + 4 * SOURCES, 3, padding=1)
        self.channels: Sequence[int] = (WIDTH, WIDTH, WIDTH, FINE, FINE, 48, FINE)
        self.steer = nn.Sequential(nn.Linear(weights, 64), nn.ReLU(), nn.Linear(64, 2 * sum(self.channels)))
        unmoved = torch.cat([torch.cat([torch.ones(c), torch.zeros(c)]) for c in self.channels])
        self.register_buffer("unmoved", unmoved, persistent=False)
        self._start_at_rest()

    def _start_at_rest(self) -> None:
        """Begin with the rest reference as it is: no flow, little paint."""
        with torch.no_grad():
            for layer in (self.medium_out, self.inner_out):
                layer.weight.mul_(0.1)
                layer.bias.zero_()
            self.inner_out.bias[-4 * SOURCES : -4 * SOURCES + 4] = 1.5

    def forward(self, weights: Tensor, person: Person) -> Fields:
        """(b, k) -> fields"""
        known = [maps.expand(len(weights), -1, -1, -1) for maps in (person.latent, person.features)]
        detail = person.detail.expand(len(weights), -1, -1, -1)
        said = self.said(weights).reshape(-1, SAID, 16, 16)
        said_inner = self.said_inner(weights).reshape(-1, SAID_INNER, 32, 32)
        return self.fields(
            weights,
            self.enter(torch.cat([*known, said], dim=1)),
            lambda near: self.inner[0](torch.cat([near, detail, said_inner], dim=1)),
        )

    def fields(self, weights: Tensor, entered: Tensor, enter_inner: Callable[[Tensor], Tensor]) -> Fields:
        """All but the first layer of either part, which knows the person."""
        film = (self.steer(weights) + self.unmoved)[:, :, None, None]
        film = film.split([c for c in self.channels for _ in range(2)], dim=1)

        def steered(maps: Tensor, layer: int) -> Tensor:
            return F.relu(maps * film[2 * layer] + film[2 * layer + 1])

        maps = steered(entered, 0)
        for number, layer in enumerate(self.coarse):
            maps = maps + steered(layer(maps), 1 + number)
        maps = F.interpolate(maps, scale_factor=2.0, mode="nearest")
        for number, layer in enumerate(self.medium):
            maps = steered(layer(maps), 3 + number)
        wide = self.medium_out(maps).float()  # positions need all their digits
        near = steered(enter_inner(F.interpolate(in_window(maps), scale_factor=2.0, mode="nearest")), 5)
        near = self.inner_out(steered(self.inner[1](near), 6)).float()
        flows, paint, shares = near.split([2 * (1 + OPEN_REFERENCES), 4 * 3, 4 * SOURCES], dim=1)

        wide = resize(wide, CELLS)
        # counted as `grid_sample` does, in half crops, until here
        flow = 0.5 * (wide[:, :2] + spread(flows[:, :2]))
        # a softmax over the sources, without the transposes onnxruntime wraps around one
        share = torch.exp(F.pixel_shuffle(shares, 2).clamp(-20, 20))
        share = share[:, 1:] * (taper(CELLS) / share.sum(dim=1, keepdim=True))
        painted = torch.sigmoid(F.pixel_shuffle(paint, 2))
        inner = torch.cat([0.5 * resize(flows[:, 2:], CELLS), share, painted], dim=1)
        return Fields(torch.cat([flow, wide[:, 2:]], dim=1), inner)


class Critic(nn.Module):
    """Tells filmed inner mouths from drawn ones, cell by cell (a patch discriminator, Isola et al. 2017)."""

    def __init__(self, weights: int = len(WEIGHTS)) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(3, 32, 4, stride=2, padding=1),
                nn.Conv2d(32, 64, 4, stride=2, padding=1),
                nn.Conv2d(64, 96, 4, stride=2, padding=1),
            ]
        )
        self.said = nn.Linear(weights, 96)
        self.last = nn.Conv2d(96, 1, 3, padding=1)

    def forward(self, pictures: Tensor, weights: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Whole crops and the weights they should show -> (b, 1, 8, 8) scores, and the features."""
        maps = resize(in_window(pictures), 64) - 0.5
        features = []
        for layer in self.layers:
            maps = F.leaky_relu(layer(maps), 0.2)
            features.append(maps)
        fits = (maps * self.said(weights)[:, :, None, None]).mean(dim=1, keepdim=True)
        return (self.last(maps) + fits).float(), features
