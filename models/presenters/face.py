"""Where the face is redder, shaved, or in shade: one number per base vertex, painted from the geometry."""

from __future__ import annotations

import numpy as np

from .hair import Scalp
from .human import Floats, Human
from .lids import Lids


def blob(points: Floats, centre: tuple[float, float, float], size: tuple[float, float, float]) -> Floats:
    """A soft spot on both sides of the face."""
    mirrored = points * [1.0, 1.0, 1.0]
    mirrored[:, 0] = np.abs(mirrored[:, 0])
    value: Floats = np.exp(-np.sum(((mirrored - centre) / np.array(size)) ** 2, axis=1))
    return value


def step(value: Floats, low: float, high: float) -> Floats:
    """Smooth 0 to 1 between low and high."""
    t = np.clip((value - low) / (high - low), 0, 1)
    smooth: Floats = t * t * (3 - 2 * t)
    return smooth


def painted(human: Human, scalp: Scalp, lids: Lids) -> dict[str, Floats]:
    """Attribute name -> value per base vertex, 0 to 1."""
    points = human.rest
    eye = human.joint("joint-l-eye")
    x, y, z = eye
    red = 0.55 * blob(points, (x + 0.010, y - 0.005, z - 0.036), (0.026, 0.04, 0.019))  # cheeks
    red += 0.8 * blob(points, (0.0, y - 0.045, z - 0.035), (0.014, 0.03, 0.012))  # tip of the nose
    red += 0.5 * blob(points, (0.010, y - 0.02, z - 0.044), (0.012, 0.03, 0.010))  # wings of the nose
    red += 0.6 * blob(points, (0.0, y - 0.02, z - 0.105), (0.016, 0.03, 0.010))  # chin
    red += 0.6 * scalp.ears
    red += 0.3 * blob(points, (0.0, y - 0.02, z + 0.045), (0.04, 0.04, 0.02))  # forehead
    socket = blob(points, (x - 0.004, y - 0.01, z - 0.013), (0.016, 0.02, 0.006))
    socket += 0.8 * blob(points, (x - 0.013, y - 0.01, z + 0.003), (0.006, 0.02, 0.010))
    socket += 0.5 * blob(points, (x, y - 0.01, z + 0.011), (0.016, 0.02, 0.006))

    lid = blob(points, (x - 0.001, y - 0.012, z + 0.0075), (0.0155, 0.02, 0.0042))
    lid += 0.7 * blob(points, (x + 0.010, y - 0.012, z + 0.006), (0.008, 0.02, 0.005))

    height = points[:, 2] - z
    width = np.abs(points[:, 0])
    beard = step(-height, 0.058, 0.076) * step(-points[:, 1], -0.005, 0.03)
    cheek = step(-height - 0.9 * (width - 0.035) * -1, 0.035, 0.075)  # rises towards the sideburn
    beard = np.maximum(beard * cheek, blob(points, (0.0, y - 0.03, z - 0.056), (0.024, 0.03, 0.0065)))
    beard = np.maximum(
        beard, step(width, 0.058, 0.066) * step(-height, 0.010, 0.05) * step(-points[:, 1], 0.0, 0.03)
    )
    beard *= 1 - step(-height, 0.125, 0.165)
    return {
        "red": np.clip(red, 0, 1),
        "socket": np.clip(socket, 0, 1),
        "lid": np.clip(lid, 0, 1),
        "stubble": np.clip(beard, 0, 1),
        "scalp": scalp.vertex_cover(),
        **lids.painted(len(points)),
    }
