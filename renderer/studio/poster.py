"""The one picture that stands for an avatar."""

from __future__ import annotations

from pathlib import Path

import av
import cv2

QUALITY = 88
"""Of the JPEG."""


def write_poster(path: Path, clip: Path) -> None:
    """The first frame of a clip as a JPEG file."""
    with av.open(str(clip)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="bgr24")
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    path.write_bytes(data.tobytes())
