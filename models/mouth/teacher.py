"""Mouths for speech nobody filmed: a small network from speech sounds to mouth weights.

It learns from the aligned sentences of grid_s1 and then says how the mouth of read sentences would have
moved. Sounds that look alike are one class, so that those GRID's 51 words lack are known too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from renderer.studio.mouthspace import WEIGHTS

from .corpus import synthetic
from .corpus.phones import PHONES
from .corpus.prepare import Example
from .corpus.speech import rest_in_silence
from .evaluation.scores import correlation

LOOK_ALIKES = (
    "SIL", "P B M", "F V", "TH DH", "T D N", "L", "S Z", "CH JH SH ZH", "K G NG HH", "R ER", "W", "Y",
    "AA", "AE", "EH", "AH", "AO OY", "OW", "UW UH", "IY", "IH", "EY", "AY", "AW",
)  # fmt: skip

REACH = 6
"""Ticks to either side that shape a mouth."""

NEAR = 4
"""Ticks before and after speech in which a taught mouth may be open."""

STEPS = 1500


def teach(learn: list[Example], kept: list[Example], pupils: list[Example], work: Path) -> None:
    """Give `pupils`, whose sounds are known, the weights that `learn` teaches; prints how well it fits.

    What people do in their pauses is not known: they breathe in them, and nobody filmed it. A computer's
    voice is silent there, and its mouth is shut.
    """
    torch.manual_seed(0)
    taught = [one for one in learn if np.isfinite(one.phones[0, 0])]
    x = torch.from_numpy(np.concatenate([_windows(one.phones) for one in taught]))
    y = torch.from_numpy(np.concatenate([one.weights for one in taught]))
    known = torch.isfinite(y).all(dim=1)
    x, y = x[known], y[known]
    network = nn.Sequential(nn.Dropout(0.1), nn.Linear(x.shape[1], 96), nn.ReLU(), nn.Linear(96, 10))
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        rows = torch.randint(len(x), (1024,))
        loss = (network(x[rows]) - y[rows]).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    network.eval()
    judged = [one for one in kept if np.isfinite(one.phones[0, 0])]
    fits = [
        [correlation(_say(network, one)[:, weight], one.weights[:, weight]) for weight in (1, 3)]
        for one in judged
    ]
    gap, width = np.median(fits, axis=0)
    print(f"teacher on kept sentences: gap {gap:.2f}, width {width:.2f}", flush=True)
    torch.save(network.state_dict(), work / "runs" / "teacher.pt")
    for one in pupils:
        if np.isfinite(one.phones[0, 0]):
            speaking = (one.phones[:, 0] < 0.5).astype(np.float32)
            said = rest_in_silence(_say(network, one), speaking, breath=NEAR, closing=NEAR)
            one.weights = _lips_together(said, one.phones)
            if one.group not in synthetic.GROUPS:
                one.weights[~said.any(axis=1) & (one.voice < 0.5)] = np.nan


def _say(network: nn.Module, one: Example) -> NDArray[np.float32]:
    with torch.no_grad():
        said: Tensor = network(torch.from_numpy(_windows(one.phones)))
    return np.asarray(said.numpy(), np.float32)


def _lips_together(weights: NDArray[np.float32], phones: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same mouths with the lips shut in p, b and m, which an average over contexts leaves ajar."""
    shut = np.minimum(1.0, 1.3 * phones[:, [PHONES.index(phone) for phone in ("P", "B", "M")]].sum(axis=1))
    closed = weights.copy()
    for gap in (WEIGHTS.index("lip_gap"), WEIGHTS.index("side_gap")):
        closed[:, gap] *= 1.0 - shut
    return closed


def _windows(phones: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shares of the look-alikes around each tick, shape (n, (2 * REACH + 1) * 24)."""
    number = {phone: row for row, alike in enumerate(LOOK_ALIKES) for phone in alike.split()}
    table = np.zeros((len(PHONES), len(LOOK_ALIKES)), np.float32)
    for column, phone in enumerate(PHONES):
        table[column, number[phone]] = 1.0
    looks = phones @ table
    silence = table[:1]
    padded = np.concatenate([np.repeat(silence, REACH, 0), looks, np.repeat(silence, REACH, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1, axis=0)
    return np.ascontiguousarray(windows.reshape(len(looks), -1))
