"""Where one filmed face ends and another begins: cuts, and faces that come and go."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

JUMP = 0.5
"""Eye distances a face moves from one picture to the next only where the film was cut; heads manage 0.2."""

GROWTH = 1.25
"""Factor by which a face grows or shrinks from one picture to the next only at a cut."""

AWAY = 12
"""Pictures without a face after which another one may have come."""

SHORTEST = 25
"""Pictures under which a part is too short to know the rest of its mouth."""


def parts(points: NDArray[np.floating[Any]]) -> list[slice]:
    """The stretches of a film that show one face without a cut, in their order.

    `points` has shape (n, 478, 3), NaN where no face was found. A film without a cut is one part, from its
    first picture to its last, pictures in which the face is lost for a moment included.
    """
    found = np.flatnonzero(np.isfinite(points[:, 33, 0]))
    if not len(found):
        return []
    eyes = points[found][:, (33, 263), :2].astype(np.float64)
    middle, size = eyes.mean(axis=1), np.linalg.norm(eyes[:, 1] - eyes[:, 0], axis=1)
    lost = np.diff(found)
    # a head goes on moving while it is not seen
    moved = np.linalg.norm(np.diff(middle, axis=0), axis=1) / np.minimum(size[1:], size[:-1]) / lost
    grown = np.maximum(size[1:] / size[:-1], size[:-1] / size[1:])
    cuts = np.flatnonzero((moved > JUMP) | (grown > GROWTH) | (lost > AWAY))
    if not len(cuts):
        return [slice(0, len(points))]
    starts, ends = found[[0, *(cuts + 1)]], found[[*cuts, -1]] + 1
    return [
        slice(int(start), int(end))
        for start, end in zip(starts, ends, strict=True)
        if end - start >= SHORTEST
    ]
