"""What moves in the picture: cuts, left-out and repeated frames, a shaking camera, moving hands."""

from __future__ import annotations

import itertools
from collections import deque

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from ..footage import Footage
from .notes import Notes, Series

LONG_SIDE = 320
"""Pixels of the small grey picture that motion is measured on."""

TINY = 64
"""Pixels of the tiny one, in which coding noise is averaged away."""

TILES = 5
"""The picture is parted into so many columns and rows, so that no single thing in it speaks for all ..."""

CORNERS = 5
"""... and so many corners are followed in each."""

TEXTURE = 1e-4
"""Least eigenvalue (OpenCV's scale) under which a place is too smooth to be followed."""

RENEW = 12
"""Frames after which new corners are looked for."""

AGREE = 0.15
"""Pixels of the small picture within which two corners move alike."""

ENOUGH = 0.3
"""Share of the corners that may speak for the camera: hands and body are rarely more."""

CHANGED = 14
"""Grey levels from which on a pixel has moved."""

BEFORE = 0.5
"""Seconds back that brightness is compared with."""

EDGE = 0.03
"""Share of the picture's sides that counts as its edge."""

FIELDS = (
    "time",  # seconds since the first frame
    "step",  # mean change of the tiny picture since the frame before, grey levels
    "all",  # of the small one, which shows whether a frame is a repeated one
    "head",  # of the face alone
    "beside",  # of all but the face
    "brighter",  # how much lighter most of the picture is than BEFORE seconds ago, grey levels
    "dx",  # how far the camera moved to the side, in thousandths of the long side,
    "dy",  # and down
    "agreed",  # share of the corners that moved so
    "body",  # share of the picture beside the face that moved
    "left",  # likewise of its left, right and upper edge
    "right",
    "top",
)

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the upright picture."""


class MotionWatch:
    """Sees every frame as it is stored and notes a few numbers about each."""

    def __init__(self, footage: Footage) -> None:
        scale = LONG_SIDE / max(footage.width, footage.height)
        self._size = (max(16, round(footage.width * scale)), max(16, round(footage.height * scale)))
        self._turns = footage.turned // 90
        self._small: NDArray[np.uint8] | None = None
        self._tiny: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._corners: NDArray[np.float32] | None = None
        self._seen = 0
        self._notes = Notes(FIELDS)
        self.face: Box | None = None
        """Where the face was last seen; its movement is not the body's."""

    def see(self, time: float, frame: av.VideoFrame) -> None:
        """Look at the next frame."""
        width, height = self._size if self._turns % 2 == 0 else self._size[::-1]
        small = np.ascontiguousarray(np.rot90(_grey(frame, width, height), -self._turns))
        tiny = _tiny(small)
        before = self._small
        if before is None:
            self._notes.add((time, *(0.0,) * (len(FIELDS) - 1)))
        else:
            changed = np.asarray(cv2.absdiff(small, before), np.uint8)
            older = next((kept for then, kept in self._tiny if then >= time - BEFORE), tiny)
            self._notes.add(
                (
                    time,
                    float(np.abs(tiny - self._tiny[-1][1]).mean()),
                    float(changed.mean()),
                    float(changed[self._face(changed)].mean()),
                    _mean(changed, self._beside_face(changed)),
                    float(np.median(tiny - older)),
                    *self._follow(before, small),
                    *self._moving(changed),
                )
            )
        self._tiny.append((time, tiny))
        while self._tiny[0][0] < time - BEFORE - 0.1:
            self._tiny.popleft()
        self._small = small
        self._seen += 1

    def series(self) -> Series:
        """What was noted about every stored frame."""
        return self._notes.series()

    def _follow(self, before: NDArray[np.uint8], now: NDArray[np.uint8]) -> tuple[float, float, float]:
        """How most of the picture moved, in thousandths of its long side, and which share of it did."""
        if self._corners is None or self._seen % RENEW == 0:
            self._corners = self._find_corners(before)
        if len(self._corners) < 6:
            return 0.0, 0.0, 0.0
        there, found, _ = cv2.calcOpticalFlowPyrLK(
            before, now, self._corners, np.zeros_like(self._corners), winSize=(15, 15), maxLevel=2
        )
        good = found[:, 0] > 0
        moved = (there - self._corners)[good, 0]
        self._corners = np.asarray(there[good], np.float32)
        if len(moved) < 6:
            return 0.0, 0.0, 0.0
        alike = np.linalg.norm(moved[:, None] - moved[None], axis=2) < AGREE
        # every tile counts the same, however many corners it has
        tile = (there[good, 0] * TILES / now.shape[::-1]).astype(int) @ (1, TILES)
        weight = 1.0 / np.bincount(tile - tile.min())[tile - tile.min()]
        share = alike @ weight / weight.sum()
        # the background moves least; where there is none to see, what most of the body does stands in
        length = np.where(share >= ENOUGH, np.linalg.norm(moved, axis=1), np.inf)
        most = alike[int(np.argmin(length) if np.isfinite(length).any() else np.argmax(share))]
        shift = (moved * weight[:, None])[most].sum(axis=0) / weight[most].sum() * 1000 / LONG_SIDE
        return float(shift[0]), float(shift[1]), float(weight[most].sum() / weight.sum())

    def _find_corners(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Places that can be followed, shape (n, 1, 2), beside the face."""
        mask = self._beside_face(grey)
        mask[cv2.cornerMinEigenVal(grey, 3) < TEXTURE] = 0
        found = []
        rows, columns = (np.linspace(0, side, TILES + 1).astype(int) for side in grey.shape)
        for top, bottom in itertools.pairwise(rows):
            for left, right in itertools.pairwise(columns):
                part = slice(top, bottom), slice(left, right)
                corners = cv2.goodFeaturesToTrack(grey[part], CORNERS, 0.05, 6, mask=mask[part])
                if corners is not None:
                    found.append(corners + np.array([left, top], np.float32))
        return np.concatenate(found) if found else np.zeros((0, 1, 2), np.float32)

    def _beside_face(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        mask = np.full(grey.shape, 255, np.uint8)
        if self.face is not None:
            mask[self._face(grey)] = 0
        return mask

    def _face(self, grey: NDArray[np.uint8]) -> tuple[slice, slice]:
        """Rows and columns of the face; of all where it is not known."""
        left, top, right, bottom = self.face or (0.0, 0.0, 1.0, 1.0)
        height, width = grey.shape
        rows = slice(max(0, int(top * height)), max(int(bottom * height), 1))
        return rows, slice(max(0, int(left * width)), max(int(right * width), 1))

    def _moving(self, changed: NDArray[np.uint8]) -> tuple[float, float, float, float]:
        """Shares of the picture beside the face, and of its left, right and upper edge, that moved."""
        moving = (np.asarray(cv2.blur(changed, (3, 3))) > CHANGED).astype(np.uint8)
        height, width = moving.shape
        side, rows = max(2, round(EDGE * width)), max(2, round(EDGE * height))
        edges = moving[:, :side], moving[:, -side:], moving[:rows]
        outside = moving * (self._beside_face(moving) > 0)
        return float(outside.mean()), *(float(edge.mean()) for edge in edges)  # type: ignore[return-value]


def _mean(changed: NDArray[np.uint8], mask: NDArray[np.uint8]) -> float:
    return float(changed[mask > 0].mean()) if mask.any() else float(changed.mean())


def _grey(frame: av.VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    if frame.format.name in ("yuv420p", "yuvj420p", "yuv422p", "yuv444p", "nv12"):
        plane = frame.planes[0]  # which is the grey picture, and need not be converted
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
            : frame.height, : frame.width
        ]
        return np.asarray(cv2.resize(rows, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(frame.reformat(width=width, height=height, format="gray").to_ndarray(), np.uint8)


def _tiny(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = small.shape
    scale = TINY / max(height, width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    return np.asarray(cv2.resize(small.astype(np.float32), size, interpolation=cv2.INTER_AREA))
