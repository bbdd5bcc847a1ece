"""A lip network as the player runs it: one ONNX file that holds the person's references and feature maps."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ...errors import StudioError
from ...network import open_network
from ..crops import mouth_mask
from .network import LATENT, LipDecoder, Person

OPSET = 17
TOLERANCE = 2 / 255
"""Largest difference of a pixel that onnxruntime's patch may show against torch's."""


class _Player(nn.Module):
    """The decoder with one person built in."""

    def __init__(self, decoder: LipDecoder, person: Person) -> None:
        super().__init__()
        self.decoder = decoder
        for name in ("rest", "opened", "features", "detail"):
            self.register_buffer(name, getattr(person, name).detach().clone())

    def forward(self, weights: Tensor, latent: Tensor) -> Tensor:
        person = Person(*(getattr(self, name) for name in ("rest", "opened", "features", "detail")))
        patch: Tensor = self.decoder(weights, latent, person)
        return patch


def export_lips(decoder: LipDecoder, person: Person, path: Path) -> None:
    """Write one person's decoder: weights (1, k), latent (1, 16, 16, 16) -> patch (1, 3, size, size).

    Raises StudioError if onnxruntime does not draw with the file what torch draws.
    """
    player = _Player(decoder, person).eval()
    weights = torch.linspace(-2, 2, decoder.steer[0].in_features)[None]
    latent = torch.linspace(-1, 1, int(np.prod(LATENT))).reshape(1, *LATENT)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter to come; this one runs on every torch >= 2.2
        torch.onnx.export(
            player,
            (weights, latent),
            buffer,
            input_names=["weights", "latent"],
            output_names=["patch"],
            opset_version=OPSET,
            **({"dynamo": False} if torch.__version__ >= "2.5" else {}),
        )
    content = buffer.getvalue()
    with torch.no_grad():
        expected = player(weights, latent).numpy()
    (drawn,) = open_network(content).run(None, {"weights": weights.numpy(), "latent": latent.numpy()})
    off = float(np.abs(drawn - expected).max())
    if off > TOLERANCE:
        raise StudioError(
            f"the exported lip network is off by {off * 255:.1f} of 255, at most {TOLERANCE * 255:.0f} "
            "expected; another version of torch or onnxruntime may do better"
        )
    path.write_bytes(content)


def export_mask(path: Path, size: int) -> None:
    """Write the patch's mask as the package wants it (manifest: Lips.mask)."""
    with path.open("wb") as file:
        np.savez_compressed(file, mask=mouth_mask(size))
