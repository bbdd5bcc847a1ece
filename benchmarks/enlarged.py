"""The default avatar at 1080p, which nobody ships: its own frames scaled up and encoded as the studio does.

Scaled pictures are smooth, so their clips have fewer bits than footage of that size has; all else is the
same work.
"""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from renderer.package.manifest import Draft, Manifest
from renderer.package.reader import open_package
from renderer.package.video import DEMUXER
from renderer.package.writer import write_package

from .avatars import default_avatar
from .decoding import ENCODER

NAME, WIDTH, HEIGHT = "1080p", 1920, 1080


def enlarged(folder: Path) -> tuple[Path, Manifest]:
    """Write it into `folder`, which takes a minute; returns the package and its manifest."""
    path, _ = default_avatar()
    with open_package(path) as package:
        source = package.manifest
        variant = max(source.variants.values(), key=lambda each: each.width)
        clips = {}
        for clip, files in variant.clips.items():
            clips[clip] = files.model_copy(
                update={"video": f"{NAME}/{clip}.mp4", "track": f"{NAME}/{clip}.track.npz", "alpha": None}
            )
            (folder / NAME).mkdir(parents=True, exist_ok=True)
            (folder / clips[clip].video).write_bytes(_larger(package.read(files.video)))
            track = _larger_track(package.read(files.track), WIDTH / variant.width)
            (folder / clips[clip].track).write_bytes(track)
        told: dict[str, Any] = {field: getattr(source, field) for field in Draft.model_fields}
        sizes = {"width": WIDTH, "height": HEIGHT, "clips": clips}
        told["variants"] = {NAME: variant.model_copy(update=sizes)}
        draft = Draft(**told | {"background": None})
        for part in draft.paths() & set(source.files):
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            (folder / part).write_bytes(package.read(part))
    target = folder / f"{source.id}.avatar"
    return target, write_package(folder, draft, target)


def _larger(data: bytes) -> bytes:
    """A clip in the larger size, frame by frame."""
    target = io.BytesIO()
    with av.open(io.BytesIO(data), "r", format=DEMUXER) as clip, av.open(target, "w", format=DEMUXER) as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = 25
        stream.codec_context.time_base = Fraction(1, 25)
        stream.options = dict(ENCODER)
        for number, frame in enumerate(clip.decode(video=0)):
            scaled = frame.reformat(width=WIDTH, height=HEIGHT, interpolation="BICUBIC")
            scaled.pts, scaled.time_base = number, Fraction(1, 25)
            scaled.pict_type = av.video.frame.PictureType.NONE
            out.mux(stream.encode(scaled))
        out.mux(stream.encode(None))
    return target.getvalue()


def _larger_track(data: bytes, larger: float) -> bytes:
    """A track with the mouth where it is in the larger pictures: whole numbers are centres of pixels."""
    with np.load(io.BytesIO(data)) as track:
        arrays = {name: track[name] for name in track.files}
    arrays["affine"] = arrays["affine"] * np.float32(larger)
    arrays["affine"][:, :, 2] += np.float32((larger - 1) / 2)
    target = io.BytesIO()
    np.savez(target, **arrays)
    return target.getvalue()
