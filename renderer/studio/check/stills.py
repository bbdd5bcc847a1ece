"""Small pictures out of a recording, where something was found."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import av
import cv2
import numpy as np

from ..footage import Footage

HEIGHT = 120
"""Pixels."""

QUALITY = 70
"""Of the JPEG, 0 to 100."""


def stills(footage: Footage, seconds: Iterable[float]) -> dict[float, str]:
    """Pictures at these seconds since the first one, as data URLs; those that cannot be had are left out."""
    found: dict[float, str] = {}
    with av.open(str(footage.path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        base = stream.time_base
        first = next(container.decode(stream), None)
        if base is None or first is None:
            return found
        start = float(first.time or 0.0)
        for second in sorted(set(seconds)):
            try:
                container.seek(max(0, int((start + second) / base)), stream=stream)
                frame = next(
                    (f for f in container.decode(stream) if (f.time or 0.0) >= start + second - 0.021), None
                )
            except av.FFmpegError:
                continue
            if frame is not None:
                found[second] = _url(frame, footage)
    return found


def _url(frame: av.VideoFrame, footage: Footage) -> str:
    """As a JPEG of HEIGHT rows inside a data URL."""
    rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    upright = np.ascontiguousarray(np.rot90(rgb, -footage.turned // 90))
    width = max(1, round(HEIGHT * footage.width / footage.height))
    small = cv2.resize(upright, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    jpeg = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()
