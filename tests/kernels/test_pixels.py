"""Orders of pixels: exact against NumPy, and the colours a standard says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.kernels import bgra_to_bgr, bgra_to_rgb, twins, yuv420_to_bgrx
from renderer.kernels.pixels import KR_KB, Matrix


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), height=st.integers(1, 40), width=st.integers(1, 40))
def test_three_channels_equal_their_twins(seed: int, height: int, width: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    out, expected = np.empty((2, height, width, 3), np.uint8)
    bgra_to_bgr(pixels, out)
    twins.bgra_to_bgr(pixels, expected)
    assert np.array_equal(out, expected)
    bgra_to_rgb(pixels, out)
    twins.bgra_to_rgb(pixels, expected)
    assert np.array_equal(out, expected)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    padding=st.integers(0, 9),
    matrix=st.sampled_from(["bt709", "bt601"]),
    full_range=st.booleans(),
)
def test_yuv_equals_its_twin_in_any_size_with_any_padding(
    seed: int, height: int, width: int, padding: int, matrix: Matrix, full_range: bool
) -> None:
    rng = np.random.default_rng(seed)
    half = (height + 1) // 2, (width + 1) // 2
    y, u, v = (
        rng.integers(0, 256, (rows, columns + padding), np.uint8)[:, :columns]
        for rows, columns in ((height, width), half, half)
    )
    out, expected = np.empty((2, height, width, 4), np.uint8)
    yuv420_to_bgrx(y, u, v, out, matrix, full_range)
    twins.yuv420_to_bgrx(y, u, v, expected, matrix, full_range)
    assert np.array_equal(out, expected)


@pytest.mark.parametrize("matrix", ["bt709", "bt601"])
@pytest.mark.parametrize("full_range", [False, True], ids=["limited", "full"])
def test_a_colour_survives_the_way_the_standard_takes_it(matrix: Matrix, full_range: bool) -> None:
    """Luma and chroma of a colour, by the definition in BT.709-6 section 3, come back as the colour."""
    red, blue = KR_KB[matrix]
    for rgb in ((255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (201, 152, 131)):
        r, g, b = (c / 255 for c in rgb)
        luma = red * r + (1 - red - blue) * g + blue * b
        chroma = (b - luma) / (2 - 2 * blue), (r - luma) / (2 - 2 * red)
        y = luma * 255 if full_range else 16 + 219 * luma
        u, v = (128 + c * (255 if full_range else 224) for c in chroma)
        y_plane, u_plane, v_plane = (
            np.full(n, min(max(round(p), 0), 255), np.uint8)
            for n, p in (((4, 4), y), ((2, 2), u), ((2, 2), v))
        )
        out = np.empty((4, 4, 4), np.uint8)
        yuv420_to_bgrx(y_plane, u_plane, v_plane, out, matrix, full_range)
        assert np.abs(out[0, 0, 2::-1].astype(int) - rgb).max() <= 2


def test_planes_of_the_wrong_size_are_refused() -> None:
    y, half, out = np.zeros((4, 6), np.uint8), np.zeros((2, 3), np.uint8), np.zeros((4, 6, 4), np.uint8)
    with pytest.raises(ValueError, match="plane u"):
        yuv420_to_bgrx(y, half[:, :2], half, out)
    with pytest.raises(ValueError, match="one size expected"):
        bgra_to_rgb(out, np.zeros((4, 5, 3), np.uint8))
