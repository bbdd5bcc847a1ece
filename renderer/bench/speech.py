"""What the avatar says while it is measured: a recording that ships with the program, over and over."""

from __future__ import annotations

import functools

import numpy as np

from ..audio import load_sound
from ..resources import example_speech
from ..types import Samples

RATE = 48_000
"""Samples a second."""


def speech(seconds: float, begin: float = 0.0) -> Samples:
    """So much speech, from `begin` seconds into the recording on, which then begins anew; shape (n,)."""
    recorded = _recorded()
    first = round(begin * RATE)
    return np.take(recorded, np.arange(first, first + round(seconds * RATE)), mode="wrap")


@functools.cache
def _recorded() -> Samples:
    return load_sound(example_speech(), RATE)
