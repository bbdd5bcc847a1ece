"""What is known about every frame of the footage: where the face is, and what its mouth does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import StudioError
from ..settings import FPS
from .crops import cut, emphasis, track_crops
from .footage import Footage, Picture, check_length, pictures
from .landmarks import LANDMARKS, FaceFinder, Landmarks
from .loops import small_grey
from .mouthspace import to_weights, without_tremble
from .opening import Rest, find_rest
from .progress import BuildProgress
from .steadying import steadied
from .work import Arrays, WorkFolder

STAGES = 3
"""Raised when a stage comes to give other results, so that kept ones are not taken for them."""

NOBODY = 30.0
"""Seconds without a face after which no more is looked for."""

SMALLEST_FACE = 40.0
"""Pixels between the outer corners of the eyes below which lips cannot be learned."""

SHARP = 0.6
"""A crop with less than this share of the usual detail is blurred by movement."""


@dataclass(frozen=True, slots=True)
class Faces:
    """What is known about every frame of the footage, n in all."""

    points: NDArray[np.float32]
    """Shape (n, 478, 3), pixels; NaN where there is no face."""

    greys: NDArray[np.float32]
    """Shape (n, h, w): the frames, small (`loops.small_grey`)."""

    weights: NDArray[np.float32]
    """Shape (n, 10): mouth weights, NaN where there is no face."""

    rest: Rest
    """Frames that show the mouth at rest."""

    affine: NDArray[np.float32]
    """Shape (n, 2, 3): from mouth crop to frame."""

    sharpened: float = 0.0
    """What is added to the crops' finest detail, for players enlarge them (`crops.emphasis`)."""

    @property
    def found(self) -> NDArray[np.bool_]:
        """Shape (n,): whether there is a face."""
        return np.asarray(np.isfinite(self.weights).all(axis=1))


def find_faces(
    footage: Footage, work: WorkFolder, progress: BuildProgress, picked: Sequence[float] | None = None
) -> Faces:
    """The face in every frame, what its mouth does, and where its mouth is.

    `picked` are seconds at which somebody saw the mouth at rest. Raises StudioError if the film is not fit.
    """
    progress.begin("finding the face")

    def look() -> Arrays:
        points: list[Landmarks] = []
        greys: list[NDArray[np.float32]] = []
        seen_one = False
        with FaceFinder() as finder:
            for picture in progress.over(pictures(footage), round(footage.duration * FPS)):
                found = finder.find(picture)
                seen_one = seen_one or found is not None
                if not seen_one and len(points) >= NOBODY * FPS:
                    raise StudioError(
                        f"{footage.path}: no face in the first {NOBODY:.0f} s; one person facing the camera "
                        "is needed, well lit and not too far away; cut off what comes before"
                    )
                check_length(footage, len(points) / FPS)  # what a file says of its length may be wrong
                points.append(np.full((LANDMARKS, 3), np.nan, np.float32) if found is None else found)
                greys.append(small_grey(picture))
        return {"points": np.stack(points), "greys": np.stack(greys)}

    seen = work.arrays("faces", look, stages=STAGES, size=(footage.width, footage.height))
    points = seen["points"]
    check_faces(footage, points)
    rest = find_rest(points, picked)
    affine = follow(footage, points, rest, work, progress)
    sharpened = emphasis(affine, min(footage.width, footage.height))
    weights = without_tremble(to_weights(points, rest.model))
    return Faces(points, seen["greys"], weights, rest, affine, sharpened)


def follow(
    footage: Footage, points: NDArray[np.float32], rest: Rest, work: WorkFolder, progress: BuildProgress
) -> NDArray[np.float32]:
    """The mouth crop's way through the film, shape (n, 2, 3), from crop to frame; `points` are landmarks."""
    progress.begin("following the head")
    track = track_crops(points, rest.model)

    def look() -> Arrays:
        frames = progress.over(pictures(footage), len(points))
        return {"affine": steadied(track, points, frames)}

    at = hashlib.sha256(track.affine.tobytes()).hexdigest()
    made = work.arrays("steadied", look, stages=STAGES, at=at, size=(footage.width, footage.height))
    return np.asarray(made["affine"], np.float32)


def check_faces(footage: Footage, points: NDArray[np.floating[Any]]) -> None:
    """Raise StudioError if too few frames show a face, or it is too small. `points` has shape (n, 478, 3)."""
    found = np.isfinite(points).all(axis=(1, 2))
    if found.mean() <= 0.5:
        raise StudioError(
            f"{footage.path}: a face in only {found.sum()} of {len(found)} frames; "
            "one person facing the camera is needed, well lit and not too far away"
        )
    eyes = float(np.median(np.linalg.norm(points[found, 263, :2] - points[found, 33, :2], axis=1)))
    if eyes < SMALLEST_FACE:
        raise StudioError(
            f"{footage.path}: the face is too small ({eyes:.0f} pixels between the outer eye corners, "
            f"at least {SMALLEST_FACE:.0f} needed); film closer or at a higher resolution"
        )


def cut_crops(footage: Footage, faces: Faces, work: WorkFolder, progress: BuildProgress) -> Picture:
    """The mouth of every frame, shape (n, size, size, 3)."""
    progress.begin("cutting out the mouth")

    sharp = faces.sharpened

    def cut_all() -> Arrays:
        pairs = zip(pictures(footage), faces.affine, strict=False)
        return {
            "crops": np.stack(
                [cut(p, a, sharpened=sharp) for p, a in progress.over(pairs, len(faces.affine))]
            )
        }

    at = hashlib.sha256(np.ascontiguousarray(faces.affine).tobytes()).hexdigest()
    made_from = {} if footage.matte is None else {"person": footage.path.name}
    size = footage.width, footage.height
    crops = work.arrays("crops", cut_all, sharp=sharp, size=size, at=at, **made_from)["crops"]
    return np.asarray(crops, np.uint8)


def sharp_frames(crops: Picture) -> NDArray[np.bool_]:
    """Frames whose mouth is not blurred by movement, shape (n,)."""
    grey = crops.mean(axis=3, dtype=np.float32)
    detail = np.abs(
        4 * grey[:, 1:-1, 1:-1]
        - grey[:, :-2, 1:-1]
        - grey[:, 2:, 1:-1]
        - grey[:, 1:-1, :-2]
        - grey[:, 1:-1, 2:]
    ).mean(axis=(1, 2))
    return np.asarray(detail >= SHARP * np.median(detail))
