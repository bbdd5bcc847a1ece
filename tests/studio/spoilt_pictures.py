"""What can go wrong with the pictures of a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay
from takes import RATE, Take

from renderer.studio.landmarks import FaceFinder


def without(take: Take, start: float, seconds: float) -> Take:
    """A piece is left out of picture and sound."""
    a, b = round(start * take.fps), round((start + seconds) * take.fps)
    sound = np.concatenate([take.sound[: round(start * RATE)], take.sound[round((start + seconds) * RATE) :]])
    return replace(take, pictures=take.pictures[:a] + take.pictures[b:], sound=sound)


def liveliest(take: Take) -> float:
    """The second, from 3 to 5.5, at which leaving six frames out shows most: in stillness it never does."""
    small = [
        cv2.resize(picture, (64, 36), interpolation=cv2.INTER_AREA).astype(np.float32)
        for picture in take.pictures
    ]
    places = range(round(3 * take.fps), min(round(5.5 * take.fps), len(small) - 8))
    return float(max(places, key=lambda n: np.abs(small[n - 1] - small[n + 6]).mean()) / take.fps)


def frozen(take: Take, start: float, seconds: float) -> Take:
    """The picture stands still for a while."""
    a, b = round(start * take.fps), round((start + seconds) * take.fps)
    shown = take.pictures[:a] + [take.pictures[a]] * (b - a) + take.pictures[b:]
    return replace(take, pictures=shown)


def each(
    take: Take, change: Callable[[NDArray[np.uint8], float], NDArray[Any]], start: float, seconds: float
) -> Take:
    """Change the pictures of a while; `change` is told the share of it that is over."""
    a, b = round(start * take.fps), min(len(take.pictures), round((start + seconds) * take.fps))
    shown = list(take.pictures)
    for number in range(a, b):
        changed = change(shown[number], (number - a) / max(1, b - a - 1))
        shown[number] = np.asarray(np.clip(changed, 0, 255), np.uint8)
    return replace(take, pictures=shown)


def shaken(take: Take, start: float, seconds: float, share: float = 0.005) -> Take:
    """The camera shakes by `share` of the picture's height, a few times a second."""
    chance = np.random.default_rng(2)
    time = np.arange(len(take.pictures)) / float(take.fps)
    height, width = take.pictures[0].shape[:2]
    moves = np.zeros((len(time), 2))
    for hertz in (2.3, 3.7, 5.1, 6.9):
        phase = chance.uniform(0, 2 * np.pi, 2)
        moves += np.sin(2 * np.pi * hertz * time[:, None] + phase) / 2
    moves *= share * height
    moves[(time < start) | (time >= start + seconds)] = 0.0
    number = iter(range(len(moves)))

    def move(picture: NDArray[np.uint8], _: float) -> NDArray[Any]:
        x, y = moves[next(number)]
        # a little larger throughout, so that there is something to show beyond the rim
        at = np.array([[1.03, 0, x - 0.015 * width], [0, 1.03, y - 0.015 * height]])
        return np.asarray(cv2.warpAffine(picture, at, (width, height), flags=cv2.INTER_CUBIC))

    return each(take, move, 0.0, take.seconds)


def covered(take: Take, start: float, seconds: float) -> Take:
    """A hand before mouth and chin."""
    with FaceOf(take) as find:

        def cover(picture: NDArray[np.uint8], share: float) -> NDArray[Any]:
            points = find(picture)
            eyes = float(np.linalg.norm(points[263] - points[33]))
            away = 1 - min(1.0, 5 * share, 5 * (1 - share))
            middle = points[[13, 14]].mean(axis=0) + np.array([0.0, 2.2 * eyes * away])
            skin = np.median(
                picture[int(points[151, 1]) - 3 : int(points[151, 1]) + 4, int(points[151, 0])], axis=0
            )
            hand = np.zeros(picture.shape[:2], np.float32)
            for finger in range(4):
                y = middle[1] + (finger - 1.4) * 0.21 * eyes
                ends = [
                    (int(middle[0] + side * 0.62 * eyes), int(y + 0.06 * eyes * side)) for side in (-1, 1)
                ]
                cv2.line(hand, ends[0], ends[1], (0.75 + 0.08 * finger,), max(2, int(0.19 * eyes)))
            soft = np.asarray(cv2.GaussianBlur(hand, (0, 0), 0.02 * eyes))[..., None]
            shown = np.minimum(1, 3 * soft)
            return np.asarray(picture * (1 - shown) + shown * skin * np.minimum(1.0, 0.25 + soft))

        return each(take, cover, start, seconds)


