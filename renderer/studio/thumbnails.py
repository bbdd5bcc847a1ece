"""The segments of a film as pictures, to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ..errors import StudioError
from ..settings import FPS
from .footage import Footage, Picture, pictures
from .segments import Segment

ACROSS = 6
"""Pictures of each segment, the first and the last included."""

HEIGHT = 180
"""Pixels of each picture."""

LABEL = 22
"""Pixels above each row for its name and times."""


def write_thumbnails(folder: Path, footage: Footage, segments: Sequence[Segment]) -> Path:
    """Write `segments.png` into `folder`: a row of ACROSS pictures for every segment. Returns its path.

    Raises StudioError if the folder cannot be written to.
    """
    shown = {
        segment.name: np.linspace(segment.loop.start, segment.loop.end - 1, ACROSS) for segment in segments
    }
    wanted = {round(frame) for frames in shown.values() for frame in frames}
    width = round(HEIGHT * footage.width / footage.height)
    taken: dict[int, Picture] = {}
    for frame, picture in enumerate(pictures(footage)):
        if frame in wanted:
            taken[frame] = np.asarray(
                cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8
            )
    rows = [_row(segment, [taken[round(frame)] for frame in shown[segment.name]]) for segment in segments]
    path = folder / "segments.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cv2.imencode(".png", np.vstack(rows)[..., ::-1])[1].tobytes())
    except OSError as error:
        raise StudioError(f"{path}: cannot be written ({error.strerror}); name another folder") from error
    return path


def _row(segment: Segment, thumbnails: Sequence[Picture]) -> Picture:
    label = np.full((LABEL, sum(picture.shape[1] for picture in thumbnails), 3), 255, np.uint8)
    start, end = segment.loop.start / FPS, segment.loop.end / FPS
    text = f"{segment.name}  {segment.role}  {start:.2f} - {end:.2f} s"
    cv2.putText(label, text, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30, 30, 30), 1, cv2.LINE_AA)
    return np.vstack([label, np.hstack(list(thumbnails))])
