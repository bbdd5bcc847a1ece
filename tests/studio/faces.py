"""Landmarks of a face that does not exist, and films of it: what the studio's stages are tested on."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from renderer.studio.mouthspace import FRONTAL, RIGID

LOWER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)

CHEEKS = (
    (206, 426, 0.3, 0.68),
    (216, 436, 0.35, 0.75),
    (212, 432, 0.4, 0.85),
    (214, 434, 0.45, 0.95),
    (136, 365, 0.47, 1.0),
    (150, 379, 0.4, 1.1),
    (149, 378, 0.3, 1.15),
    (164, 164, 0.0, 0.65),
)


def face() -> NDArray[np.float64]:
    """A frontal face at rest, shape (478, 3), in distances between the outer eye corners."""
    chance = np.random.default_rng(1)
    angle, radius = chance.uniform(0, 2 * np.pi, 478), np.sqrt(chance.uniform(0, 1, 478))
    points = np.stack([0.85 * radius * np.cos(angle), 0.35 + 0.95 * radius * np.sin(angle)], axis=1)
    points = np.column_stack([points, -0.3 * (1 - radius**2)])
    points[list(RIGID)] = FRONTAL
    for number, (x, y) in _mouth().items():
        points[number] = (x, y, -0.35)
    for number, x in ((234, -0.72), (454, 0.72), (116, -0.6), (345, 0.6)):
        points[number] = (x, 0.25, 0.1)
    for left, right, x, y in CHEEKS:
        points[left], points[right] = (-x, y, -0.2), (x, y, -0.2)
    for number, x in ((176, -0.2), (148, -0.1), (152, 0.0), (377, 0.1), (400, 0.2)):
        points[number] = (x, 1.25 - x * x, -0.25)
    return points


def _mouth() -> dict[int, tuple[float, float]]:
    upper_outer = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
    lower_outer = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
    upper_inner = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
    lower_inner = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
    places = {}
    for line, height in ((upper_outer, -0.06), (lower_outer, 0.07), (upper_inner, 0.0), (lower_inner, 0.0)):
        for number, x in zip(line, np.linspace(-1, 1, 11), strict=True):
            places[number] = (0.28 * float(x), 0.8 + height * (1 - float(x) ** 2))
    return places


def film_of(
    opening: NDArray[np.floating[Any]],
    sway: NDArray[np.floating[Any]],
    eyes: float = 80.0,
    middle: tuple[float, float] = (160, 90),
) -> NDArray[np.float32]:
    """Landmarks of a film in pixels, shape (n, 478, 3).

    `opening`, shape (n,), moves the lower lip and the chin down, in eye distances; `sway`, shape (n,),
    moves the head to the side, in pixels.
    """
    points = np.repeat(face()[None], len(opening), axis=0)
    lower = [*LOWER[1:10], *LOWER[12:21], 176, 148, 152, 377, 400]
    points[:, lower, 1] += opening[:, None]
    points *= eyes
    points[..., 0] += middle[0] + sway[:, None]
    points[..., 1] += middle[1]
    return points.astype(np.float32)


def draw(points: NDArray[np.float32], width: int = 320, height: int = 256) -> NDArray[np.uint8]:
    """A picture of that face, shape (height, width, 3): skin, two eyes, and a mouth dark where it is open."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    picture = np.stack([70 + 40 * x / width, 90 + 40 * y / height, np.full_like(x, 120)], axis=-1)
    eyes = float(np.linalg.norm(points[263, :2] - points[33, :2]))
    middle = points[list(RIGID), :2].mean(axis=0)
    skin = ((x - middle[0]) / eyes / 0.85) ** 2 + ((y - middle[1]) / eyes / 1.3 - 0.2) ** 2 < 1
    picture[skin] = (205, 155, 130)
    for eye in ((33, 133), (362, 263)):
        at = points[list(eye), :2].mean(axis=0)
        picture[np.hypot(x - at[0], y - at[1]) < 0.08 * eyes] = (40, 40, 50)
    _fill(picture, points, (61, 0, 291, 17), (170, 80, 85))
    if points[14, 1] - points[13, 1] > 0.02 * eyes:
        _fill(picture, points, (78, 13, 308, 14), (30, 10, 10))
    return np.asarray(picture.clip(0, 255), np.uint8)


def _fill(
    picture: NDArray[np.float32],
    points: NDArray[np.float32],
    corners: tuple[int, int, int, int],
    colour: tuple[int, ...],
) -> None:
    left, top, right, bottom = points[list(corners), :2]
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    across = (2 * x - left[0] - right[0]) / (right[0] - left[0])
    arc = 1 - across**2
    corner = (left[1] + right[1]) / 2
    inside = (arc > 0) & (y > corner + (top[1] - corner) * arc) & (y < corner + (bottom[1] - corner) * arc)
    picture[inside] = colour


def write_film(
    path: Path,
    pictures: list[NDArray[np.uint8]],
    fps: Fraction = Fraction(25),
    sound: bool = False,
    crf: int = 12,
) -> Path:
    """A film of these pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(crf), "preset": "ultrafast"}
        voice = container.add_stream("aac", rate=16_000, layout="mono") if sound else None
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, 1 / fps
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if voice is not None:
            quiet = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            quiet.sample_rate = 16_000
            container.mux(voice.encode(quiet))
            container.mux(voice.encode(None))
    return path