def turned(take: Take, start: float, seconds: float, degrees: float = 38.0) -> Take:
    """The head turns to the side and back: the mesh of the face is turned, and its picture with it."""
    with FaceOf(take, flat=False) as find:

        def turn(picture: NDArray[np.uint8], share: float) -> NDArray[Any]:
            points = find(picture).astype(np.float64)
            middle = points[[234, 454]].mean(axis=0)
            angle = np.radians(degrees) * min(1.0, 3 * share, 3 * (1 - share))
            away = points - middle
            there = points[:, :2].copy()
            there[:, 0] = middle[0] + np.cos(angle) * away[:, 0] - np.sin(angle) * away[:, 2]
            depth = np.sin(angle) * away[:, 0] + np.cos(angle) * away[:, 2]
            drawn = picture.copy()
            corners = Delaunay(points[:468, :2]).simplices
            for triangle in corners[np.argsort(-depth[corners].mean(axis=1))]:
                _paint(drawn, picture, points[triangle, :2], there[triangle])
            return drawn

        return each(take, turn, start, seconds)


def _paint(
    drawn: NDArray[np.uint8],
    picture: NDArray[np.uint8],
    here: NDArray[np.float64],
    there: NDArray[np.float64],
) -> None:
    """Move one triangle of a picture."""
    low, high = np.floor(there.min(axis=0)).astype(int), np.ceil(there.max(axis=0)).astype(int) + 1
    low, high = np.maximum(low, 0), np.minimum(high, drawn.shape[1::-1])
    width, height = high - low
    if width < 1 or height < 1:
        return
    at = cv2.getAffineTransform(here.astype(np.float32), (there - low).astype(np.float32))
    piece = cv2.warpAffine(picture, at, (int(width), int(height)), borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(there - low).astype(np.int32), (1,))
    part = drawn[low[1] : high[1], low[0] : high[0]]
    part[mask > 0] = piece[mask > 0]


def looking_away(take: Take, start: float, seconds: float) -> Take:
    """The eyes turn to the side: what is inside each eye is pushed there."""
    height, width = take.pictures[0].shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    with FaceOf(take) as find:

        def look(picture: NDArray[np.uint8], _: float) -> NDArray[Any]:
            points = find(picture)
            source = x.copy()
            for one, other in ((33, 133), (362, 263)):
                middle = points[[one, other]].mean(axis=0)
                eye = float(np.linalg.norm(points[other] - points[one]))
                near = ((x - middle[0]) / (0.55 * eye)) ** 2 + ((y - middle[1]) / (0.3 * eye)) ** 2
                source -= 0.24 * eye * np.clip(1 - near, 0, None) ** 0.5
            return np.asarray(cv2.remap(picture, source, y, cv2.INTER_LINEAR))

        return each(take, look, start, seconds)


