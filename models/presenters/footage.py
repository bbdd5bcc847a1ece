"""The recording: layers put together, moved, and written with the sound as one mp4."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from . import milo
from .human import Floats, Human
from .layers import SCALE, Box, eyes_of, key_layer, mouth_units, plus
from .motion import Mover
from .mouth import lip_gap
from .performance import FPS, LISTEN, Performance
from .pictures import Picture, read
from .repaint import Repainter
from .stage import Camera

SOUND_RATE = 48_000
FEATHER = 14
"""Footage pixels over which a layer fades into the body."""

QUALITY = "10"
"""H.264 rate factor: visually lossless."""

GRAIN = 0.8
"""Grey levels of fixed grain, so that the backdrop's gradient shows no bands."""


def assemble(
    show: Performance, space: Floats, keys: list[int], speech: NDArray[np.float32], rate: int, out: Path
) -> None:
    """out/milo.mp4 and out/milo.weights.npz."""
    from .person import Person  # Blender, for the geometry only
    from .stage import clear

    clear()
    camera = Camera()
    human, frames = Human(milo.SHAPE), len(show.mouth)
    person = Person(human)
    folder = out / "layers"
    boxes = milo.BOXES
    paths = [folder / f"{key_layer(show, k, milo.FRIENDLY, boxes).name}.png" for k in keys]
    there = [k for k, path in enumerate(paths) if path.exists()]
    print(f"{len(there)} of {len(paths)} mouths rendered")
    painter = Repainter(
        person,
        camera,
        boxes.mouth,
        milo.FRIENDLY,
        show.mouth_names,
        [mouth_units(show, keys[k]) for k in there],
        [paths[k] for k in there],
        space[[keys[k] for k in there]],
    )
    mover = Mover(person, camera, milo.FRIENDLY, milo.BROW_RAISE)
    body = read(folder / "body.png")
    masks = {box: feather(box) for box in (boxes.mouth, boxes.eyes)}

    shape = (camera.height, camera.width, 1)
    grain = np.random.default_rng(1).normal(0, GRAIN, shape).astype(np.float32)

    sound = soundtrack(speech, rate, frames)
    unfinished = out / ".milo.unfinished.mp4"
    rest_mouth = painter.paint({}, space[keys[0]])
    begun = time.monotonic()
    with Recording(unfinished, camera) as recording:
        for k in range(frames):
            units = mouth_units(show, k)
            mouth = painter.paint(units, space[k]) if units else rest_mouth
            eyes = read(folder / f"{eyes_of(show, k, milo.FRIENDLY, boxes).name}.png")
            picture = body.copy()
            paste(picture, eyes.astype(np.float32), boxes.eyes, masks[boxes.eyes])
            paste(picture, mouth, boxes.mouth, masks[boxes.mouth])
            field = mover.field(show.head[k], show.sway[k], float(show.breath[k]), float(show.brow[k]))
            frame = mover.warp(picture, field) + grain
            recording.show(np.clip(frame + 0.5, 0, 255).astype(np.uint8))
            if (k + 1) % 50 == 0:
                each = (time.monotonic() - begun) / (k + 1)
                print(
                    f"{k + 1}/{frames} frames, {each * (frames - k - 1):.0f} s left",
                    flush=True,
                )
        recording.hear(sound)
    unfinished.replace(out / "milo.mp4")
    np.savez_compressed(
        out / "milo.weights.npz",
        names=np.array(show.mouth_names),
        mouth=show.mouth.astype(np.float32),
        lip_gap=np.array([lip_gap(human, plus(milo.FRIENDLY, mouth_units(show, k))) for k in range(frames)]),
        blink=show.blink,
        gaze=show.gaze,
        head=show.head,
        sway=show.sway,
        breath=show.breath,
        brow=show.brow,
        fps=FPS,
        key_frames=np.array(keys),
        rest_names=np.array(list(milo.FRIENDLY)),
        rest=np.array(list(milo.FRIENDLY.values())),
    )
    print(out / "milo.mp4")


def feather(box: Box) -> NDArray[np.float32]:
    """1 inside the box, fading to 0 at its edge, in layer pixels (h, w, 1)."""
    width, height = round((box[2] - box[0]) * SCALE), round((box[3] - box[1]) * SCALE)
    soft = FEATHER * SCALE
    x = np.minimum(np.arange(width) + 0.5, width - np.arange(width) - 0.5)
    y = np.minimum(np.arange(height) + 0.5, height - np.arange(height) - 0.5)
    edge = np.clip(np.minimum(x[None], y[:, None]) / soft, 0, 1)
    return (edge * edge * (3 - 2 * edge)).astype(np.float32)[..., None]


def paste(
    picture: NDArray[np.uint8], layer: NDArray[np.float32], box: Box, mask: NDArray[np.float32]
) -> None:
    """Blend a layer into the picture, in place."""
    left, top = round(box[0] * SCALE), round(box[1] * SCALE)
    height, width = mask.shape[:2]
    under = picture[top : top + height, left : left + width]
    mixed = under + mask * (layer[:height, :width] - under)
    under[:] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def soundtrack(speech: NDArray[np.float32], rate: int, frames: int) -> NDArray[np.float32]:
    """Silence, speech, silence; as long as the frames."""
    ratio = Fraction(SOUND_RATE, rate)
    fast = resample_poly(speech, ratio.numerator, ratio.denominator)
    sound = np.zeros(frames * SOUND_RATE // FPS, np.float32)
    start = round(LISTEN * SOUND_RATE)
    sound[start : start + len(fast)] = (0.8 / max(1e-6, float(np.abs(fast).max()))) * fast
    return sound


class Recording:
    """An mp4 being written: H.264 in BT.709 and AAC."""

    def __init__(self, path: Path, camera: Camera) -> None:
        self._file = av.open(str(path), "w", options={"movflags": "+faststart"})
        self._video = self._file.add_stream("libx264", rate=FPS, options={"crf": QUALITY, "preset": "medium"})
        self._video.width, self._video.height = camera.width, camera.height
        self._video.pix_fmt = "yuv420p"
        context = self._video.codec_context
        context.color_primaries = context.color_trc = context.colorspace = 1  # BT.709
        context.color_range = 1  # 16 to 235
        self._audio = self._file.add_stream("aac", rate=SOUND_RATE, layout="mono")
        self._audio.bit_rate = 128_000

    def __enter__(self) -> Recording:
        return self

    def show(self, picture: Picture) -> None:
        """The next frame, BGR (h, w, 3)."""
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        self._file.mux(self._video.encode(frame))

    def hear(self, sound: NDArray[np.float32]) -> None:
        """All of the sound, mono at SOUND_RATE."""
        for at in range(0, len(sound), 1024):
            block = np.ascontiguousarray(sound[None, at : at + 1024])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate = SOUND_RATE
            frame.pts = at
            self._file.mux(self._audio.encode(frame))

    def __exit__(self, *_: object) -> None:
        for stream in (self._video, self._audio):
            self._file.mux(stream.encode(None))
        self._file.close()
