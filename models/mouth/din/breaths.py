"""Single breaths, as people take them between two phrases: in through the mouth, near a microphone."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from renderer.features import BANDS, COLUMNS, HOP, extract

from .pool import loudest_at_zero
from .sounds import RATE, airflow, peaked, slow, uniform

SHORTEST, LONGEST = 0.22, 0.65
"""Seconds."""

MARGIN = RATE // 4
"""Samples of silence around a breath while its features are computed."""


@functools.cache
def breaths(count: int, seed: int = 7) -> tuple[NDArray[np.float32], ...]:
    """So many breaths, none like another: log-mel columns by tick, shape (ticks, 320), each with a mean power
    of 1 (mel 0) in its loudest moments."""
    random = np.random.default_rng(seed)
    return tuple(_breath(random) for _ in range(count))


def _breath(random: np.random.Generator) -> NDArray[np.float32]:
    length = int(uniform(random, SHORTEST, LONGEST) * RATE)
    air = airflow(random, length, uniform(random, 0.1, 0.5))
    rise = np.linspace(0, 1, length) ** uniform(random, 0.3, 2)
    swell = rise * (1 - np.linspace(0, 1, length)) ** uniform(random, 0.2, 2)
    heard = peaked(np.pad(air * swell * slow(random, length, 12, 0.7, 1), MARGIN)).astype(np.float32)
    first = MARGIN // HOP
    columns = extract(heard)[0].reshape(-1, BANDS)[first : first + length // HOP]
    ticks = len(columns) // COLUMNS
    return loudest_at_zero(columns)[: ticks * COLUMNS].reshape(ticks, COLUMNS * BANDS)
