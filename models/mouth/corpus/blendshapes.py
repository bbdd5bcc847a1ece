"""Mouth weights of the drawn Mandarin recordings (zh_blendshapes), whose columns bear no names.

Which column does what was worked out by correlating each with what a network trained on filmed English
said to the same sound (r = 0.72 for column 74 alone, one tick late), and by how loud the sound is while
it is large: 74 opens the jaw, 42 to 45 part the lips, 59 and 60 stretch them, 79 and 80 show the teeth,
63 and 64 round them, 66, 75 and 77 press them shut. The table is a ridge regression without a constant
(all zero is the resting mouth) on that network's weights; r of the fit stands beside each. Weights under
r = 0.65 are left unknown.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renderer.settings import FPS
from renderer.studio.mouthspace import WEIGHTS

DRAWN = "zh_blendshapes"
RATE = 30
"""Rows a second."""

LATE = 1
"""Ticks the values are behind the sound."""

COLUMNS = (74, 42, 59, 79, 63, 64, 15)
TABLE = {
    "jaw_drop": (5.2, 1.9, 3.3, 1.7, 1.1, 2.5, 3.1),  # 0.81
    "lip_gap": (5.1, 2.6, 4.2, 3.1, 0.9, 1.9, 3.2),  # 0.81
    "upper_lip_raise": (2.0, 1.9, 2.5, 2.5, 0.2, 0.4, 1.4),  # 0.67
    "side_gap": (5.3, 2.8, 4.4, 3.2, 0.9, 2.0, 3.4),  # 0.81
    "upper_lip_height": (-3.3, -2.9, -3.9, -3.9, -0.6, -1.1, -2.3),  # 0.70
    "corner_raise": (4.1, 1.2, 2.3, 1.1, 0.6, 1.6, 2.3),  # 0.77
    "chin_raise": (3.7, 1.6, 2.7, 1.7, 0.6, 1.4, 2.2),  # 0.84
}


def blendshapes(path: Path) -> NDArray[np.float32] | None:
    """Weights at 25 a second, shape (n, 10), of a recording with values beside it; None without."""
    values = path.with_suffix(".npz")
    if not values.exists():
        return None
    with np.load(values) as arrays:
        rows = arrays["values"][:, COLUMNS].astype(np.float64)
    ticks = np.arange(int(len(rows) / RATE * FPS)) + LATE
    moved = np.stack([np.interp(ticks / FPS, np.arange(len(rows)) / RATE, row) for row in rows.T], axis=1)
    weights = np.full((len(ticks), len(WEIGHTS)), np.nan, np.float32)
    for name, table in TABLE.items():
        weights[:, WEIGHTS.index(name)] = moved @ np.array(table)
    return weights
