"""The face in every picture: how large, how turned, how sharp, where it looks, what its mouth does."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..footage import Picture
from ..landmarks import Landmarks
from ..mouthspace import FRONTAL, RIGID, distances, mouth_width, without_pose
from .motion import Box
from .notes import Notes, Series

FIELDS = (
    "eyes",
    "yaw",
    "pitch",
    "roll",
    "gaze_x",
    "gaze_y",
    "lids",
    "blur",
    "lips_a",  # how lips differ from the skin around them, CIELAB
    "lips_b",
    "mouth_width",
    *(f"mouth{number}" for number in range(10)),
    "x",
    "y",
    "top",
    "bottom",
)

PATCH = 24
"""Pixels of the lower face's small picture, by which coverings are found."""

LOWER = (-0.72, 0.42, 0.72, 1.42)
"""The lower face on a frontal one: left, top, right, bottom in distances between the eyes' outer corners."""

EYES = (-0.75, -0.45, 0.75, 0.55)
"""Where sharpness is measured: eyes and nose, which always have edges."""

LIPS = ((0, 13), (37, 82), (267, 312), (17, 14), (84, 87), (314, 317), (181, 178), (405, 402))
"""Pairs of landmarks, outer and inner rim, with lip between them."""

AROUND = (164, 167, 393, 18, 83, 313, 182, 406, 57, 287, 202, 422)
"""Landmarks on the skin around the mouth."""

MOST_PATCHES = 12_000
"""Small pictures kept; longer recordings keep every second, fourth, …"""


class FaceWatch:
    """Notes a few numbers about the face of each picture, whatever the recording's length."""

    def __init__(self) -> None:
        self._notes = Notes(FIELDS)
        self._patches: list[NDArray[np.uint8]] = []
        self._kept: list[int] = []
        self._every = 1

    def see(self, picture: Picture, points: Landmarks | None) -> Box | None:
        """Look at the next picture; returns the box that face and hair are in."""
        number = len(self._notes)
        if points is None:
            self._notes.add((np.nan,) * len(FIELDS))
            return None
        face = without_pose(points[None])
        eyes = float(np.linalg.norm(points[263, :2] - points[33, :2]))
        to_picture = _head(points)
        self._notes.add(
            (
                eyes,
                *_turn(points, face[0]),
                *_gaze(face[0]),
                _lids(face[0]),
                _blur(picture, to_picture, eyes),
                *_lip_colour(picture, points),
                float(mouth_width(face)[0]),
                *distances(face)[0],
                float(points[1, 0]) / picture.shape[1],
                float(points[1, 1]) / picture.shape[0],
                float(points[:, 1].min()) / picture.shape[0],
                float(points[:, 1].max()) / picture.shape[0],
            )
        )
        if number % self._every == 0:
            self._patches.append(_cut(picture, to_picture, LOWER, PATCH))
            self._kept.append(number)
            if len(self._patches) > MOST_PATCHES:
                self._patches, self._kept, self._every = self._patches[::2], self._kept[::2], self._every * 2
        height, width = picture.shape[:2]
        left, right = float(points[:, 0].min()), float(points[:, 0].max())
        return (
            (left - 0.4 * eyes) / width,
            (float(points[:, 1].min()) - 0.8 * eyes) / height,
            (right + 0.4 * eyes) / width,
            (float(points[:, 1].max()) + 0.15 * eyes) / height,
        )

    def series(self) -> Series:
        """What was noted about every picture, NaN where there is no face."""
        return self._notes.series()

    def patches(self) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
        """Numbers of pictures, and their lower faces, shape (k, PATCH, PATCH, 3)."""
        empty = np.zeros((0, PATCH, PATCH, 3), np.uint8)
        return np.array(self._kept, np.intp), np.stack(self._patches) if self._patches else empty


def _head(points: Landmarks) -> NDArray[np.float64]:
    """The affine, shape (2, 3), from the frontal face's plane to the picture."""
    flat = np.column_stack([FRONTAL[:, :2], np.ones(len(FRONTAL))])
    return np.asarray(np.linalg.lstsq(flat, points[list(RIGID), :2].astype(np.float64), rcond=None)[0].T)


