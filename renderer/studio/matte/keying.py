"""A person cut out of the screen behind, picture by picture: the person's own colours, and a matte.

The screen is known in every place (screen.py) but for its light of the moment; the person's colours are known
where nothing shines through. Between the two a pixel's place on the line from one colour to the other is its
opacity. Shadows on the screen are screen, gaps under an arm are seen through, and what stands still does not
flicker.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..footage import Picture
from .colours import clear_colours, spread
from .screen import Screen, excess, extremes, unshaded

Real = NDArray[np.floating[Any]]

TOLERANCE = (10.0, 3.0)
"""Levels, plus standard deviations of the noise, by which the screen may differ from what it should be."""

EDGE = 0.006
"""Short sides around the screen within which a pixel may be part person, part screen ..."""

DEEP = 4.0
"""... and widths of that from which on it is all person, however green."""

LIGHT = 16.0
"""Standard deviation of the Gaussian that follows shadows on the screen, in pixels of 720 rows."""

SPECK = 4e-5
"""Share of the picture below which an island is dust on the screen, and a hole a reflection on the person."""

ENDS = (0.06, 0.95)
"""Opacities below and above which a pixel is nothing, and all, person: noise stays out of the matte."""

WEIGHTS = (1.0, 0.8, 0.8)
"""Of brightness and the two colour differences in the line between person and screen."""

OPAQUE = 0.1
"""Share of the screen's colour below which a pixel a little inside is all person."""

NEAR_WHITE = 30.0
"""Levels from a white screen from which on a pixel has nothing of its colour."""

STEADY = 0.7
"""Share of the last picture's opacity kept where nothing moves ..."""

MOVED = 5.0
"""... within this many levels."""

SPILL = (0.8, 0.04)
"""How far green is held between the larger and the mean of red and blue, and to what depth in short sides;
deeper, and everywhere at least, it is held below the larger."""

SAME = (40.0, 25.0)
"""Levels of brightness, and of red over blue, within which two pixels show the same material."""


class Keyer:
    """Cuts one film's pictures out, in their order."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._before: tuple[Real, Picture] | None = None

    def cut(self, picture: Picture) -> tuple[Picture, Picture]:
        """The person's colours, (h, w, 3), and the opacity, (h, w), both uint8."""
        seen = picture.astype(np.float32)
        short = min(seen.shape[:2])
        behind = self._light(seen, short)
        calm = cv2.blur(picture, (3, 3)).astype(np.float32)
        free = self._free(calm, behind)
        depth = np.asarray(cv2.distanceTransform((~free).astype(np.uint8), cv2.DIST_L2, 3), np.float32)
        # hair before white is as grey as grey clothes: only its place tells that it may be seen through
        band = max(2.5, EDGE * short) * (1.0 if self._screen.kind == "green" else 2.0)
        tint = self._tint(calm, behind)
        inner = (depth > band) & ((tint < OPAQUE) | (depth > DEEP * band))
        person, belief = spread(seen, inner & (tint < 2 * OPAQUE))
        alpha = np.asarray(inner, np.float32)
        at = np.nonzero(~free & ~inner)
        alpha[at] = _between(seen[at], behind[at], person[at], belief[at], self._tint(seen[at], behind[at]))
        alpha = self._steady(alpha, picture)
        colour = clear_colours(seen, alpha, behind, person, belief)
        if self._screen.kind == "green":
            colour = without_spill(colour, depth, short)
        return colour, np.asarray(np.rint(255 * alpha), np.uint8)

    def _light(self, seen: Real, short: int) -> NDArray[np.float32]:
        """The screen in the light of this moment, shadows included."""
        plate = self._screen.plate
        size = max(8, seen.shape[1] // 4), max(8, seen.shape[0] // 4)
        small = np.asarray(cv2.resize(seen, size, interpolation=cv2.INTER_AREA), np.float32)
        still = np.asarray(cv2.resize(plate, size, interpolation=cv2.INTER_AREA), np.float32)
        screen = self._screen.likely(small, still)
        if self._screen.kind == "white":
            screen = _touching(screen)
        share = cv2.erode(screen.astype(np.uint8), np.ones((3, 3), np.uint8))
        light = np.asarray(share * small[..., 1] / np.maximum(still[..., 1], 1.0), np.float32)
        share = unshaded(light, short / 4).astype(np.float32)
        if not share.any():
            return plate
        usual = small[share > 0].mean(axis=0) / still[share > 0].mean(axis=0)
        sigma = LIGHT * short / 720 / 4
        near = cv2.GaussianBlur(share, (0, 0), sigma)
        there = cv2.GaussianBlur(small * share[..., None], (0, 0), sigma)
        usually = cv2.GaussianBlur(still * share[..., None], (0, 0), sigma)
        trust = np.clip(near / 0.05, 0.0, 1.0)[..., None]
        ratio = usual + trust * (there / np.maximum(usually, 1e-3) - usual)
        ratio = np.asarray(np.clip(ratio, 0.2, 1.6), np.float32)
        return np.asarray(
            plate * cv2.resize(ratio, seen.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32
        )

    def _free(self, calm: Real, behind: Real) -> NDArray[np.bool_]:
        """Where nothing but the screen is seen."""
        limit = TOLERANCE[0] + TOLERANCE[1] * self._screen.noise
        most, least = extremes(calm - behind)
        free = (most < limit) & (least > -limit) & self._screen.likely(calm, behind)
        smallest = max(6, round(SPECK * free.size))
        free = ~_without_islands(~free, smallest)
        if self._screen.kind == "white":
            return _touching(free)
        return _without_islands(free, smallest)

    def _tint(self, seen: Real, behind: Real) -> NDArray[np.float32]:
        """How much of the screen's colour a pixel has, 0 to 1."""
        if self._screen.kind == "green":
            return np.asarray(np.clip(excess(seen) / np.maximum(excess(behind), 8.0), 0.0, 1.0), np.float32)
        most, least = extremes(seen - behind)
        return np.asarray(np.clip(1.0 - np.maximum(most, -least) / NEAR_WHITE, 0.0, 1.0), np.float32)

    def _steady(self, alpha: Real, picture: Picture) -> NDArray[np.float32]:
        """Opacity without the flicker of noise: where nothing moves, part of the last picture's is kept."""
        size = picture.shape[1] // 2, picture.shape[0] // 2
        calm = cv2.blur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), (3, 3))
        if self._before is not None:
            last, was = self._before
            most, _ = extremes(cv2.absdiff(calm, was).astype(np.float32))
            keep = STEADY * np.exp(-((most / MOVED) ** 2))
            alpha = alpha + cv2.resize(keep, alpha.shape[::-1]) * (last - alpha)
        self._before = alpha, np.asarray(calm, np.uint8)
        return np.asarray(alpha, np.float32)


