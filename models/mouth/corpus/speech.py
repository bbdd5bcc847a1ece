"""When somebody speaks in a recording, and what the mouth should do when nobody does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BREATH = 9
"""Ticks before speech in which a filmed mouth may open: the speaker of grid_s1 begins some six before his
sentences. What is earlier is no target."""

CLOSING = 7
"""Ticks after speech in which the mouth may still be open."""


def voice(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 where speech is heard in a clean recording: near its loudest ticks, gaps up to 6 ticks closed."""
    low, high = np.percentile(level, (5, 95))
    loud = level > max(high - 30.0, low + 0.3 * (high - low), -60.0)
    wide = np.convolve(loud, np.ones(7), "same") > 0
    return np.asarray(1 - (np.convolve(~wide, np.ones(7), "same") > 0), np.float32) * 1.0


def rest_in_silence(
    weights: NDArray[np.float32],
    heard: NDArray[np.float32],
    breath: int = BREATH,
    closing: int = CLOSING,
) -> NDArray[np.float32]:
    """Weights that stay as they are near speech and fade to rest away from it."""
    ticks = np.arange(len(heard))
    speech = np.flatnonzero(heard > 0)
    if not len(speech):
        return np.zeros_like(weights)
    after = np.searchsorted(speech, ticks)
    ahead = np.where(after < len(speech), speech[np.minimum(after, len(speech) - 1)] - ticks, 10_000)
    behind = np.where(after > 0, ticks - speech[np.maximum(after - 1, 0)], 10_000)
    behind = np.where(heard > 0, 0, behind)
    keep = np.clip(np.maximum(1 - (ahead - breath) / 3, 1 - (behind - closing) / 4), 0, 1)
    return np.asarray(weights * keep[:, None], np.float32)