def _cut(
    picture: Picture, to_picture: NDArray[np.float64], box: tuple[float, ...], size: int
) -> NDArray[np.uint8]:
    """A region of the frontal face as a small square picture, three times oversampled."""
    left, top, right, bottom = box
    fine = 3 * size
    place = np.array([[(right - left) / fine, 0, left], [0, (bottom - top) / fine, top], [0, 0, 1]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    large = cv2.warpAffine(
        picture, to_picture @ place, (fine, fine), flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cv2.resize(large, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def _turn(points: Landmarks, face: NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw (positive: to the picture's right), pitch (positive: down) and roll of the head, in degrees."""
    rigid = points[list(RIGID)].astype(np.float64)
    frontal = face[list(RIGID)]
    # the way back from the frontal face is linear, so these are the rotation's own numbers
    turn = np.linalg.lstsq(frontal - frontal.mean(axis=0), rigid - rigid.mean(axis=0), rcond=None)[0].T
    turn /= np.cbrt(max(abs(np.linalg.det(turn)), 1e-12))
    ahead = turn @ (0.0, 0.0, -1.0)
    yaw = np.degrees(np.arctan2(ahead[0], -ahead[2]))
    pitch = np.degrees(np.arcsin(np.clip(ahead[1], -1, 1)))
    roll = np.degrees(np.arctan2(turn[1, 0], turn[0, 0]))
    return float(yaw), float(pitch), float(roll)


def _gaze(face: NDArray[np.float64]) -> tuple[float, float]:
    """How far the eyes are turned within the head, in degrees to the picture's right and down.

    The iris moves on a ball whose radius is about 0.4 of the eye's width (12 and 30 mm).
    """
    across, down = [], []
    for iris, (one, other) in ((468, (33, 133)), (473, (362, 263))):
        width = np.linalg.norm(face[other, :2] - face[one, :2])
        offset = (face[iris, :2] - (face[one, :2] + face[other, :2]) / 2) / width / 0.4
        across.append(np.degrees(np.arcsin(np.clip(offset[0], -1, 1))))
        down.append(np.degrees(np.arcsin(np.clip(offset[1], -1, 1))))
    return float(np.mean(across)), float(np.mean(down))


def _lids(face: NDArray[np.float64]) -> float:
    """Gap of the eyelids over the eye's width; under 0.15 or so the eyes are closed."""
    gaps = [
        np.linalg.norm(face[low, :2] - face[high, :2]) / np.linalg.norm(face[one, :2] - face[other, :2])
        for high, low, one, other in ((159, 145, 33, 133), (386, 374, 362, 263))
    ]
    return float(np.mean(gaps))


def _lip_colour(picture: Picture, points: Landmarks) -> tuple[float, float]:
    """How lips differ from the skin around them in CIELAB's a and b."""
    lips = np.array([(points[a, :2] + points[b, :2]) / 2 for a, b in LIPS])
    places = np.rint(np.concatenate([lips, points[list(AROUND), :2]])).astype(int)
    places = places.clip(1, (picture.shape[1] - 2, picture.shape[0] - 2))
    colours = np.array([picture[y - 1 : y + 2, x - 1 : x + 2].mean(axis=(0, 1)) for x, y in places], np.uint8)
    lab = cv2.cvtColor(colours[None], cv2.COLOR_RGB2LAB)[0].astype(np.float64)
    across = lab[: len(lips), 1:].mean(axis=0) - np.median(lab[len(lips) :, 1:], axis=0)
    return float(across[0]), float(across[1])


def _blur(picture: Picture, to_picture: NDArray[np.float64], eyes: float) -> float:
    """How little a picture changes when it is blurred, 0 (crisp) to 1 (nothing left to blur).

    The measure of Crété-Roffet et al. (2007) on eyes and nose, which does not depend on contrast.
    """
    # at the filmed size, or shrunk to 120 pixels between the eyes: more is not shown
    size = int(np.clip(1.5 * eyes, 24, 180))
    left, top, right, bottom = EYES
    place = np.array([[(right - left) / size, 0, left], [0, (bottom - top) / size, top], [0, 0, 1]])
    how = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    if eyes > 150:
        place[:2, :2] /= 2
        size *= 2
    crop = cv2.warpAffine(
        picture, to_picture @ place, (size, size), flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    if eyes > 150:
        crop = cv2.resize(crop, (size // 2, size // 2), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    shares = []
    for kernel, axis in (((1, 9), 0), ((9, 1), 1)):
        soft = cv2.blur(grey, kernel)
        own, blurred = np.abs(np.diff(grey, axis=axis)), np.abs(np.diff(soft, axis=axis))
        kept = np.maximum(0, own - blurred).sum()
        shares.append(1.0 - kept / max(float(own.sum()), 1e-6))
    return float(max(shares))
