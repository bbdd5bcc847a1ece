"""The few picture operations needed, with types: OpenCV behind, which is read as untyped."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_cv: Any = importlib.import_module("cv2")

Picture = NDArray[np.uint8]
"""BGR, shape (h, w, 3)."""


def read(path: Path) -> Picture:
    """A picture file."""
    picture: Picture | None = _cv.imread(str(path), _cv.IMREAD_COLOR)
    if picture is None:
        raise FileNotFoundError(f"{path}: not rendered yet; run the step render")
    return picture


def read_cut_out(path: Path) -> Picture:
    """A picture rendered before nothing: B, G, R times opacity, and opacity, shape (h, w, 4)."""
    picture: Picture | None = _cv.imread(str(path), _cv.IMREAD_UNCHANGED)
    if picture is None:
        raise FileNotFoundError(f"{path}: not rendered yet; run the step render")
    if picture.shape[2] == 3:
        return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    share = picture[..., 3:].astype(np.float32) / 255
    return np.dstack([(picture[..., :3] * share + 0.5).astype(np.uint8), picture[..., 3]])


def over(picture: Picture, behind: Picture) -> NDArray[np.float32]:
    """A cut out picture before another, BGR."""
    share = 1 - picture[..., 3:].astype(np.float32) / 255
    found: NDArray[np.float32] = picture[..., :3] + share * behind
    return found


def fill(path: Path, behind: Picture) -> None:
    """Put something behind what a file shows before nothing, its upper left where the file's is."""
    cut_out = read_cut_out(path)
    height, width = cut_out.shape[:2]
    unfinished = path.with_name(f".{path.name}")  # the suffix tells the format
    if not _cv.imwrite(str(unfinished), over(cut_out, behind[:height, :width])):
        raise OSError(f"{path}: cannot be written; is the disk full?")
    unfinished.replace(path)


def looked_up(values: NDArray[Any], at: NDArray[np.float32], cubic: bool) -> NDArray[Any]:
    """Values at positions (h, w, 2), pixel centres at whole numbers, edges continued."""
    how = _cv.INTER_CUBIC if cubic else _cv.INTER_LINEAR
    found: NDArray[Any] = _cv.remap(values, at, None, how, borderMode=_cv.BORDER_REPLICATE)
    return found


def enlarged(values: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Smoothly resampled to a larger size."""
    found: NDArray[np.float32] = _cv.resize(values, (width, height), interpolation=_cv.INTER_CUBIC)
    return found


def widened(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each pixel the highest of its neighbourhood of nine."""
    found: NDArray[np.float32] = _cv.dilate(values, np.ones((3, 3), np.uint8))
    return found
