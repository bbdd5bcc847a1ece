"""The lip patch lands where, as and how strongly it should."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from renderer.kernels import paste_patch, twins

Reals = NDArray[np.float32]

NEUTRAL = np.array([[1, 1, 1], [0, 0, 0]], np.float32)


def smooth(rng: np.random.Generator, *shape: int) -> Reals:
    """Random in [0, 1], without jumps between neighbours."""
    coarse = rng.random((*shape[:-2], 3, 3))
    down, across = np.linspace(0, 1.999, shape[-2]), np.linspace(0, 1.999, shape[-1])
    i, j = down.astype(int)[:, None], across.astype(int)[None]
    p, q = down[:, None] - i, across[None] - j
    mixed = (coarse[..., i, j] * (1 - p) + coarse[..., i + 1, j] * p) * (1 - q) + (
        coarse[..., i, j + 1] * (1 - p) + coarse[..., i + 1, j + 1] * p
    ) * q
    return np.ascontiguousarray(mixed, np.float32)


def feathered(size: int) -> Reals:
    edge = np.minimum(np.arange(size), np.arange(size)[::-1]) / 4
    return np.clip(np.minimum(edge[:, None], edge[None]), 0, 1).astype(np.float32)


def placed(scale: float, turn: float, x: float, y: float) -> Reals:
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[c, -s, x], [s, c, y]], np.float32)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(9, 40),
    height=st.integers(1, 60),
    width=st.integers(1, 60),
    scale=st.floats(0.2, 3.0),
    turn=st.floats(-3.2, 3.2),
    x=st.floats(-60, 60),
    y=st.floats(-60, 60),
    opacity=st.floats(0, 1),
)
def test_paste_matches_exact_arithmetic(
    seed: int,
    size: int,
    height: int,
    width: int,
    scale: float,
    turn: float,
    x: float,
    y: float,
    opacity: float,
) -> None:
    rng = np.random.default_rng(seed)
    frame = rng.integers(0, 256, (height, width, 4), np.uint8)
    expected = frame.copy()
    colour = np.stack([rng.uniform(0.7, 1.3, 3), rng.uniform(-0.1, 0.1, 3)]).astype(np.float32)
    job = (smooth(rng, 3, size, size), feathered(size), placed(scale, turn, x, y), colour, opacity)
    paste_patch(frame, *job)
    twins.paste_patch(expected, *job)
    assert np.abs(frame.astype(int) - expected).max() <= 2
    assert np.array_equal(frame[..., 3], expected[..., 3])


def test_a_patch_in_its_place_shows_as_it_is() -> None:
    rng = np.random.default_rng(1)
    patch = rng.random((3, 32, 32), np.float32)
    frame = np.zeros((40, 48, 4), np.uint8)
    paste_patch(frame, patch, np.ones((32, 32), np.float32), placed(1, 0, 5, 3), NEUTRAL, 1.0)
    assert np.array_equal(frame[3:35, 5:37, :3], np.floor(patch[::-1] * 255 + 0.5).transpose(1, 2, 0))
    frame[3:35, 5:37] = 0
    assert not frame.any()


def test_colour_gain_and_offset_apply_to_red_green_blue() -> None:
    frame = np.zeros((16, 16, 4), np.uint8)
    colour = np.array([[1, 0.5, 0], [0, 0, 0.2]], np.float32)
    grey = np.full((3, 16, 16), 0.8, np.float32)
    paste_patch(frame, grey, np.ones((16, 16), np.float32), placed(1, 0, 0, 0), colour, 1.0)
    assert frame[8, 8].tolist() == [51, 102, 204, 0]


def test_colours_beyond_the_range_are_clipped() -> None:
    frame = np.zeros((8, 8, 4), np.uint8)
    colour = np.array([[5, -5, 1], [0, 0, 0]], np.float32)
    paste_patch(
        frame, np.ones((3, 8, 8), np.float32), np.ones((8, 8), np.float32), placed(1, 0, 0, 0), colour, 1
    )
    assert frame[4, 4].tolist() == [255, 0, 255, 0]


def test_no_opacity_leaves_the_frame_as_it_was() -> None:
    rng = np.random.default_rng(2)
    frame = rng.integers(0, 256, (30, 30, 4), np.uint8)
    before = frame.copy()
    paste_patch(frame, rng.random((3, 16, 16), np.float32), feathered(16), placed(1, 0.2, 5, 5), NEUTRAL, 0.0)
    assert np.array_equal(frame, before)


def test_the_border_of_the_mask_leaves_no_seam() -> None:
    frame = np.full((64, 64, 4), 100, np.uint8)
    same = np.full((3, 32, 32), 100 / 255, np.float32)
    paste_patch(frame, same, feathered(32), placed(1.37, 0.3, 10.2, 5.7), NEUTRAL, 0.7)
    assert (frame == 100).all()


@pytest.mark.parametrize("shrink", [2, 4])
def test_a_shrunken_patch_shows_the_mean_of_its_pixels(shrink: int) -> None:
    """Stripes one pixel wide become grey instead of black or white."""
    stripes = np.zeros((3, 64, 64), np.float32)
    stripes[:, :, ::2] = 1
    frame = np.zeros((40, 40, 4), np.uint8)
    paste_patch(frame, stripes, np.ones((64, 64), np.float32), placed(1 / shrink, 0, 2, 2), NEUTRAL, 1.0)
    inner = frame[4 : 60 // shrink, 4 : 60 // shrink, :3]
    assert inner.min() >= 127
    assert inner.max() <= 128


def test_a_patch_outside_the_frame_draws_nothing() -> None:
    frame = np.full((20, 20, 4), 7, np.uint8)
    for x, y in ((-100, 0), (100, 0), (0, -100), (0, 100)):
        paste_patch(
            frame,
            np.ones((3, 16, 16), np.float32),
            np.ones((16, 16), np.float32),
            placed(1, 0, x, y),
            NEUTRAL,
            1,
        )
    assert (frame == 7).all()


@pytest.mark.parametrize(
    "affine", [np.zeros((2, 3)), np.full((2, 3), np.nan), [[1, 1, 0], [1, 1, 0]]], ids=["zero", "nan", "flat"]
)
def test_a_map_without_inverse_is_refused(affine: object) -> None:
    frame = np.zeros((20, 20, 4), np.uint8)
    with pytest.raises(ValueError, match="cannot be inverted"):
        paste_patch(
            frame, np.ones((3, 16, 16), np.float32), feathered(16), np.array(affine, np.float32), NEUTRAL, 1
        )


def test_wrong_arrays_are_refused_before_anything_is_drawn() -> None:
    frame, patch, place = (
        np.zeros((20, 20, 4), np.uint8),
        np.ones((3, 16, 16), np.float32),
        placed(1, 0, 0, 0),
    )
    with pytest.raises(ValueError, match="mask is"):
        paste_patch(frame, patch, feathered(15), place, NEUTRAL, 1)
    with pytest.raises(ValueError, match="contiguous"):
        paste_patch(frame[:, ::2], patch, feathered(16), place, NEUTRAL, 1)
    with pytest.raises(ValueError, match="patch is float64"):
        paste_patch(frame, patch.astype("f8"), feathered(16), place, NEUTRAL, 1)
    assert not frame.any()


def test_pasting_wakes_no_other_thread() -> None:
    # np.linalg.inv of the 2x3 map had woken BLAS's threads, which spun through a whole core of listening time
    frame = np.zeros((64, 64, 4), np.uint8)
    patch, mask = np.ones((3, 32, 32), np.float32), np.ones((32, 32), np.float32)
    affine = np.array([[1, 0, 10], [0, 1, 10]], np.float32)
    colour = np.array([[1, 1, 1], [0, 0, 0]], np.float32)
    paste_patch(frame, patch, mask, affine, colour, 1.0)
    everybody, own = time.process_time(), time.thread_time()
    for _ in range(20):
        paste_patch(frame, patch, mask, affine, colour, 1.0)
        time.sleep(0.01)  # in which a woken thread would spin
    own, everybody = time.thread_time() - own, time.process_time() - everybody
    assert everybody - own < 0.1, f"{everybody:.2f} s of all threads, {own:.2f} s of them ours, in 0.2 s"