def _between(seen: Real, behind: Real, person: Real, belief: Real, tint: Real) -> NDArray[np.float32]:
    """Opacity of pixels (n, 3) between the screen's colour and the person's."""
    line, at = _apart(person - behind), _apart(seen - behind)
    length = (line * line).sum(axis=-1)
    along = (at * line).sum(axis=-1) / np.maximum(length, 1e-3)
    # a person of the screen's colour, or nobody near: only the tint tells
    sure = belief * np.clip(length / 30.0**2 - 0.5, 0.0, 1.0)
    share = (1.0 - tint) + sure * (along - (1.0 - tint))
    low, high = ENDS
    return np.asarray(np.clip((share - low) / (high - low), 0.0, 1.0), np.float32)


def _apart(difference: Real) -> NDArray[np.float32]:
    """Differences in R, G, B as brightness and two colour differences (BT.709), weighted."""
    light = difference @ np.array((0.2126, 0.7152, 0.0722), np.float32)
    blue, red = difference[..., 2] - light, difference[..., 0] - light
    parts = (WEIGHTS[0] * light, WEIGHTS[1] * blue / 1.8556, WEIGHTS[2] * red / 1.5748)
    return np.asarray(np.stack(parts, axis=-1), np.float32)


def without_spill(colour: Picture, depth: Real, short: int) -> Picture:
    """Colours without the screen's light on the person; `depth` is in pixels from the screen."""
    red, green, blue = (colour[..., channel].astype(np.float32) for channel in range(3))
    most, mean = np.maximum(red, blue), (red + blue) / 2
    edge = np.clip(2.0 - depth / (SPILL[1] * short), 0.0, 1.0)
    limit = most + SPILL[0] * edge * (mean - most)
    # no greener than the same cloth, skin or hair is further in, where the screen's light does not reach
    inside, belief = spread(colour.astype(np.float32), depth > SPILL[1] * short)
    usual = (inside[..., 0] + inside[..., 2]) / 2
    apart = np.abs(mean - usual) / SAME[0] + np.abs(red - blue - inside[..., 0] + inside[..., 2]) / SAME[1]
    alike = edge * belief * np.exp(-apart * apart)
    greener = np.maximum(np.minimum(green, limit) - mean - (inside[..., 1] - usual), 0.0)
    result = colour.copy()
    result[..., 1] = np.rint(np.clip(np.minimum(green, limit) - alike * greener, 0, 255))
    return result


def _touching(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The parts of a mask that reach the rim left, right or above."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    touching = np.zeros(count, np.bool_)
    for rim in (labels[0], labels[:, 0], labels[:, -1]):
        touching[np.unique(rim)] = True
    touching[0] = False
    return np.asarray(touching[labels])


def _without_islands(mask: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """A mask without parts of fewer than `least` pixels."""
    _, labels, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    large = facts[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    return np.asarray(large[labels])
