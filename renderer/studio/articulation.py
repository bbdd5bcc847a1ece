"""How this person's mouth takes the mouth weights: its strength and its limits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..package.manifest import Mouth
from .mouthspace import WEIGHTS

OPENING = tuple(WEIGHTS.index(name) for name in ("jaw_drop", "lip_gap", "side_gap"))
"""The weights that say how strongly a person articulates."""

TALKS = 0.5
"""A lip gap that varies by less (typical deviations) is no talking; the typical person stands in."""

SAID = 1.0
"""How strongly lips move at articulation 1 compared with film: the middle of 0.9 to 1.15 on people the mouth
network never heard (models/mouth/README.md)."""

STRENGTH = (0.85, 1.4)
"""Limits of the gain: below, a calm person would mumble; above, small errors would show."""

OPEN = 0.5
"""Lip gap from which on the mouth is talking ..."""

PAUSE = 25
"""... and so are the frames around it, this many in all: pauses between words, but no listening."""

MARGIN = 0.1
"""Limits reach this share of the filmed range beyond what was filmed: a film shows less than all."""

# First and 99th percentile of each weight, and the deviation of the opening ones: medians over fifteen
# filmed speakers (six of GRID, seven talking recordings, two of the footage), measured with `to_weights`.
TYPICAL_LOW = (-0.9, -0.05, -1.3, -3.0, -0.05, -2.8, -1.5, -2.3, -0.9, -0.5)
TYPICAL_HIGH = (3.3, 3.8, 2.7, 1.6, 4.1, 1.8, 2.8, 2.3, 3.5, 3.6)
TYPICAL_OPENING = 1.05


def talks(weights: NDArray[np.floating[Any]]) -> bool:
    """Whether the mouth of a film ever talks. `weights` has shape (n, 10), NaN where there is no face."""
    return bool(np.nanstd(weights[:, WEIGHTS.index("lip_gap")]) >= TALKS)


def talking(weights: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Around which frames the filmed mouth talks, shape (n,). `weights` as of `talks`."""
    gap = np.nan_to_num(weights[:, WEIGHTS.index("lip_gap")])
    return np.asarray(ndimage.maximum_filter1d(gap > OPEN, PAUSE))


def measure_mouth(weights: NDArray[np.floating[Any]]) -> Mouth:
    """Gain and limits of a person from all weights measured on film, shape (n, 10), NaN without a face.

    The gain is how far this person opens the mouth compared with what the mouth network says for the
    typical one, so that a calm speaker stays calm.
    """
    if not talks(weights):
        return Mouth(gain=(round(1 / SAID, 3),) * len(WEIGHTS), low=TYPICAL_LOW, high=TYPICAL_HIGH)
    opening = float(np.median(np.nanstd(weights[talking(weights)][:, OPENING], axis=0)))
    gain = float(np.clip(opening / TYPICAL_OPENING / SAID, *STRENGTH))
    low, high = np.nanpercentile(weights, (1, 99), axis=0)
    margin = MARGIN * (high - low)
    low, high = np.minimum(low - margin, 0.0), np.maximum(high + margin, 0.0)
    return Mouth(
        gain=(round(gain, 3),) * len(WEIGHTS),
        low=tuple(round(float(value), 3) for value in low),
        high=tuple(round(float(value), 3) for value in high),
    )
