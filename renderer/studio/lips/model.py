"""A trained lip network of one person: draws mouths, keeps itself on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..crops import SIZE
from .export import export_lips
from .fields import OPEN_REFERENCES, as_tensor, drawn_by, in_pixels
from .network import DETAIL, LATENT, PERSON, Person
from .recording import Crops, Recording
from .step import LipNetworks

TYPICAL = 64
"""Frames of a recording whose mean says what is told the network of light and pose."""

Real = NDArray[np.floating[Any]]


class OwnMaps(nn.Module):
    """One person's references, and the feature maps that are learned for them."""

    opened: Tensor
    frames: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("opened", torch.zeros(1, 3 * OPEN_REFERENCES, size, size))
        self.register_buffer("frames", torch.zeros(OPEN_REFERENCES, dtype=torch.int64))
        self.latent = nn.Parameter(torch.zeros(1, *LATENT))
        self.features = nn.Parameter(torch.zeros(1, PERSON, 16, 16))
        self.detail = nn.Parameter(torch.zeros(1, DETAIL, 32, 32))

    def person(self) -> Person:
        """As the decoder wants it."""
        return Person(self.latent, self.features, self.detail)


@dataclass
class LipModel:
    """Draws one person's mouth."""

    networks: LipNetworks
    own: OwnMaps

    @property
    def size(self) -> int:
        """Pixels along one side of a patch."""
        return int(self.own.opened.shape[-1])

    @property
    def references(self) -> list[int]:
        """The frames of the recording that show the open mouth, from which teeth and tongue come."""
        return [int(frame) for frame in self.own.frames]

    @classmethod
    def start(cls, networks: LipNetworks, recording: Recording) -> LipModel:
        """Before any learning: the base network with this person's references."""
        own = OwnMaps(recording.crops.shape[1])
        rest, opened = recording.references()
        pictures = as_tensor(recording.crops[[rest, *opened]])
        own.frames.copy_(torch.tensor(opened))
        own.opened.copy_(pictures[1:].reshape(1, -1, *pictures.shape[2:]))
        with torch.no_grad():
            features, detail = networks.person_encoder(pictures[:1], own.opened)
            own.features.copy_(features)
            own.detail.copy_(detail)
            count = len(recording.crops)
            some = np.unique(np.linspace(0, count - 1, min(TYPICAL, count)).astype(int))
            own.latent.copy_(networks.frame_encoder(recording.surroundings(some)).mean(dim=0, keepdim=True))
        return cls(networks, own)

    def fields(self, weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What the player's kernel draws by (kernels/mouth.py): skin (n, 5, ., .) and inner (n, 10, ., .).

        `weights` has shape (n, k).
        """
        skin, inner = [], []
        with torch.no_grad():
            for start in range(0, len(weights), 16):
                said = torch.from_numpy(weights[start : start + 16].copy())
                fields = in_pixels(self.networks.decoder(said, self.own.person()), self.size)
                skin.append(fields.skin.contiguous().numpy())
                inner.append(fields.inner.contiguous().numpy())
        return np.concatenate(skin), np.concatenate(inner)

    def draw(self, weights: Real, around: Crops) -> Crops:
        """Drawn crops, uint8 (n, size, size, 3), from crops at rest, (n, size, size, 3).

        `weights` is (n, k), or (k,) for all frames alike.
        """
        rows = [np.zeros((0, self.size, self.size, 3), np.uint8)]
        every = np.broadcast_to(np.asarray(weights, np.float32), (len(around), np.shape(weights)[-1]))
        with torch.no_grad():
            for start in range(0, len(around), 16):
                piece = slice(start, start + 16)
                fields = self.networks.decoder(torch.from_numpy(every[piece].copy()), self.own.person())
                drawn = drawn_by(fields, as_tensor(around[piece]), self.own.opened)
                rows.append(torch.round(drawn * 255).to(torch.uint8).permute(0, 2, 3, 1).numpy())
        return np.concatenate(rows)

    def export(self, path: Path) -> None:
        """Write the decoder as the package wants it (manifest: Lips.network)."""
        export_lips(self.networks.decoder, self.own.person(), self.size, path)

    def save(self, path: Path) -> None:
        """Write what `load` reads; replaces the file in one go."""
        fresh = path.with_suffix(".new")
        torch.save(
            {"networks": self.networks.state_dict(), "own": self.own.state_dict(), "size": self.size}, fresh
        )
        fresh.replace(path)

    @classmethod
    def load(cls, path: Path) -> LipModel:
        """Read a model written by `save`."""
        kept = torch.load(path, weights_only=True)
        model = cls(LipNetworks(), OwnMaps(int(kept.get("size", SIZE))))
        model.networks.load_state_dict(kept["networks"])
        model.own.load_state_dict(kept["own"])
        return model
