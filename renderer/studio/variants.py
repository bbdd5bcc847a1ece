"""Sizes and shapes of one avatar: what one training gives, as large as the film allows and never larger.

720p             the film's shape, its short side 720
720p-portrait    upright, 9:16: the film's own if it stands upright, else a part of it with the person in it
720p-landscape   lying, 16:9, likewise
portrait         the same at 720p, or as large as the film allows
all              1080p, 720p, 540p, and the other orientation
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import StudioError
from .extent import Extent
from .footage import LARGEST_SIDE, Picture, resize

Real = NDArray[np.floating[Any]]
Orientation = Literal["portrait", "landscape"]

ALL = ("1080p", "720p", "540p", "portrait", "landscape")
"""What `all` stands for; the film's own orientation is among the sizes already."""

USUAL = 720
"""Short side of an orientation named without one."""

LONG = 16 / 9
"""Of a cropped shape: the long side over the short one."""

HEADROOM = 0.08
"""Of a lying crop: room above the head, in its height."""

TALLEST = 0.72
"""Of a lying crop: the head's share of its height at most."""

CUT = 0.04
"""Of an upright crop: the share of its width that elbows may lack."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant as it was asked for."""

    short: int
    """Pixels of the short side."""

    orientation: Orientation | None
    """None is the film's own."""


@dataclass(frozen=True, slots=True)
class View:
    """What a variant shows of the film."""

    width: int
    height: int
    left: int
    top: int
    across: int
    down: int
    """The part of the film it shows, in the film's pixels."""

    def picture(self, picture: Picture) -> Picture:
        """Its part of a picture of the film, at its size; any number of channels."""
        part = picture[self.top : self.top + self.down, self.left : self.left + self.across]
        return resize(part, self.width, self.height)

    def track(self, affine: Real) -> NDArray[np.float32]:
        """A track of the film, shape (n, 2, 3), in its pixels; whole numbers are the middles of pixels."""
        scale = np.array([self.width / self.across, self.height / self.down])
        result = np.asarray(affine, np.float64).copy()
        result[..., 2] += 0.5 - np.array([self.left, self.top])
        result *= scale[:, None]
        result[..., 2] -= 0.5
        return result.astype(np.float32)


def wanted_of(word: str) -> Wanted:
    """What a variant's name asks for. Raises StudioError if it does not read so."""
    match = re.fullmatch(r"(?:(\d{2,4})p(?:-(portrait|landscape))?|(portrait|landscape))", word)
    short = int(match[1]) if match is not None and match[1] else USUAL
    if match is None or short % 2 or not 120 <= short <= 2160:
        raise StudioError(
            f"variant {word!r}; a short side such as 720p or 540p, an orientation such as 720p-portrait or "
            "landscape, or all, expected"
        )
    return Wanted(short, match[2] or match[3])  # type: ignore[arg-type]


def spelt_out(words: Sequence[str]) -> tuple[str, ...]:
    """Variants with `all` spelt out, none twice."""
    every = [part for word in words for part in (ALL if word == "all" else (word,))]
    return tuple(dict.fromkeys(every))


def working_side(words: Sequence[str]) -> int:
    """The short side at which a film must be worked on for these, where it has it."""
    sides = [LARGEST_SIDE]
    for word in spelt_out(words):
        # the usual size never makes work larger: what is asked for by number does
        if word[0].isdigit():
            wanted = wanted_of(word)
            sides.append(round(wanted.short * LONG) if wanted.orientation else wanted.short)
    return max(sides)


def needs_extent(words: Sequence[str], width: int, height: int) -> bool:
    """Whether a crop is asked for, so that it must be known where the person is."""
    own = orientation_of(width, height)
    return any(wanted_of(word).orientation not in (None, own) for word in spelt_out(words))


def orientation_of(width: int, height: int) -> Orientation:
    """Of a picture; a square one lies."""
    return "landscape" if width >= height else "portrait"


def views_of(
    words: Sequence[str], width: int, height: int, extent: Extent | None
) -> tuple[dict[str, View], list[str]]:
    """What each variant shows of a film of this size, by name, and what cannot be had, in words.

    `extent` is where the person is, for crops. Nothing is made larger than it was filmed: a variant beyond
    the film becomes one of the film's own size, named after its short side. Raises StudioError where nothing
    is left.
    """
    views: dict[str, View] = {}
    notes: list[str] = []
    own = orientation_of(width, height)
    for word in spelt_out(words):
        wanted = wanted_of(word)
        if wanted.orientation in (None, own):
            left, top, across, down = 0, 0, width, height
            suffix = ""
        else:
            assert extent is not None
            fault = misfit(extent, width, height)
            if fault is not None:
                notes.append(f"no {wanted.orientation} variant: {fault}")
                continue
            left, top, across, down = crop_of(extent, width, height)
            suffix = f"-{wanted.orientation}"
        room = min(across, down)
        short = min(wanted.short, room - room % 2)
        scale = short / room
        name = f"{short}p{suffix}"
        if short < wanted.short and word in words and word[0].isdigit():
            size = f"{across}x{down} of it" if suffix else f"{width}x{height}"
            notes.append(f"{word} is more than the film has ({size}); {name} is made, nothing is enlarged")
        views.setdefault(
            name,
            View(
                max(2, round(across * scale / 2) * 2),
                max(2, round(down * scale / 2) * 2),
                left,
                top,
                across,
                down,
            ),
        )
    if not views:
        raise StudioError(f"no variant is left to build: {'; '.join(notes)}")
    return views, list(dict.fromkeys(notes))


def crop_of(extent: Extent, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of the part of a film that has the other orientation."""
    if orientation_of(width, height) == "landscape":
        across = min(width, round(height / LONG / 2) * 2)
        middle = (extent.left + extent.right) / 2
        if extent.right - extent.left > across:
            middle = extent.middle
        return int(np.clip(round(middle - across / 2), 0, width - across)), 0, across, height
    down = min(height, round(width / LONG / 2) * 2)
    return 0, int(np.clip(round(extent.top - HEADROOM * down), 0, height - down)), width, down


def misfit(extent: Extent, width: int, height: int) -> str | None:
    """Why the person does not fit into a crop of the other orientation; None if she does."""
    if orientation_of(width, height) == "landscape":
        room, needed = min(width, round(height / LONG / 2) * 2), extent.right - extent.left
        if needed > (1 + CUT) * room:
            return (
                f"the person, arms included, takes {needed:.0f} pixels of the width, an upright part of the "
                f"film has {room}; film upright, or from further away"
            )
        return None
    _, top, _, down = crop_of(extent, width, height)
    if extent.chin - extent.top > TALLEST * down:
        return (
            f"the head is {extent.chin - extent.top:.0f} pixels high, a lying part of the film {down}; "
            "film lying, or from further away"
        )
    if extent.lowest_chin > top + 0.95 * down:
        return "the head moves out of a lying part of the film; keep it in its place, or film lying"
    return None
