"""How much of the picture a person takes in a film: what a crop must leave whole."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import MissingExtra
from ..settings import FPS
from .footage import Footage, Picture, pictures
from .landmarks import quietly
from .matte.cutout import rgba
from .mouthspace import Points
from .work import WorkFolder

EVERY = FPS // 2
"""Frames between two looks."""

SIDE = 256
"""Pixels of the longer side that the person is looked for in."""

THIN = 0.02
"""Share of a column, or of the head's breadth, from which on the person is in it."""

RARELY = (3.0, 97.0)
"""Percentiles of the looks that count: one stray look does not."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a person is over a whole film, in the film's pixels."""

    left: float
    right: float
    """Of all of her, arms included."""

    middle: float
    """Of the face."""

    top: float
    """Of the hair."""

    chin: float
    """Usually ..."""

    lowest_chin: float
    """... and at its lowest."""


def find_extent(footage: Footage, points: Points, work: WorkFolder) -> Extent:
    """Look where the person is. `points` has shape (n, 478, 3) in pixels, NaN where there is no face."""
    size = _small(footage)
    if footage.matte is None:
        masks = list(work.arrays("extent", lambda: {"masks": np.stack(_guessed(footage, size))})["masks"])
    else:
        masks = [
            cv2.resize(picture[..., 3], size, interpolation=cv2.INTER_AREA) > 127
            for picture in itertools.islice(rgba(footage), 0, None, EVERY)
        ]
    return extent_of(masks, points, footage.width / size[0])


def extent_of(masks: list[NDArray[np.bool_]], points: Points, scale: float) -> Extent:
    """From masks (h, w) of the person, EVERY frames apart, `scale` times smaller than the film."""
    lefts, rights, tops = [], [], []
    for number, mask in enumerate(masks):
        face = points[min(number * EVERY, len(points) - 1)] / scale
        columns = np.flatnonzero(mask.mean(axis=0) > THIN)
        if not len(columns) or not np.isfinite(face).all():
            continue
        low, high = (int(np.clip(x, 0, mask.shape[1] - 1)) for x in (face[:, 0].min(), face[:, 0].max()))
        rows = np.flatnonzero(mask[:, low : high + 1].mean(axis=1) > THIN)
        lefts.append(columns[0])
        rights.append(columns[-1] + 1)
        tops.append(min(float(rows[0]) if len(rows) else np.inf, float(face[:, 1].min())))
    found = points[np.isfinite(points).all(axis=(1, 2))]
    if not lefts:
        return Extent(0.0, np.inf, 0.0, 0.0, np.inf, np.inf)
    return Extent(
        left=scale * float(np.percentile(lefts, RARELY[0])),
        right=scale * float(np.percentile(rights, RARELY[1])),
        middle=float(np.median(found[:, 1, 0])),
        top=scale * float(np.percentile(tops, RARELY[0])),
        chin=float(np.median(found[:, 152, 1])),
        lowest_chin=float(np.percentile(found[:, 152, 1], RARELY[1])),
    )


def _guessed(footage: Footage, size: tuple[int, int]) -> list[NDArray[np.bool_]]:
    """Masks by mediapipe's small network."""
    try:
        import mediapipe
    except ImportError as error:
        raise MissingExtra(
            "mediapipe is not installed; the studio needs it: pip install 'avatar-renderer[studio]'"
        ) from error
    masks = []
    with quietly():
        cutter: Any = mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
        cutter.process(np.zeros((64, 64, 3), np.uint8))
    try:
        for picture in itertools.islice(pictures(footage), 0, None, EVERY):
            small: Picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
            masks.append(np.asarray(cutter.process(small).segmentation_mask > 0.5))
    finally:
        cutter.close()
    return masks


def _small(footage: Footage) -> tuple[int, int]:
    scale = min(1.0, SIDE / max(footage.width, footage.height))
    return max(8, round(footage.width * scale)), max(8, round(footage.height * scale))
