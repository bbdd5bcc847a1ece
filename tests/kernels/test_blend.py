"""Cross-fade and matte agree with NumPy to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.kernels import composite, cross_fade, set_opacity, twins

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), size=SIZES, channels=st.sampled_from([3, 4]), share=st.floats(-0.5, 1.5)
)
def test_cross_fade_equals_its_twin(seed: int, size: tuple[int, int], channels: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 256, (2, *size, channels), np.uint8)
    out, expected = np.empty_like(a), np.empty_like(a)
    cross_fade(a, b, share, out)
    twins.cross_fade(a, b, share, expected)
    assert np.array_equal(out, expected)


@pytest.mark.parametrize(("share", "kept"), [(0.0, 0), (1.0, 1)])
def test_cross_fade_ends_are_the_pictures_themselves(share: float, kept: int) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 33, 17, 4), np.uint8)
    out = np.empty_like(pictures[0])
    cross_fade(pictures[0], pictures[1], share, out)
    assert np.array_equal(out, pictures[kept])


def test_cross_fade_may_write_over_its_input() -> None:
    a, b = np.random.default_rng(0).integers(0, 256, (2, 33, 17, 4), np.uint8)
    out = np.empty_like(a)
    cross_fade(a, b, 0.3, out)
    cross_fade(a, b, 0.3, b)
    assert np.array_equal(b, out)


def test_cross_fade_refuses_pictures_of_two_sizes() -> None:
    a, b = np.zeros((4, 4, 4), np.uint8), np.zeros((4, 5, 4), np.uint8)
    with pytest.raises(ValueError, match="one shape expected"):
        cross_fade(a, b, 0.5, a)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=SIZES, is_spotted=st.booleans())
def test_composite_equals_its_twin(seed: int, size: tuple[int, int], is_spotted: bool) -> None:
    rng = np.random.default_rng(seed)
    frame, background = rng.integers(0, 256, (2, *size, 4), np.uint8)
    # mixed everywhere, or with long stretches of nothing and of everything
    levels = np.array([0, 1, 127, 128, 254, 255] if is_spotted else [0, 0, 255, 255, 255, 80], np.uint8)
    pixels = size[0] * size[1]
    alpha = np.repeat(rng.choice(levels, pixels), 1 if is_spotted else 40)[:pixels]
    frame[..., 3] = alpha.reshape(size)
    expected = frame.copy()
    composite(frame, background)
    twins.composite(expected, background)
    assert np.array_equal(frame, expected)


def test_composite_rounds_every_pair_of_levels_to_nearest() -> None:
    share = np.tile(np.arange(256, dtype=np.uint8), (256, 1))
    level = share.T
    frame = np.repeat(level[..., None], 4, 2)
    background = frame[::-1].copy()  # 255 minus its level
    out = frame.copy()
    out[..., 3] = share
    composite(out, background)
    exact = (frame * (share[..., None] / 255.0)) + background * (1 - share[..., None] / 255.0)
    assert np.abs(out - exact)[..., :3].max() <= 0.5 + 1e-9
    assert (out[..., 3] == 255).all()


def test_composite_refuses_a_background_of_another_size() -> None:
    with pytest.raises(ValueError, match="one size expected"):
        composite(np.zeros((4, 4, 4), np.uint8), np.zeros((4, 5, 4), np.uint8))


def test_every_luma_of_a_matte_has_its_opacity() -> None:
    luma = np.tile(np.arange(256, dtype=np.uint8), (2, 2))[:, :300]  # rows longer than the picture
    out = np.full((2, 256, 4), 7, np.uint8)
    expected = out.copy()
    set_opacity(luma, out)
    twins.set_opacity(luma, expected)
    assert np.array_equal(out, expected)
    assert list(out[0, (0, 16, 17, 235, 255), 3]) == [0, 0, 1, 255, 255]
    with pytest.raises(ValueError, match="a matte of"):
        set_opacity(luma[:, :255], out)
