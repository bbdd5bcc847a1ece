"""Recordings in memory: drawn from Milo's avatar, or cut out of a film; written with real codecs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from renderer.audio import load_sound
from renderer.avatar import open_avatar
from renderer.settings import Settings
from renderer.studio.footage import pictures, probe

HELLO = Path(__file__).parents[2] / "examples" / "hello.opus"
RATE = 48_000
HEIGHT = 360
"""Rows (or columns of a portrait) that recordings are made small to: checks are quick then."""

Pictures = list[NDArray[np.uint8]]


@dataclass(frozen=True)
class Take:
    """A recording in memory."""

    pictures: Pictures
    """RGB, shape (height, width, 3) each."""

    sound: NDArray[np.float32]
    """Mono, RATE samples a second; as long as the pictures, or empty."""

    fps: Fraction = Fraction(25)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return float(len(self.pictures) / self.fps)


def milo(seconds: float = 8.0) -> Take:
    """Milo, listening and then speaking, drawn from the avatar that ships with the program."""
    settings = Settings(variant="540p", sound_rate=RATE)
    shown: Pictures = []
    heard = []
    with open_avatar("milo") as avatar:
        for frame in avatar.render(HELLO, settings=settings, before=1.6):
            height, width = frame.pixels.shape[:2]
            scale = HEIGHT / min(height, width)
            size = (2 * round(width * scale / 2), 2 * round(height * scale / 2))
            shown.append(np.asarray(cv2.resize(frame.pixels, size, interpolation=cv2.INTER_AREA), np.uint8))
            heard.append(frame.sound)
            if len(shown) >= seconds * 25:
                break
    room = np.random.default_rng(1).normal(0, 10 ** (-62 / 20), len(heard) * RATE // 25)
    return Take(shown, (np.concatenate(heard) + room).astype(np.float32))


def take_of(path: Path, seconds: float = 7.5, start: float = 0.0) -> Take:
    """A piece of a film, made small."""
    footage = probe(path)
    shown: Pictures = []
    for number, picture in enumerate(pictures(footage)):
        if number >= (start + seconds) * 25:
            break
        if number >= start * 25:
            scale = HEIGHT / min(picture.shape[:2])
            size = (2 * round(picture.shape[1] * scale / 2), 2 * round(picture.shape[0] * scale / 2))
            shown.append(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8))
    sound = np.zeros(0, np.float32)
    if footage.has_sound:
        first = round(start * RATE)
        sound = load_sound(path, RATE)[first : first + len(shown) * RATE // 25]
        sound = np.pad(sound, (0, len(shown) * RATE // 25 - len(sound)))
    return Take(shown, sound)


def write_take(path: Path, take: Take, *, crf: int = 18, codec: str = "libx264") -> Path:
    """Write a recording: H.264, and AAC where there is sound."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=take.fps)
        video.height, video.width = take.pictures[0].shape[:2]
        video.pix_fmt = "yuv420p"
        video.options = {"crf": str(crf), "preset": "veryfast"} if codec == "libx264" else {}
        voice = None
        if len(take.sound):
            voice = container.add_stream(
                "libopus" if path.suffix == ".webm" else "aac", rate=RATE, layout="mono"
            )
        for number, picture in enumerate(take.pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, 1 / take.fps
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if voice is not None:
            samples = np.clip(take.sound, -1, 1)[None].astype(np.float32)
            for start in range(0, samples.shape[1], 960):
                piece = np.ascontiguousarray(samples[:, start : start + 960])
                heard = av.AudioFrame.from_ndarray(piece, "fltp", "mono")
                heard.sample_rate, heard.pts, heard.time_base = RATE, start, Fraction(1, RATE)
                container.mux(voice.encode(heard))
            container.mux(voice.encode(None))
    return path
