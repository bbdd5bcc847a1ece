"""Where the face is: mediapipe's 478 landmarks for every frame of a recording."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingExtra

LANDMARKS = 478
"""Points of mediapipe's face mesh with irises (FaceMesh, refine_landmarks=True)."""

SETTLING = 4
"""Looks at the first face before one is believed. In its first answer the tracker has the chin too low by a
tenth, in its second the face of a head held aslant too large by a fortieth."""

Landmarks = NDArray[np.float32]
"""Shape (478, 3): x right, y down, z away from the camera, all in pixels of the frame."""


class FaceFinder:
    """Finds the largest face, frame after frame, and follows it.

    Frames must come in their order: tracking is what makes the points steady.
    """

    def __init__(self, confidence: float = 0.5) -> None:
        os.environ.setdefault("GLOG_minloglevel", "2")
        try:
            import mediapipe
        except ImportError as error:
            raise MissingExtra(
                "mediapipe is not installed; the studio needs it: pip install 'avatar-renderer[studio]'"
            ) from error
        self._has_found = False
        with quietly():
            self._mesh = mediapipe.solutions.face_mesh.FaceMesh(
                static_image_mode=False,
                max_num_faces=1,
                refine_landmarks=True,
                min_detection_confidence=confidence,
                min_tracking_confidence=confidence,
            )
            self._mesh.process(np.zeros((64, 64, 3), np.uint8))

    def find(self, rgb: NDArray[np.uint8]) -> Landmarks | None:
        """Landmarks of the face in one picture, shape (h, w, 3), RGB; None where there is none."""
        picture = np.ascontiguousarray(rgb)
        if not self._has_found:
            # its second graph loads, and complains, with the first face
            with quietly():
                self._has_found = bool(self._mesh.process(picture).multi_face_landmarks)
            for _ in range(SETTLING * self._has_found):
                self._mesh.process(picture)
        found = self._mesh.process(picture).multi_face_landmarks
        if not found:
            return None
        height, width = rgb.shape[:2]
        points = np.array([(p.x, p.y, p.z) for p in found[0].landmark], np.float32)
        # mediapipe scales z like x
        return points * np.array([width, height, width], np.float32)

    def close(self) -> None:
        """Give mediapipe's graph back."""
        self._mesh.close()

    def __enter__(self) -> FaceFinder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@contextmanager
def quietly() -> Iterator[None]:
    """Keep what mediapipe's C++ side writes to the terminal from it; no setting of its own does."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def find_faces(pictures: Iterable[NDArray[np.uint8]]) -> tuple[Landmarks, NDArray[np.bool_]]:
    """Landmarks of every picture, and whether a face was there.

    Returns shape (n, 478, 3) in pixels, NaN where no face was found, and shape (n,).
    """
    with FaceFinder() as finder:
        rows = [finder.find(picture) for picture in pictures]
    blank = np.full((LANDMARKS, 3), np.nan, np.float32)
    points = np.stack([blank if row is None else row for row in rows]) if rows else blank[:0]
    return points, np.array([row is not None for row in rows], np.bool_)
