"""A mouth behind a hand is noticed; talking, swaying and changing light are no hands."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from faces import draw, film_of
from needs import studio
from numpy.typing import NDArray

from renderer.studio.covered import covered
from renderer.studio.crops import cut, track_crops
from renderer.studio.footage import pictures, probe
from renderer.studio.landmarks import find_faces
from renderer.studio.tracks import drivable

pytestmark = studio

SHARED = Path(__file__).parents[3] / "shared"
FRAMES = 120

Film = tuple[list[NDArray[np.uint8]], NDArray[np.float32]]


def film() -> Film:
    """Somebody who talks and sways, in light that changes."""
    opening = 0.12 * np.sin(np.arange(FRAMES) / 6) ** 2
    points = film_of(opening, 8 * np.sin(np.arange(FRAMES) / 14))
    light = 1 + 0.06 * np.sin(np.arange(FRAMES) / 40)
    drawn = [draw(at) for at in points]
    return [np.asarray((p * f).clip(0, 255), np.uint8) for p, f in zip(drawn, light, strict=True)], points


def found_in(pictures: list[NDArray[np.uint8]], points: NDArray[np.float32]) -> NDArray[np.bool_]:
    affine = track_crops(points).affine
    crops = np.stack([cut(picture, at) for picture, at in zip(pictures, affine, strict=True)])
    return covered(crops, points, affine)


def put(
    pictures: list[NDArray[np.uint8]], points: NDArray[np.float32], frames: range, colour: tuple[int, ...]
) -> None:
    """A round thing that moves about before the mouth, as wide as a hand."""
    for frame in frames:
        eyes = float(np.linalg.norm(points[frame, 263, :2] - points[frame, 33, :2]))
        middle = points[frame, (13, 14), :2].mean(axis=0) + eyes * 0.08 * np.array([np.sin(frame / 3), 0.4])
        y, x = np.mgrid[: pictures[frame].shape[0], : pictures[frame].shape[1]]
        inside = np.hypot((x - middle[0]) / 0.45, (y - middle[1]) / 0.33) < eyes
        shade = 1 - 0.25 * np.abs(np.sin((y - middle[1]) / eyes * 12))[..., None]
        pictures[frame][inside] = (np.array(colour) * shade).astype(np.uint8)[inside]


def test_talking_swaying_and_light_cover_nothing() -> None:
    assert not found_in(*film()).any()


@pytest.mark.parametrize(
    "colour", [(205, 155, 130), (40, 60, 140), (245, 245, 240)], ids=["hand", "cup", "paper"]
)
def test_what_is_before_the_mouth_is_noticed_while_it_is_there(colour: tuple[int, ...]) -> None:
    pictures, points = film()
    put(pictures, points, range(50, 75), colour)
    found = found_in(pictures, points)
    assert found[50:75].all()
    assert not found[:48].any()
    assert not found[77:].any()


def test_frames_without_a_face_are_not_called_covered() -> None:
    pictures, points = film()
    points[30:40] = np.nan
    assert not found_in(pictures, points)[30:40].any()
    points[:] = np.nan
    assert not covered(np.zeros((FRAMES, 64, 64, 3), np.uint8), points, np.zeros((FRAMES, 2, 3))).any()


@pytest.mark.data
@pytest.mark.parametrize("name", ["portrait_man_1080x1920.mp4", "portrait_d13_720x1280.mp4"])
def test_a_patch_before_a_real_mouth_is_let_go_of_gracefully(name: str) -> None:
    source = SHARED / "data" / "footage" / name
    if not source.exists():
        pytest.skip("the recordings of ../shared are not here")
    shots = [shot[::2, ::2].copy() for shot in itertools.islice(pictures(probe(source)), 130)]
    points, _ = find_faces(shots)
    put(shots, points, range(60, 85), (190, 140, 118))
    points, _ = find_faces(shots)  # the tracker sees the patch too
    found = found_in(shots, points)
    assert found[61:84].mean() > 0.9
    assert not found[:56].any()
    assert not found[90:].any()
    share = drivable(points, found)
    assert share[63:82].max() == 0.0
    assert np.abs(np.diff(share)).max() <= 0.21
    assert share[:50].min() == 1.0
