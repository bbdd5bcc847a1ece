"""The screen behind a person: what it looks like in every place, learned from the film itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ...errors import StudioError
from ..footage import Picture

Real = NDArray[np.floating[Any]]
Kind = Literal["green", "white"]

SMALL = 480
"""Pixels of the longer side at which the screen is learned; it has no finer detail."""

RIM = 0.03
"""Width of the rim that is looked at first, in long sides; its lower edge, where clothes are, left out."""

COVERS = 0.6
"""Share of the rim that must be screen."""

GREEN = (0.18, 24.0)
"""A green pixel's green over the larger of red and blue: at least this share of it, and these levels."""

WHITE = (150.0, 0.14)
"""A white pixel: at least so bright, and its channels no further apart than this share."""

ALIKE = 0.72
"""Share of the screen's greenness a pixel must have to be screen, in light or in shadow."""

DIM = 0.3
"""Share of the screen's brightness in its darkest shadow."""

DARKER = 0.93
"""Share of the brightness around below which a screen tells nothing of its light: strands of hair ..."""

STRANDS = 48.0
"""... up to so wide, in pixels of 720 rows."""

LEAST = 3
"""Sampled pictures that must show the screen in a place."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen as it would look without anybody before it."""

    kind: Kind
    plate: NDArray[np.float32]
    """Shape (h, w, 3), R G B, 0 to 255."""

    noise: float
    """Standard deviation of one pixel from picture to picture, in levels."""

    def likely(self, picture: Real, plate: Real) -> NDArray[np.bool_]:
        """Pixels that may be screen, in whatever light; `plate` is the screen at the picture's size."""
        if self.kind == "green":
            own, its = excess(picture), excess(plate)
            green, usual = picture[..., 1], plate[..., 1]
            # as green as the screen for its brightness: the same in light and shadow
            return np.asarray(
                (own * usual > ALIKE * its * green) & (green > DIM * usual) & (own > DIM * GREEN[1])
            )
        light, dark = extremes(picture)
        return np.asarray((light > 0.7 * plate.max(axis=-1)) & (light - dark < WHITE[1] * light + 6))


def excess(picture: Real) -> NDArray[np.float32]:
    """Levels by which green exceeds red and blue; of shape (h, w, 3) or (n, 3)."""
    return np.asarray(picture[..., 1] - np.maximum(picture[..., 0], picture[..., 2]), np.float32)


def extremes(picture: Real) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The largest and the smallest channel of every pixel."""
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    return np.asarray(most, np.float32), np.asarray(least, np.float32)


def rim_share(picture: Picture, kind: Kind) -> float:
    """Share of a picture's rim, left, right and above, that looks like such a screen."""
    rim = _rim(picture.astype(np.float32))
    return float(_plain(rim, kind).mean())


def is_pure(picture: Picture) -> bool:
    """Whether the rim is (0, 255, 0) but for coding: keyed already, and to be kept so (R-D10)."""
    rim = _rim(picture.astype(np.float32))
    return bool((np.abs(rim - (0, 255, 0)).max(axis=-1) <= 14).mean() > COVERS)


def learn_screen(samples: Sequence[Picture], kind: Kind) -> Screen:
    """What the screen looks like, from pictures spread over the film, all of one size.

    Raises StudioError where there is no such screen.
    """
    height, width = samples[0].shape[:2]
    share = float(np.median([rim_share(sample, kind) for sample in samples]))
    if share < COVERS:
        raise StudioError(
            f"no {kind} screen: {share:.0%} of the picture's rim is {kind}, at least {COVERS:.0%} expected; "
            "let the screen fill the picture, name a matte with --matte, or keep the background"
        )
    scale = min(1.0, SMALL / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = np.stack(
        [cv2.resize(sample, size, interpolation=cv2.INTER_AREA).astype(np.float32) for sample in samples]
    )
    rims = np.concatenate([_rim(picture) for picture in small])
    usual = np.median(rims[_plain(rims, kind)], axis=0).astype(np.float32)
    flat = Screen(kind, np.broadcast_to(usual, small[0].shape).astype(np.float32), 0.0)
    seen = np.stack([flat.likely(picture, flat.plate) for picture in small])
    known = np.where(seen[..., None], small, np.nan)
    count = seen.sum(axis=0)
    enough = count >= min(LEAST, len(samples))
    middle = np.zeros(small[0].shape, np.float32)
    middle[enough] = np.nanmedian(known[:, enough], axis=0)
    # beside a person who moves, strands darken the screen: their places are filled from around
    inner = cv2.erode(enough.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    known_well = unshaded(middle[..., 1] * inner, scale * min(height, width))
    plate = _filled(middle, known_well if known_well.any() else enough, usual)
    steps = np.abs(np.diff(small, axis=0)).max(axis=-1)[(seen[1:] & seen[:-1])] if len(small) > 1 else []
    area = 1.0 / max(scale * scale, 1e-6)
    noise = float(np.median(steps)) * float(np.sqrt(area)) / 1.5 if len(steps) else 2.0
    large = cv2.resize(plate, (width, height), interpolation=cv2.INTER_CUBIC)
    return Screen(kind, np.asarray(large, np.float32), min(max(noise, 1.0), 6.0))


def unshaded(light: Real, short: float) -> NDArray[np.bool_]:
    """Where a screen of brightness `light`, shape (h, w), 0 where it is unknown, has no thin shade on it.

    Strands of hair and shadows differ in nothing but their width. `short` is the picture's short side.
    """
    wide = 2 * round(STRANDS * short / 720 / 2) + 1
    around = cv2.morphologyEx(light.astype(np.float32), cv2.MORPH_CLOSE, np.ones((wide, wide), np.uint8))
    return np.asarray((light > 0) & (light > DARKER * around))


def _plain(pixels: Real, kind: Kind) -> NDArray[np.bool_]:
    """Pixels of such a screen, whatever its exact colour."""
    if kind == "green":
        green = excess(pixels)
        return np.asarray((green > GREEN[0] * pixels[..., 1]) & (green > GREEN[1]))
    light, dark = extremes(pixels)
    return np.asarray((light > WHITE[0]) & (light - dark < WHITE[1] * light))


def _rim(picture: Real) -> NDArray[np.float32]:
    """The pixels of the upper two thirds of the rim, shape (n, 3)."""
    edge = max(2, round(RIM * max(picture.shape[:2])))
    down = max(edge + 1, picture.shape[0] * 2 // 3)
    parts = (picture[:edge], picture[edge:down, :edge], picture[edge:down, -edge:])
    return np.asarray(np.concatenate([part.reshape(-1, 3) for part in parts]), np.float32)


def _filled(picture: Real, known: NDArray[np.bool_], usual: Real) -> NDArray[np.float32]:
    """`picture` where it is known; elsewhere means of what is known around, from near to far."""
    share = known.astype(np.float32)
    result = np.broadcast_to(usual, picture.shape).astype(np.float32)
    for sigma in (80.0, 30.0, 12.0, 4.0):
        near = cv2.GaussianBlur(share, (0, 0), sigma)
        mean = cv2.GaussianBlur(picture * share[..., None], (0, 0), sigma) / np.maximum(near, 1e-6)[..., None]
        result += np.clip(near / 0.05, 0.0, 1.0)[..., None] * (mean - result)
    smooth = cv2.GaussianBlur(np.where(known[..., None], picture, result), (0, 0), 1.0)
    return np.asarray(smooth, np.float32)
