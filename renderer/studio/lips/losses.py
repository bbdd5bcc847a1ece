"""What a drawn mouth is judged by while a lip network learns."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..crops import mouth_mask
from .fields import LEFT, TOP, WINDOW

INNER = 4.0
"""How much more the inner window counts than the rest of the drawn ellipse."""

OUTSIDE = 0.1
"""How much counts what the mask hides."""


def importance(size: int) -> Tensor:
    """How much every pixel of a crop counts, (1, 1, size, size), mean 1."""
    share = torch.from_numpy(mouth_mask(size))
    cell = size // 32
    inner = torch.zeros(size, size)
    inner[TOP * cell : (TOP + WINDOW) * cell, LEFT * cell : (LEFT + WINDOW) * cell] = 1
    map_ = OUTSIDE + share * (1 + (INNER - 1) * inner)
    return (map_ / map_.mean())[None, None]


def likeness(drawn: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Mean absolute error of the colours, and of their gradients at three scales."""
    error = drawn - target
    total = (error.abs() * weight).mean()
    for _ in range(3):
        across = error[..., :, 1:] - error[..., :, :-1]
        down = error[..., 1:, :] - error[..., :-1, :]
        total = total + (across.abs() * weight[..., :, 1:]).mean()
        total = total + (down.abs() * weight[..., 1:, :]).mean()
        error, weight = F.avg_pool2d(error, 2), F.avg_pool2d(weight, 2)
    return total


def critic_loss(real: Tensor, drawn: Tensor, mismatched: Tensor) -> Tensor:
    """Hinge loss of the critic; a real mouth with other weights than its own counts as drawn."""
    fooled = 0.5 * (F.relu(1 + drawn).mean() + F.relu(1 + mismatched).mean())
    return F.relu(1 - real).mean() + fooled


def feature_distance(real: list[Tensor], drawn: list[Tensor]) -> Tensor:
    """How far the critic's features of a drawn mouth are from those of the filmed one."""
    return torch.stack(
        [(a.detach() - b).float().abs().mean() for a, b in zip(real, drawn, strict=True)]
    ).sum()
