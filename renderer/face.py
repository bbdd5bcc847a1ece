"""The composed picture: the body of a shot, its mouth driven, before its background."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .backdrop import Backdrop, FilmBackdrop, make_backdrop
from .clips import DECODERS, Clips
from .director import Shot
from .kernels.blend import composite
from .kernels.mouth import draw_mouth
from .lips import LipDecoder
from .package.reader import Package
from .stance import ClipFrame
from .turning import Place, turn
from .types import MouthFrame, Picture

UNSEEN = 1 / 512
"""A mouth fainter than this changes no pixel value; it is not drawn."""


class Face:
    """Draws shots in one variant, for one session.

    recent    frames kept decoded, to which the session may go back at no cost
    decoders  open at most, for bodies and for mattes
    """

    def __init__(
        self, package: Package, variant: str, lips: LipDecoder, recent: int = 0, decoders: int = DECODERS
    ) -> None:
        size = package.manifest.variants[variant]
        bodies = {name: files.video for name, files in size.clips.items()}
        self._clips = Clips(package, bodies, recent, decoders)
        mattes = {name: files.alpha for name, files in size.clips.items() if files.alpha is not None}
        self.has_matte = len(mattes) == len(size.clips)
        """Whether the avatar can be shown before another background."""
        self._mattes = Clips(package, mattes, recent, decoders) if self.has_matte else None
        self._lips = lips
        self._tracks = {name: package.track(variant, name) for name in package.manifest.clips}
        pictures = package.references(variant)
        self._references: Picture = np.zeros((*pictures.shape[:3], 4), np.uint8)
        self._references[..., :3] = pictures[..., ::-1]
        self.size = size.width, size.height
        """Width and height of its pictures."""
        self._lip_size = package.manifest.lips.size
        # both are touched in cross-fades only
        self._leaving: Picture = np.zeros((size.height, size.width, 4), np.uint8)
        self._arriving: Picture = np.zeros_like(self._leaving)
        plain = package.manifest.background
        self._own = None if plain is None else make_backdrop(plain, size.width, size.height)
        self._backdrop = self._own

    @property
    def backdrop(self) -> Backdrop | None:
        """Seen where the matte leaves room; None is the background in the clips themselves.

        Set to None it is the avatar's own, which is plain where the filmed one was taken away.
        """
        return self._backdrop

    @backdrop.setter
    def backdrop(self, backdrop: Backdrop | None) -> None:
        if isinstance(self._backdrop, FilmBackdrop):
            self._backdrop.close()
        self._backdrop = self._own if backdrop is None else backdrop

    def draw(self, shot: Shot, mouth: MouthFrame | None, index: int, out: Picture) -> None:
        """Draw a shot into `out`, shape (height, width, 4), B G R and X or A, contiguous.

        `index` is the frame's number, by which a film in the background runs.

        Without a `mouth`, or where it has no presence, the clip's own resting mouth is seen and no
        network runs.
        """
        place = self._at(shot.now)
        if shot.before is None:
            self._show(shot.now, out)
        else:
            left, size = self._at(shot.before), self._lip_size
            self._show(shot.before, self._leaving)
            self._show(shot.now, self._arriving)
            place = turn(self._leaving, self._arriving, left, place, size, shot.share, out)
        if mouth is not None:
            self._drive(place, mouth, out)
        if self._is_cut_out:
            self._put_before(index, out)

    def prepare(self, cuts: Iterable[ClipFrame]) -> None:
        """Come nearer to having these cuts ready, the nearest first. Call it once a tick."""
        cuts = tuple(cuts)
        self._clips.prepare(cuts)
        if self._is_cut_out and self._mattes is not None:
            self._mattes.prepare(cuts)

    def close(self) -> None:
        """Give the decoders and their files back."""
        self._clips.close()
        if self._mattes is not None:
            self._mattes.close()
        self.backdrop = None

    @property
    def _is_cut_out(self) -> bool:
        return self.backdrop is not None and self._mattes is not None

    def _show(self, at: ClipFrame, out: Picture) -> None:
        """Decode a clip's frame, and its matte into the fourth channel."""
        self._clips.picture(at, out)
        if self._mattes is not None and self._is_cut_out:
            self._mattes.matte(at, out)

    def _put_before(self, index: int, out: Picture) -> None:
        """Put the backdrop where the matte leaves room."""
        behind = self.backdrop
        if behind is not None and not isinstance(behind, str):
            composite(out, behind.picture(index) if isinstance(behind, FilmBackdrop) else behind)

    def _drive(self, place: Place, mouth: MouthFrame, out: Picture) -> None:
        opacity = mouth.presence * place.drivable
        if opacity < UNSEEN:
            return
        lips, (skin, inner) = self._lips, self._lips.draw(mouth.weights)
        window, size = lips.window, lips.size
        draw_mouth(out, skin, inner, lips.mask, self._references, window, size, place.affine, opacity)

    def _at(self, at: ClipFrame) -> Place:
        track = self._tracks[at.clip]
        return Place(track.affine[at.frame], float(track.drivable[at.frame]))
