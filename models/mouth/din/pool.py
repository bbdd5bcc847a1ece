"""What training lets be heard besides speech, or instead of it: an hour of noises, measured once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from renderer.features import BANDS, MEL_SPREAD, extract

from .noises import KINDS, make

SECONDS = 10.0
EACH = 14
"""Sounds of each kind."""


def pool(work: Path) -> list[NDArray[np.float32]]:
    """Log-mel columns of every noise, shape (columns, 80), its loudest moments of 0 in the mean."""
    kept = work / "prepared" / "din.npz"
    if not kept.exists():
        made = []
        for kind_number, kind in enumerate(track(KINDS, "making noises", console=Console(stderr=True))):
            for number in range(EACH):
                samples = make(kind, SECONDS, np.random.default_rng([kind_number, number]))
                made.append(extract(samples)[0].reshape(-1, BANDS).astype(np.float16))
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".part.npz")
        np.savez(half, columns=np.stack(made))
        half.replace(kept)
    with np.load(kept) as arrays:
        return [loudest_at_zero(one.astype(np.float32)) for one in arrays["columns"]]


def loudest_at_zero(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same sound with a mean power of 1 (mel 0) in its loudest moments; who draws it chooses a level."""
    power = 10 ** (columns * MEL_SPREAD / 10)
    loudest = np.percentile(power.mean(axis=1), 98)
    return np.asarray(columns - 10 / MEL_SPREAD * np.log10(max(float(loudest), 1e-12)), np.float32)
