"""The composed picture: the body of a shot with its mouth driven."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .clips import Clips
from .director import ClipFrame, Shot
from .kernels.blend import cross_fade
from .kernels.paste import paste_patch
from .lips import LipDecoder
from .package.reader import Package
from .types import MouthFrame, Picture

UNSEEN = 1 / 512
"""A patch fainter than this changes no pixel value; it is not drawn."""


class _Place(NamedTuple):
    """Where and how the lips go into a frame."""

    affine: NDArray[np.float32]
    colour: NDArray[np.float32]
    drivable: float


class Face:
    """Draws shots in one variant, for one session."""

    def __init__(self, package: Package, variant: str, lips: LipDecoder) -> None:
        size = package.manifest.variants[variant]
        self._clips = Clips(package, variant)
        self._lips = lips
        self._tracks = {name: package.track(variant, name) for name in package.manifest.clips}
        self._latents = {name: package.latent(name) for name in package.manifest.clips}
        self._body: Picture = np.zeros((size.height, size.width, 4), np.uint8)
        self._leaving: Picture = np.zeros_like(self._body)

    def draw(self, shot: Shot, mouth: MouthFrame | None) -> Picture:
        """The picture of a shot, shape (height, width, 4), B G R X; valid until the next call.

        Without a `mouth`, or where it has no presence, the clip's own resting mouth is seen and no
        network runs.
        """
        self._clips.picture(shot.now, self._body)
        if shot.before is not None:
            self._clips.picture(shot.before, self._leaving)
            cross_fade(self._leaving, self._body, shot.share, self._body)
        if mouth is not None:
            self._drive(shot, mouth)
        return self._body

    def prepare(self, at: ClipFrame) -> None:
        """Come nearer to having a cut ready. Call it once a tick."""
        self._clips.prepare(at)

    def close(self) -> None:
        """Give the decoders and their files back."""
        self._clips.close()

    def _drive(self, shot: Shot, mouth: MouthFrame) -> None:
        place = self._place(shot)
        opacity = mouth.presence * place.drivable
        if opacity < UNSEEN:
            return
        seen_more = shot.now if shot.before is None or shot.share >= 0.5 else shot.before
        latent = self._latents[seen_more.clip].frame(seen_more.frame)
        patch = self._lips.draw(mouth.weights, latent)
        paste_patch(self._body, patch, self._lips.mask, place.affine, place.colour, opacity)

    def _place(self, shot: Shot) -> _Place:
        """Where the lips go; between the two clips while one fades into the other."""
        now = self._at(shot.now)
        if shot.before is None:
            return now
        left, share = self._at(shot.before), np.float32(shot.share)
        return _Place(
            left.affine + share * (now.affine - left.affine),
            left.colour + share * (now.colour - left.colour),
            float(left.drivable + share * (now.drivable - left.drivable)),
        )

    def _at(self, at: ClipFrame) -> _Place:
        track = self._tracks[at.clip]
        return _Place(track.affine[at.frame], track.colour[at.frame], float(track.drivable[at.frame]))
