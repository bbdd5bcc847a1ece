"""The whole way: sound, network, avatar, picture, and its lips measured like any film's."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from renderer.avatar import Avatar, open_avatar
from renderer.mouth import MouthNetwork
from renderer.settings import FPS, Settings
from renderer.studio.landmarks import LANDMARKS, FaceFinder
from renderer.studio.mouthspace import to_weights
from renderer.types import Samples

from .predictors import Mouth

BEFORE, AFTER = 1.0, 0.4
"""Seconds of listening around the speech, as in life; they show the avatar's rest, and are not judged."""


def open_with(network: Path, avatar: Path | str | None) -> Avatar:
    """An avatar whose mouth is driven by this network."""
    opened = open_avatar(avatar)
    opened._mouth = MouthNetwork.open(network)  # the one shipped, unless another one is to be judged
    return opened


def rendered(avatar: Avatar, samples: Samples, sample_rate: int) -> Mouth:
    """Render a sound, find the lips in every picture and measure them.

    The head sways and blinks as in the avatar's clips. Frames are looked at whole: the landmark network takes
    192 pixels of face whatever it is given, and cropped or enlarged frames were measured the same to 0.01.
    Nothing is calibrated: rest and size of the mouth are found in the rendered frames as in filmed ones.
    """
    pictures = avatar.render(samples, sample_rate, Settings(pixels="rgb"), before=BEFORE, after=AFTER)
    blank = np.full((LANDMARKS, 3), np.nan, np.float32)
    with FaceFinder() as finder:
        found = [finder.find(picture.pixels) for picture in pictures]
    if sum(points is not None for points in found) < len(found) / 2:
        raise SystemExit(
            f"{avatar.manifest.id}: a face in too few of the rendered frames; choose another --avatar"
        )
    weights = to_weights(np.stack([blank if points is None else points for points in found]))
    return weights[round(BEFORE * FPS) : len(weights) - round(AFTER * FPS)]