def with_arm(take: Take, start: float, seconds: float, *, sideways: bool = False) -> Take:
    """An arm rises beside the body and sinks again; or it reaches out of the picture and comes back."""
    height, width = take.pictures[0].shape[:2]
    colour = take.pictures[0][-20:, width // 2 - 20 : width // 2 + 20].reshape(-1, 3).mean(axis=0)

    def gesture(picture: NDArray[np.uint8], share: float) -> NDArray[Any]:
        # up and down for as long as it lasts, so that something always moves
        beats = max(1, round(seconds))
        lift = abs(np.sin(np.pi * beats * share)) * 0.7 + 0.3 * np.sin(np.pi * share)
        shoulder = (int(0.3 * width), int(1.0 * height))
        hand = (int(0.2 * width), int(height * (1.15 - 0.6 * lift)))
        if sideways:
            hand = (int(width * (0.3 - 0.45 * lift)), int(0.8 * height))
        drawn = picture.copy()
        thick = int(0.09 * height)
        cv2.line(drawn, shoulder, hand, [float(c) * 0.8 + 12 for c in colour], thick, cv2.LINE_AA)
        cv2.circle(drawn, hand, int(0.06 * height), (205, 160, 135), -1, cv2.LINE_AA)
        return drawn

    return each(take, gesture, start, seconds)


def second_face(take: Take, start: float, seconds: float) -> Take:
    """Somebody looks over the person's shoulder."""
    with FaceOf(take) as find:
        points = find(take.pictures[0])
    left, top = (points.min(axis=0) - 0.35 * np.ptp(points, axis=0)).astype(int)
    right, bottom = (points.max(axis=0) + 0.2 * np.ptp(points, axis=0)).astype(int)
    top, left = max(0, top), max(0, left)

    def paste(picture: NDArray[np.uint8], share: float) -> NDArray[Any]:
        own = picture[top:bottom, left:right]
        head = cv2.resize(own, (int(own.shape[1] * 0.8), int(own.shape[0] * 0.8)))
        drawn = picture.copy()
        rows = min(head.shape[0], picture.shape[0] - top)
        # walks in from the side, and out again
        columns = int(min(head.shape[1], left) * min(1.0, 5 * share, 5 * (1 - share)))
        if columns:
            drawn[top : top + rows, :columns] = head[:rows, -columns:]
        return drawn

    return each(take, paste, start, seconds)


def on_screen(take: Take, colour: tuple[int, int, int], *, uneven: float = 0.0, spill: float = 0.0) -> Take:
    """The person before a screen of one colour, cut out by a network."""
    import mediapipe

    height, width = take.pictures[0].shape[:2]
    light = 1 - uneven * np.linspace(0, 1, width)[None, :, None]
    screen = np.array(colour, np.float32) * light * np.ones((height, 1, 1))
    with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as cutter:

        def key(picture: NDArray[np.uint8], _: float) -> NDArray[Any]:
            mask = np.clip(cutter.process(picture).segmentation_mask * 2 - 0.5, 0, 1)[..., None]
            person = picture.astype(np.float32)
            person[..., 1] += spill * 255 * 0.2
            return np.asarray(person * mask + screen * (1 - mask))

        return each(take, key, 0, take.seconds)


def dressed(take: Take, colour: tuple[int, int, int]) -> Take:
    """Clothes of another colour: what is dark under the chin."""

    def dye(picture: NDArray[np.uint8], _: float) -> NDArray[Any]:
        grey = picture.max(axis=2, keepdims=True).astype(np.float32)
        low = (np.arange(picture.shape[0]) > 0.6 * picture.shape[0])[:, None, None]
        dark = np.clip((75 - grey) / 20, 0, 1) * low
        return np.asarray(picture * (1 - dark) + dark * np.array(colour) * (0.6 + grey / 100))

    return each(take, dye, 0, take.seconds)


def brighter(take: Take, start: float, gain: float = 1.25) -> Take:
    """The exposure changes and stays so."""
    return each(take, lambda picture, _: picture * gain, start, take.seconds - start)


def soft(take: Take, start: float, seconds: float, sigma: float = 2.2) -> Take:
    """Out of focus for a while: the lens wanders off and comes back."""

    def blur(picture: NDArray[np.uint8], share: float) -> NDArray[Any]:
        wide = 0.1 + sigma * min(1.0, 4 * share, 4 * (1 - share))
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), wide))

    return each(take, blur, start, seconds)


def slower(take: Take, fps: int) -> Take:
    """At another frame rate: each time shows the picture that is due."""
    count = int(take.seconds * fps)
    shown = [take.pictures[int(number * take.fps // fps)] for number in range(count)]
    return replace(take, pictures=shown, fps=Fraction(fps))


class FaceOf:
    """Finds the face of pictures; where none is found, the last one's place stands in."""

    def __init__(self, take: Take, flat: bool = True) -> None:
        self._finder, self._axes = FaceFinder(), 2 if flat else 3
        first = self._finder.find(take.pictures[0])
        assert first is not None
        self._last = first

    def __enter__(self) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        def find(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
            found = self._finder.find(picture)
            self._last = self._last if found is None else found
            return self._last[:, : self._axes]

        return find

    def __exit__(self, *_: object) -> None:
        self._finder.close()
