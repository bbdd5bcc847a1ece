"""A trained lip network of one person: reads frames, draws mouths, keeps itself on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..crops import SIZE
from .export import export_lips
from .network import LATENT, OPEN_REFERENCES, Person, as_tensor
from .recording import Crops, Recording
from .step import LipNetworks

LEVELS = 127
"""A stored latent is int8; 127 stands for 1."""

Latents = NDArray[np.float32]
"""Shape (n, 16, 16, 16), whole multiples of 1/127 within [-1, 1]."""


class OwnMaps(nn.Module):
    """One person's references, and the feature maps that are learned for them."""

    rest: Tensor
    opened: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("rest", torch.zeros(1, 3, size, size))
        self.register_buffer("opened", torch.zeros(1, 3 * OPEN_REFERENCES, size, size))
        blank = LipNetworks().person_encoder(self.rest, self.opened)
        self.features = nn.Parameter(torch.zeros_like(blank.features))
        self.detail = nn.Parameter(torch.zeros_like(blank.detail))

    def person(self) -> Person:
        """As the decoder wants it."""
        return Person(self.rest, self.opened, self.features, self.detail)


@dataclass
class LipModel:
    """Draws one person's mouth."""

    networks: LipNetworks
    own: OwnMaps

    @property
    def size(self) -> int:
        """Pixels along one side of a patch."""
        return int(self.own.rest.shape[-1])

    @classmethod
    def start(cls, networks: LipNetworks, recording: Recording) -> LipModel:
        """Before any learning: the base network with this person's references."""
        own = OwnMaps(recording.crops.shape[1])
        rest, opened = recording.references()
        pictures = as_tensor(recording.crops[[rest, *opened]])
        own.rest.copy_(pictures[:1])
        own.opened.copy_(pictures[1:].reshape(1, -1, *pictures.shape[2:]))
        with torch.no_grad():
            guess = networks.person_encoder(own.rest, own.opened)
            own.features.copy_(guess.features)
            own.detail.copy_(guess.detail)
        return cls(networks, own)

    def encode(self, crops: Crops) -> Latents:
        """What the decoder has to know of each frame: uint8 (n, size, size, 3) -> (n, 16, 16, 16)."""
        rows = [np.zeros((0, *LATENT), np.float32)]
        with torch.no_grad():
            for start in range(0, len(crops), 32):
                latent = self.networks.frame_encoder(as_tensor(crops[start : start + 32]))
                rows.append(torch.round(latent * LEVELS).numpy() / np.float32(LEVELS))
        return np.concatenate(rows)

    def draw(self, weights: NDArray[np.floating], latents: Latents) -> Crops:  # type: ignore[type-arg]
        """Patches, uint8 (n, size, size, 3), for `weights` (n, k), or (k,) for all frames alike."""
        rows = [np.zeros((0, self.size, self.size, 3), np.uint8)]
        every = np.broadcast_to(np.asarray(weights, np.float32), (len(latents), np.shape(weights)[-1]))
        with torch.no_grad():
            for start in range(0, len(latents), 16):
                said = torch.from_numpy(every[start : start + 16].copy())
                latent = torch.from_numpy(np.ascontiguousarray(latents[start : start + 16]))
                patch = self.networks.decoder(said, latent, self.own.person())
                pixels = torch.round(patch * 255).to(torch.uint8)
                rows.append(pixels.permute(0, 2, 3, 1).numpy())
        return np.concatenate(rows)

    def export(self, path: Path) -> None:
        """Write the decoder as the package wants it (manifest: Lips.network)."""
        export_lips(self.networks.decoder, self.own.person(), path)

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


def quantised(latents: Latents) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Latents as a package stores them: int8 (n, c, h, w) and float32 (c,); their product is the latent."""
    steps = np.clip(np.rint(latents * LEVELS), -LEVELS, LEVELS).astype(np.int8)
    return steps, np.full(latents.shape[1], 1 / LEVELS, np.float32)
