"""The pictures of the open mouth from which players take teeth and tongue, as sharp as each variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..crops import SIZE, cut, resampled
from ..footage import Footage, Picture, pictures
from ..variants import View

Real = NDArray[np.floating[Any]]

FINER = 1.5
"""Pixels of a reference for each of the variant: players sample references linearly, which would soften
them pixel for pixel."""

SIDES = (64, 640)
"""Least and most pixels along a side of a reference."""


def cut_references(
    footage: Footage, affine: Real, frames: Sequence[int], views: Mapping[str, View]
) -> dict[str, Picture]:
    """The mouth crops of these frames, for each view; shape (len(frames), side, side, 3), R G B.

    `affine`, shape (n, 2, 3), takes crops to frames of the film. Reads the film once.
    """
    tracks = {name: view.track(affine) for name, view in views.items()}
    sides = {name: _side(track) for name, track in tracks.items()}
    cuts: dict[str, dict[int, Picture]] = {name: {} for name in views}
    for frame, picture in enumerate(pictures(footage)):
        if frame in frames:
            for name, view in views.items():
                at = resampled(tracks[name][frame], SIZE, sides[name])
                cuts[name][frame] = cut(view.picture(picture), at, sides[name])
        if frame >= max(frames):
            break
    return {name: np.stack([found[frame] for frame in frames]) for name, found in cuts.items()}


def _side(track: Real) -> int:
    enlarged = float(np.median(np.sqrt(np.abs(np.linalg.det(track[:, :, :2].astype(np.float64))))))
    return int(np.clip(round(FINER * enlarged * SIZE), *SIDES))
