"""A scaled picture keeps its place, its colours and its edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.kernels import scale, twins

SIDE = st.integers(1, 30)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    source=st.tuples(SIDE, SIDE),
    target=st.tuples(SIDE, SIDE),
    edge=st.integers(0, 5),
)
def test_scale_equals_its_twin_and_stays_inside(
    seed: int, source: tuple[int, int], target: tuple[int, int], edge: int
) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (*source, 4), np.uint8)
    out = rng.integers(0, 256, (target[0] + edge, target[1] + 2 * edge, 4), np.uint8)
    expected = out.copy()
    scale(picture, out, edge, 0, target[1], target[0])
    twins.scale(picture, expected, edge, 0, target[1], target[0])
    assert np.array_equal(out, expected)


def test_the_same_size_is_a_copy() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (31, 17, 4), np.uint8)
    out = np.empty_like(picture)
    scale(picture, out, 0, 0, 17, 31)
    assert np.array_equal(out, picture)


def test_half_the_size_is_the_mean_of_four() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (8, 8, 4), np.uint8)
    out = np.empty((4, 4, 4), np.uint8)
    scale(picture, out, 0, 0, 4, 4)
    mean = picture.reshape(4, 2, 4, 2, 4).mean((1, 3))
    assert np.abs(out - mean).max() <= 1


@pytest.mark.parametrize("rectangle", [(0, 0, 0, 4), (-1, 0, 4, 4), (5, 0, 4, 4), (0, 5, 4, 4)])
def test_a_rectangle_that_sticks_out_is_refused(rectangle: tuple[int, int, int, int]) -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    with pytest.raises(ValueError, match="must lie inside"):
        scale(picture, picture.copy(), *rectangle)
