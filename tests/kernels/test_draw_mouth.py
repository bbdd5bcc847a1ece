"""A mouth is drawn from its frame: bent, filled and lit where, as and how strongly the fields say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from renderer.kernels import draw_mouth, twins

Reals = NDArray[np.float32]

SIZE, CELLS, SIDE = 64, 32, 80
WINDOW = (16.0, 12.0, 32.0)
BLACK_TEETH = np.zeros((2, SIDE, SIDE, 4), np.uint8)
EVERYWHERE = np.ones((CELLS, CELLS), np.float32)
NOTHING = np.zeros((10, CELLS, CELLS), np.float32)


def smooth(rng: np.random.Generator, *shape: int) -> Reals:
    """Random in [0, 1], without jumps between neighbours."""
    coarse = rng.random((*shape[:-2], 4, 4))
    down, across = np.linspace(0, 2.999, shape[-2]), np.linspace(0, 2.999, shape[-1])
    i, j = down.astype(int)[:, None], across.astype(int)[None]
    p, q = down[:, None] - i, across[None] - j
    mixed = (coarse[..., i, j] * (1 - p) + coarse[..., i + 1, j] * p) * (1 - q) + (
        coarse[..., i, j + 1] * (1 - p) + coarse[..., i + 1, j + 1] * p
    ) * q
    return np.ascontiguousarray(mixed, np.float32)


def still() -> Reals:
    """Fields that move and light nothing."""
    return np.zeros((5, CELLS, CELLS), np.float32)


def placed(scale: float, turn: float, x: float, y: float) -> Reals:
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[c, -s, x], [s, c, y]], np.float32)


def picture(rng: np.random.Generator, height: int = 90, width: int = 120) -> NDArray[np.uint8]:
    return np.ascontiguousarray(255 * smooth(rng, 4, height, width).transpose(1, 2, 0)).astype(np.uint8)


def drawn(
    frame: NDArray[np.uint8], skin: Reals, inner: Reals = NOTHING, place: Reals | None = None, **other: Any
) -> NDArray[np.uint8]:
    """The frame with the mouth drawn, at its own size at (20, 10) unless told otherwise."""
    result = frame.copy()
    mask, teeth = other.get("mask", EVERYWHERE), other.get("references", BLACK_TEETH)
    place = placed(1, 0, 20, 10) if place is None else place
    draw_mouth(result, skin, inner, mask, teeth, WINDOW, SIZE, place, other.get("opacity", 1.0))
    return result


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 1000),
    scale=st.floats(0.4, 2.5),
    turn=st.floats(-3.2, 3.2),
    x=st.floats(-60, 150),
    y=st.floats(-60, 120),
    opacity=st.floats(0, 1.2),
)
def test_the_kernel_draws_what_its_twin_says(
    seed: int, scale: float, turn: float, x: float, y: float, opacity: float
) -> None:
    rng = np.random.default_rng(seed)
    skin, inner = smooth(rng, 5, CELLS, CELLS) - np.float32(0.5), smooth(rng, 10, CELLS, CELLS)
    skin[:2] *= 8
    inner[:4] = 10 * inner[:4] - 5
    inner[4:7] /= 3
    mask = smooth(rng, CELLS, CELLS)
    mask[[0, -1]], mask[:, [0, -1]] = 0, 0
    references = np.ascontiguousarray(255 * smooth(rng, 2, 4, SIDE, SIDE).transpose(0, 2, 3, 1)).astype(
        np.uint8
    )
    frame = picture(rng)
    expected = frame.copy()
    place = placed(scale, turn, x, y)
    result = drawn(frame, skin, inner, place, mask=mask, references=references, opacity=opacity)
    twins.draw_mouth(expected, skin, inner, mask, references, WINDOW, SIZE, place, opacity)
    assert np.abs(result.astype(int) - expected).max() <= 2
    np.testing.assert_array_equal(result[..., 3], frame[..., 3])


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.37, 3.0])
def test_at_rest_not_a_pixel_changes(scale: float) -> None:
    frame = np.random.default_rng(0).integers(0, 256, (240, 260, 4), np.uint8)  # noise: nothing is smoothed
    np.testing.assert_array_equal(drawn(frame, still(), place=placed(scale, 0.4, 40.3, 20.8)), frame)


@pytest.mark.parametrize(("right", "down"), [(3, 0), (0, -4), (-2, 5)])
def test_a_flow_of_whole_pixels_moves_the_frame_s_own(right: int, down: int) -> None:
    frame = np.random.default_rng(1).integers(0, 256, (90, 120, 4), np.uint8)
    skin = still()
    skin[0], skin[1] = right, down
    result = drawn(frame, skin)
    inside = np.s_[20:60, 30:70]
    moved = frame[20 + down : 60 + down, 30 + right : 70 + right]
    np.testing.assert_array_equal(result[inside][..., :3], moved[..., :3])


def test_a_flow_is_counted_in_crop_pixels_and_turns_with_the_head() -> None:
    frame = picture(np.random.default_rng(2), 200, 200)
    skin = still()
    skin[0] = 2  # to the crop's right: down in a frame where the head lies on its side, twice as far
    result = drawn(frame, skin, place=placed(2, np.pi / 2, 160, 30))
    np.testing.assert_array_equal(result[60:100, 60:100, :3], frame[64:104, 60:100, :3])


def test_bending_keeps_the_sharpness_of_the_frame() -> None:
    # cubic, not linear: half a pixel beside a film's pixels a linear sample keeps half of a line's contrast
    frame = np.full((90, 120, 4), 100, np.uint8)
    frame[:, ::4, :3] = frame[:, 1::4, :3] = 140
    skin = still()
    skin[0] = 0.5
    waves = drawn(frame, skin)[40, 40:60, 0].astype(int)
    assert waves.max() - waves.min() >= 42


def test_the_inside_of_the_mouth_is_mixed_from_references_paint_and_skin() -> None:
    frame = np.full((90, 120, 4), 200, np.uint8)
    teeth = BLACK_TEETH.copy()
    teeth[0], teeth[1] = (10, 20, 30, 0), (60, 50, 40, 0)
    inner = NOTHING.copy()
    inner[4], inner[5], inner[6] = 0.2, 0.4, 0.2
    inner[7:] = np.array([1.0, 0.5, 0.0])[:, None, None]
    result = drawn(frame, still(), inner, references=teeth)
    blue = 0.2 * 200 + 0.2 * 10 + 0.4 * 60 + 0.2 * 0
    red = 0.2 * 200 + 0.2 * 30 + 0.4 * 40 + 0.2 * 255
    np.testing.assert_allclose(result[10 + 28, 20 + 32, [0, 2]], [blue, red], atol=1.5)
    np.testing.assert_array_equal(result[10 + 28, 20 + 4], frame[0, 0])  # outside the window: skin


def test_light_is_added_and_ends_at_black_and_white() -> None:
    frame = np.full((90, 120, 4), 120, np.uint8)
    skin = still()
    skin[2], skin[3], skin[4] = 0.1, -0.9, 0.45
    blue, green, red = drawn(frame, skin)[40, 50, :3].astype(int)
    assert abs(red - (120 + 25.5)) <= 1
    assert green == 0
    assert abs(blue - (120 + 0.45 * 255)) <= 1


def test_no_opacity_leaves_the_frame_as_it_is() -> None:
    frame, skin = picture(np.random.default_rng(3)), still()
    skin[:] = 1
    np.testing.assert_array_equal(drawn(frame, skin, opacity=0.0), frame)


def test_a_mouth_outside_the_frame_is_left_out() -> None:
    frame, skin = picture(np.random.default_rng(4)), still()
    skin[2:] = 1
    np.testing.assert_array_equal(drawn(frame, skin, place=placed(1, 0, 500, 10)), frame)
    half = drawn(frame, skin, place=placed(1, 0, -32, 10))
    assert (half[20:60, :20] != frame[20:60, :20]).any()
    np.testing.assert_array_equal(half[:, 40:], frame[:, 40:])


def test_what_would_come_from_beyond_the_frame_is_its_border() -> None:
    frame, skin = picture(np.random.default_rng(5)), still()
    skin[0] = -30
    result = drawn(frame, skin, place=placed(1, 0, 0, 10))
    np.testing.assert_array_equal(result[30:50, 5:20, :3], np.repeat(frame[30:50, :1, :3], 15, axis=1))


def test_arrays_of_other_shapes_are_refused_with_both() -> None:
    frame, skin = picture(np.random.default_rng(6)), still()
    with pytest.raises(ValueError, match=r"skin is float32 \(4, 32, 32\); .* \(5, 32, 32\) expected"):
        drawn(frame, skin[:4])
    with pytest.raises(ValueError, match=r"inner is float64"):
        drawn(frame, skin, NOTHING.astype(np.float64))
    with pytest.raises(ValueError, match=r"references is uint8 \(1, 80, 80, 4\)"):
        drawn(frame, skin, references=BLACK_TEETH[:1])
    with pytest.raises(ValueError, match="a picture of"):
        drawn(frame[..., :3].copy(), skin)


@pytest.mark.parametrize("place", [np.zeros((2, 3)), np.full((2, 3), np.nan)])
def test_a_place_without_area_is_refused(place: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="cannot be inverted"):
        drawn(picture(np.random.default_rng(7)), still(), place=place.astype(np.float32))
