"""A lip network as the player runs it: one ONNX file that holds what it knows of the person."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import conv2d

from ...errors import StudioError
from ...network import open_network
from .fields import CELLS, Fields, in_pixels
from .network import DETAIL, FINE, SAID, SAID_INNER, WIDTH, LipDecoder, Person

OPSET = 17
TOLERANCE = 0.02
"""Largest difference, of flows in pixels, of shares and colours, that onnxruntime may show against torch."""


class _Player(nn.Module):
    """The decoder with one person built in.

    What the first layers make of the person's maps is always the same, and what the very first makes of the
    weights is linear in them: both are worked out here, which leaves 91 million multiplications of 106.
    """

    known_inner: Tensor

    def __init__(self, decoder: LipDecoder, person: Person, size: int) -> None:
        super().__init__()
        self.decoder, self.size = decoder, size
        self.enter = _entry(decoder, person)
        before, after = FINE, FINE + DETAIL
        layer = decoder.inner[0]
        weight = layer.weight.detach()
        self.enter_inner = nn.Conv2d(FINE + SAID_INNER, len(weight), 3, padding=1, bias=False)
        self.enter_inner.weight = nn.Parameter(torch.cat([weight[:, :before], weight[:, after:]], dim=1))
        known = conv2d(person.detail.detach(), weight[:, before:after], layer.bias.detach(), padding=1)
        self.register_buffer("known_inner", known)

    def forward(self, weights: Tensor) -> Fields:
        inner = self.decoder.said_inner(weights).reshape(-1, SAID_INNER, 32, 32)
        fields = self.decoder.fields(
            weights,
            self.enter(weights).reshape(-1, WIDTH, 16, 16),
            lambda near: self.enter_inner(torch.cat([near, inner], dim=1)) + self.known_inner,
        )
        return in_pixels(fields, self.size)


def _entry(decoder: LipDecoder, person: Person) -> nn.Linear:
    """The first layer as one linear map of the weights."""
    count = decoder.said.in_features
    maps = [maps.detach().expand(count + 1, -1, -1, -1) for maps in (person.latent, person.features)]
    with torch.no_grad():
        said = decoder.said(torch.cat([torch.zeros(1, count), torch.eye(count)]))
        entered = decoder.enter(torch.cat([*maps, said.reshape(-1, SAID, 16, 16)], dim=1)).flatten(1)
    linear = nn.Linear(count, entered.shape[1])
    linear.weight, linear.bias = nn.Parameter((entered[1:] - entered[:1]).T), nn.Parameter(entered[0])
    return linear


def export_lips(decoder: LipDecoder, person: Person, size: int, path: Path) -> None:
    """Write one person's decoder: weights (1, k) -> fields (manifest: Lips.network).

    Raises StudioError if onnxruntime does not find with the file what torch finds.
    """
    player = _Player(decoder, person, size).eval()
    weights = torch.linspace(-2, 2, decoder.steer[0].in_features)[None]
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter to come; this one runs on every torch >= 2.2
        torch.onnx.export(
            player,
            (weights,),
            buffer,
            input_names=["weights"],
            output_names=["skin", "inner"],
            opset_version=OPSET,
            **({"dynamo": False} if torch.__version__ >= "2.5" else {}),
        )
    content = buffer.getvalue()
    with torch.no_grad():
        expected = in_pixels(decoder(weights, person), size)
    found = open_network(content).run(["skin", "inner"], {"weights": weights.numpy()})
    for field, wanted in zip(found, expected, strict=True):
        off = float(np.abs(field - wanted.numpy()).max())
        if off > TOLERANCE:
            raise StudioError(
                f"the exported lip network is off by {off:.2f}, at most {TOLERANCE} expected; "
                "another version of torch or onnxruntime may do better"
            )
    path.write_bytes(content)


def export_mask(path: Path, mask: NDArray[np.float32]) -> None:
    """Write the mask of a person's crops, shape (size, size), as packages have it (manifest: Lips.mask)."""
    with path.open("wb") as file:
        np.savez_compressed(file, mask=in_cells(mask))


def in_cells(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """A mask of crops, shape (size, size), as players have it, (CELLS, CELLS)."""
    cell = len(mask) // CELLS
    return np.asarray(mask.reshape(CELLS, cell, CELLS, cell).mean(axis=(1, 3)), np.float32)
