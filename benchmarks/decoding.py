"""What decoding a clip costs, by how it was encoded: the default avatar's own frames, encoded anew."""

from __future__ import annotations

import io
import time
from fractions import Fraction
from itertools import islice
from typing import Any

import av
import numpy as np

from renderer.package.reader import open_package
from renderer.package.video import DEMUXER

from .avatars import default_avatar

FRAMES, QUICK_FRAMES = 150, 25
REPEATS = 3

X264 = "x264-params"
ENCODER = {"preset": "medium", "crf": "18", "tune": "fastdecode", "bf": "0", X264: "scenecut=0:open-gop=0"}
"""The studio's options (renderer/studio/clips.py, which wants the extra [studio])."""

STILL = ENCODER[X264]
SETTINGS: dict[str, dict[str, str]] = {
    "as avatars have it": {},
    "with CABAC": {X264: f"{STILL}:cabac=1"},
    "with deblocking": {X264: f"{STILL}:no-deblock=0:deblock=0,0"},
    "with B-frames": {"bf": "3"},
    "not tuned": {"tune": "film"},
}
"""What differs from them; a keyframe a second in all of them."""


def run(quick: bool) -> list[dict[str, Any]]:
    """Milliseconds of each frame, kilobits a second, and the likeness to what was encoded."""
    path, manifest = default_avatar()
    count = QUICK_FRAMES if quick else FRAMES
    rows = []
    for variant, files in manifest.variants.items():
        clip = max(manifest.clips, key=lambda name: manifest.clips[name].frames)
        with open_package(path) as package, package.open(files.clips[clip].video) as file:
            frames = _planes(file.read(), count)
        for name, options in SETTINGS.items():
            encoded = _encoded(frames, options)
            best = min(_timed(encoded) for _ in range(REPEATS))
            rows.append(
                {
                    "name": f"{variant}, {name}",
                    "decode_ms": best * 1e3,
                    "kbit_s": len(encoded) * 8 / 1e3 / (len(frames) / 25),
                    "psnr_db": _psnr(frames, _planes(encoded, count)),
                }
            )
    return rows


def _planes(data: bytes, count: int) -> list[Any]:
    """Frames as YUV 4:2:0, shape (height * 3 / 2, width)."""
    with av.open(io.BytesIO(data), "r", format=DEMUXER) as container:
        return [frame.to_ndarray() for frame in islice(container.decode(video=0), count)]


def _encoded(frames: list[Any], options: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format=DEMUXER) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height = frames[0].shape[1], frames[0].shape[0] * 2 // 3
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 25
        stream.codec_context.time_base = Fraction(1, 25)
        stream.options = {**ENCODER, "threads": "1", **options}
        for number, planes in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def _timed(data: bytes) -> float:
    """Seconds a frame, decoded in this thread as the renderer does it."""
    with av.open(io.BytesIO(data), "r", format=DEMUXER) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        decoded = container.decode(stream)
        next(decoded)
        began = time.perf_counter()
        count = sum(1 for _ in decoded)
        return (time.perf_counter() - began) / count


def _psnr(frames: list[Any], decoded: list[Any]) -> float:
    errors = [np.mean((a.astype(np.float32) - b) ** 2) for a, b in zip(frames, decoded, strict=True)]
    return float(10 * np.log10(255**2 / max(float(np.mean(errors)), 1e-9)))
