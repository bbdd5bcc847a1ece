"""The mouth crop follows the head, and neither the mouth nor the resolution."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("scipy")

from scipy import ndimage

from renderer.errors import StudioError
from renderer.studio.crops import (
    BELOW_LIPS,
    CROP_SIDE,
    MOUTH,
    NOSE,
    cut,
    emphasis,
    hidden,
    in_crops,
    mouth_mask,
    resampled,
    track_crops,
)
from renderer.studio.mouthspace import FRONTAL, RIGID

pytestmark = pytest.mark.studio

LIPS = 0.9
"""Height of the middle of the lips in the invented face, in eye distances below the eyes."""


def face(gap: float = 0.0) -> NDArray[np.float64]:
    """Landmarks of a frontal face, in eye distances; the lower lip and chin hang by `gap`."""
    points = np.zeros((478, 3))
    points[list(RIGID)] = FRONTAL
    points[0], points[17] = (0, LIPS - 0.1, 0), (0, LIPS + 0.1 + gap, 0)
    points[152] = (0, 1.35 + gap, 0)
    return points


def seen(
    points: NDArray[np.float64], scale: float, roll: float, at: tuple[float, float]
) -> NDArray[np.float64]:
    """The face in pixels of a frame."""
    turn = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return np.asarray(points @ turn.T * scale + np.array([*at, 0]))


def checkered(height: int, width: int, cell: int) -> NDArray[np.uint8]:
    y, x = np.mgrid[:height, :width]
    board = ((x // cell + y // cell) % 2 * 200 + 20).astype(np.uint8)
    return np.repeat(board[..., None], 3, axis=2)


@pytest.mark.parametrize(("scale", "roll"), [(100.0, 0.0), (60.0, 0.2), (170.0, -0.1)])
def test_crop_hangs_below_the_eyes_and_turns_with_the_head(scale: float, roll: float) -> None:
    points = np.stack([seen(face(), scale, roll, (300, 200))] * 5)
    affine = track_crops(points, size=128).affine[2]
    middle = affine @ [63.5, 63.5, 1]
    down = (LIPS + BELOW_LIPS) * scale
    np.testing.assert_allclose(middle, [300 - down * np.sin(roll), 200 + down * np.cos(roll)], atol=0.01)
    np.testing.assert_allclose(np.hypot(*affine[:, 0]) * 128, CROP_SIDE * scale, rtol=1e-5)
    np.testing.assert_allclose(np.arctan2(affine[1, 0], affine[0, 0]), roll, atol=1e-6)


def test_speech_does_not_move_the_crop() -> None:
    still = np.stack([seen(face(0.0), 100, 0, (300, 200))] * 9)
    talking = np.stack([seen(face(gap), 100, 0, (300, 200)) for gap in (0, 0, 0, 0, 0, 0.3, 0.2, 0.3, 0.1)])
    np.testing.assert_allclose(track_crops(talking).affine, track_crops(still).affine, atol=1e-4)


def test_trembling_landmarks_are_steadied() -> None:
    noise = np.random.default_rng(0).normal(0, 1.0, (60, 478, 3))
    points = seen(face(), 100, 0, (300, 200))[None] + noise
    middle = track_crops(points).affine @ np.array([63.5, 63.5, 1])
    assert middle.std(axis=0).max() < 0.6  # of 1 pixel


def test_a_head_that_moves_fast_takes_the_crop_along() -> None:
    # once smoothed by one Gaussian, the crop slid over the face by twice what it may here
    at = 300 + 12 * np.sin(np.arange(60) * 1.5)
    points = np.stack([seen(face(), 100, 0, (x, 200)) for x in at])
    middle = track_crops(points).affine @ np.array([63.5, 63.5, 1])
    assert np.abs(middle[:, 0] - at)[5:-5].max() < 3


def test_a_nodding_head_does_not_slide_under_the_crop() -> None:
    front = face()
    x, y, z = (front - front[168]).T
    nods = np.radians(np.linspace(-15, 15, 60))
    turned = [np.stack([x, np.cos(a) * y - np.sin(a) * z, np.sin(a) * y + np.cos(a) * z], 1) for a in nods]
    points = np.stack([seen(one, 100, 0, (300, 200)) for one in turned])
    # the nose's base, next to the mouth, stays where it is in the crop
    base = in_crops(points, track_crops(points).affine)[:, NOSE].mean(axis=1)
    assert base.std(axis=0).max() < 0.5


def test_frames_without_a_face_repeat_the_nearest_crop_and_smooth_nothing_across_the_gap() -> None:
    points = np.full((8, 478, 3), np.nan)
    points[1:3] = seen(face(), 100, 0, (300, 200))
    points[6] = seen(face(), 100, 0, (400, 200))
    track = track_crops(points)
    assert track.found.tolist() == [False, True, True, False, False, False, True, False]
    x = (track.affine @ np.array([63.5, 63.5, 1]))[:, 0]
    np.testing.assert_allclose(x, [300, 300, 300, 300, 400, 400, 400, 400], atol=0.1)


def test_a_recording_without_a_face_is_refused() -> None:
    with pytest.raises(StudioError, match="no face"):
        track_crops(np.full((3, 478, 3), np.nan))


def test_a_crop_of_the_frame_s_own_size_is_a_part_of_it() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    affine = np.array([[1, 0, 90], [0, 1, 50]], np.float32)
    np.testing.assert_array_equal(cut(picture, affine), picture[50:178, 90:218])


def test_a_finer_crop_shows_the_same_part() -> None:
    y, x = np.mgrid[:240, :320]
    picture = np.stack([120 + 80 * np.sin(x / 9), 120 + 80 * np.cos(y / 11), 0.5 * x], axis=-1).astype(
        np.uint8
    )
    affine = np.array([[0.9, 0.1, 100.0], [-0.1, 0.9, 90.0]])
    fine = cut(picture, resampled(affine, 128, 256), 256).astype(np.float64)
    halved = (fine[::2, ::2] + fine[1::2, ::2] + fine[::2, 1::2] + fine[1::2, 1::2]) / 4
    assert np.abs(halved - cut(picture, affine)).max() < 3


def test_a_fine_pattern_in_a_large_frame_turns_grey_instead_of_aliasing() -> None:
    crop = cut(checkered(700, 700, 1), np.array([[4.0, 0, 90], [0, 4.0, 90]]))
    assert np.abs(crop.astype(int) - 120).max() < 12


def test_a_sharpened_crop_keeps_more_of_what_being_enlarged_takes() -> None:
    noise = np.random.default_rng(0).normal(0, 1, (260, 260, 3))
    picture = np.clip(128 + 60 * ndimage.gaussian_filter(noise, (1.0, 1.0, 0)) / 0.28, 0, 255).astype(
        np.uint8
    )
    affine = np.array([[1.3, 0, 40], [0, 1.3, 40]])

    def enlarged(crop: NDArray[np.uint8]) -> NDArray[np.float64]:
        """As paint is: sampled linearly; rows and columns 50 to 199 of the picture."""
        rows, columns = (np.mgrid[50:200, 50:200] - 40) / 1.3
        planes = np.moveaxis(crop.astype(np.float64), 2, 0)
        return np.stack([ndimage.map_coordinates(p, (rows, columns), order=1) for p in planes], axis=2)

    plain, sharp = (enlarged(cut(picture, affine, sharpened=by)) for by in (0.0, emphasis(affine[None], 720)))
    filmed = picture[50:200, 50:200].astype(np.float64)

    def detail(a: NDArray[np.float64]) -> float:
        return float(np.abs(ndimage.laplace(a.mean(axis=2))).mean())

    assert ((sharp - filmed) ** 2).mean() < 0.7 * ((plain - filmed) ** 2).mean()
    assert detail(plain) < detail(sharp) < 1.1 * detail(filmed)


@pytest.mark.parametrize(
    ("step", "short", "share"), [(0.7, 720, 0.0), (1.05, 720, 0.5), (3.0, 720, 1.0), (1.2, 1080, 0.0)]
)
def test_only_what_players_enlarge_is_sharpened(step: float, short: int, share: float) -> None:
    affine = np.array([[[step, 0, 0], [0, step, 0]]])
    assert emphasis(affine, short) == pytest.approx(share)


def test_a_crop_that_leaves_the_frame_repeats_the_border() -> None:
    picture = np.full((100, 100, 3), 77, np.uint8)
    affine = np.array([[1.0, 0, 60], [0, 1.0, -40]])
    assert (cut(picture, affine) == 77).all()


@pytest.mark.parametrize("size", [64, 128, 192])
def test_mask_is_full_where_the_encoder_is_blind_and_nothing_at_the_border(size: int) -> None:
    mask = mouth_mask(size)
    assert mask.dtype == np.float32
    assert mask.min() == 0.0
    assert mask.max() == 1.0
    assert (mask[hidden(size)] == 1.0).all()
    border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    assert (border == 0).all()
    assert np.abs(np.diff(mask, axis=0)).max() < 16 / size  # no step anybody could see


def test_lips_that_lie_to_one_side_while_the_head_is_turned_keep_their_place_in_the_crop() -> None:
    # they lie further back than the nose: hung from it alone, the crop left them by a fiftieth of its side
    points = np.stack([seen(face(), 100, 0.1, (300, 200))] * 120)
    turned = 3.0 * np.sin(np.arange(120) / 20)
    points[:, list(MOUTH), 0] += turned[:, None] * np.cos(0.1)
    points[:, list(MOUTH), 1] += turned[:, None] * np.sin(0.1)
    inside = in_crops(points, track_crops(points).affine)[:, list(MOUTH)].mean(axis=1)
    assert inside[10:-10].std(axis=0).max() < 0.25 * 3.0 * 128 / 150 / np.sqrt(2)


def test_a_grimace_takes_the_crop_nowhere() -> None:
    points = np.stack([seen(face(), 100, 0, (300, 200))] * 60)
    still = track_crops(points).affine
    points[20:30, list(MOUTH), 0] += 15
    np.testing.assert_allclose(track_crops(points).affine, still, atol=1e-3)
