"""The morph bends pictures as its NumPy twin does, and shows one thing where a cross-fade shows two."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.kernels import cross_fade, morph, twins
from renderer.kernels.views import Bytes

STAYS = np.eye(2, 3, dtype=np.float32)


def smooth(seed: int, height: int, width: int) -> Bytes:
    """A picture without hard edges: a place off by 1/256 of a pixel changes it by a level at most."""
    coarse = np.random.default_rng(seed).uniform(0, 255, (4, 5, 4))
    rows, columns = np.linspace(0, 2.999, height), np.linspace(0, 3.999, width)
    y, x = rows.astype(int)[:, None], columns.astype(int)[None]
    q, p = (rows % 1)[:, None, None], (columns % 1)[None, :, None]
    above = coarse[y, x] * (1 - p) + coarse[y, x + 1] * p
    below = coarse[y + 1, x] * (1 - p) + coarse[y + 1, x + 1] * p
    return np.asarray(above * (1 - q) + below * q, np.uint8)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.tuples(st.integers(2, 60), st.integers(2, 60)),
    reach=st.floats(1.0, 80.0),
    share=st.floats(-0.5, 1.5),
)
def test_morph_equals_its_twin(seed: int, size: tuple[int, int], reach: float, share: float) -> None:
    rng = np.random.default_rng(seed)
    a, b = smooth(seed, *size), smooth(seed + 1, *size)
    out, expected = np.empty_like(a), np.empty_like(a)
    bends = [(STAYS + rng.normal(0, (0.05, 0.05, 3.0), (2, 3))).astype(np.float32) for _ in range(2)]
    centre = float(rng.uniform(-10, 70)), float(rng.uniform(-10, 70))
    morph(a, b, bends[0], bends[1], centre, reach, share, out)
    twins.morph(a, b, bends[0], bends[1], centre, reach, share, expected)
    assert np.abs(out.astype(int) - expected).max() <= 2 + 256 // min(size)


def test_without_a_bend_a_morph_is_a_cross_fade() -> None:
    a, b = np.random.default_rng(0).integers(0, 256, (2, 33, 47, 4), np.uint8)
    out, expected = np.empty_like(a), np.empty_like(a)
    morph(a, b, STAYS, STAYS, (20.0, 20.0), 30.0, 0.3, out)
    cross_fade(a, b, 0.3, expected)
    assert np.array_equal(out, expected)


def test_what_is_apart_meets_halfway_and_beyond_its_reach_nothing_moves() -> None:
    a, b = np.zeros((2, 80, 120, 4), np.uint8)
    a[40, 50], b[40, 58] = 200, 200
    for picture in (a, b):
        picture[::4, :20] = 90
    out = np.empty_like(a)
    left, right = STAYS.copy(), STAYS.copy()
    left[0, 2], right[0, 2] = -4, 4  # what shows at 54 is found at 50 in the one, at 58 in the other
    morph(a, b, left, right, (54.0, 40.0), 30.0, 0.5, out)
    assert np.argwhere(out[:, 24:, 0]).tolist() == [[40, 54 - 24]]
    assert out[40, 54, 0] == 200
    assert np.array_equal(out[:, :20], a[:, :20])


@pytest.mark.parametrize("wrong", ["size", "input", "thin"])
def test_morph_refuses_what_it_cannot_draw(wrong: str) -> None:
    a, b = np.zeros((8, 8, 4), np.uint8), np.zeros((8, 8, 4), np.uint8)
    out = a if wrong == "input" else np.zeros((8, 9 if wrong == "size" else 8, 4), np.uint8)
    if wrong == "thin":
        a, b, out = a[:1], b[:1], out[:1]
    with pytest.raises(ValueError, match="expected"):
        morph(a, b, STAYS, STAYS, (4.0, 4.0), 4.0, 0.5, out)
