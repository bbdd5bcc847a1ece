"""What each kernel computes, said in NumPy: plain, slow, and what the tests hold the kernels to.

Same signatures as the kernels. The integer ones agree bit for bit; `draw_mouth` and `morph` compute in
float64, from which the kernels may differ by two levels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .blend import BLACK, WHITE
from .pixels import FINE, SHIFT, Matrix, yuv_factors
from .scale import steps
from .views import Bytes

Reals = NDArray[np.float32]
Places = NDArray[np.float64]


def draw_mouth(
    frame: Bytes,
    skin: Reals,
    inner: Reals,
    mask: Reals,
    references: Bytes,
    window: tuple[float, float, float],
    size: int,
    affine: Reals,
    opacity: float,
) -> None:
    """See `renderer.kernels.mouth.draw_mouth`."""
    height, width = frame.shape[:2]
    forward = np.vstack([affine, (0.0, 0.0, 1.0)]).astype(np.float64)
    corners = forward[:2] @ np.array([[-0.5, size - 0.5] * 2, [-0.5] * 2 + [size - 0.5] * 2, [1.0] * 4])
    left, top = (max(0, int(np.ceil(low))) for low in corners.min(1))
    right, bottom = np.minimum(np.floor(corners.max(1)), [width - 1, height - 1]).astype(int)
    if right < left or bottom < top:
        return
    y, x = np.mgrid[top : bottom + 1, left : right + 1].astype(np.float64)
    u, v, _ = np.tensordot(np.linalg.inv(forward), np.stack([x, y, np.ones_like(x)]), 1)
    layers = np.concatenate([skin.astype(np.float64), mask[None]])
    cells = skin.shape[1]
    column, row = (u + 0.5) * cells / size - 0.5, (v + 0.5) * cells / size - 0.5
    flow_x, flow_y, red, green, blue, share = _bilinear(layers, column, row)
    share *= (column >= 0) & (column <= cells - 1) & (row >= 0) & (row <= cells - 1)
    share *= min(opacity, 1.0)
    source = frame[top : bottom + 1, left : right + 1, :3].astype(np.float64)
    beyond = np.pad(frame[..., :3].astype(np.float64), ((2, 2), (2, 2), (0, 0)), mode="edge")
    p = np.clip(x + affine[0, 0] * flow_x + affine[0, 1] * flow_y, left, right) + 2
    q = np.clip(y + affine[1, 0] * flow_x + affine[1, 1] * flow_y, top, bottom) + 2
    drawn = _cubic(beyond, p, q)
    near, (first, above, side) = inner.shape[1], window
    column, row = (u + 0.5 - first) * near / side - 0.5, (v + 0.5 - above) * near / side - 0.5
    fields = _bilinear(inner.astype(np.float64), column, row)
    fields[4:7] *= (column >= -0.5) & (column <= near - 0.5) & (row >= -0.5) & (row <= near - 0.5)
    mixed = drawn * (1 - fields[4:7].sum(0))[..., None] + 255 * (fields[6] * fields[:6:-1]).transpose(1, 2, 0)
    larger = references.shape[1] / size
    for k, picture in enumerate(references[..., :3].astype(np.float64)):
        at = (u + fields[2 * k] + 0.5) * larger - 0.5, (v + fields[2 * k + 1] + 0.5) * larger - 0.5
        mixed += (fields[4 + k] * _bilinear(picture.transpose(2, 0, 1), *at)).transpose(1, 2, 0)
    mixed = np.clip(mixed + 255 * np.stack([blue, green, red], -1), 0, 255)
    blended = np.rint(source + (mixed - source) * share[..., None])
    frame[top : bottom + 1, left : right + 1, :3] = blended.astype(np.uint8)


def _bilinear(layers: NDArray[np.float64], x: Places, y: Places) -> NDArray[np.float64]:
    """Layers (n, h, w), sampled where they are known, and repeated beyond."""
    x, y = np.clip(x, 0, layers.shape[2] - 1), np.clip(y, 0, layers.shape[1] - 1)
    column, row = (
        np.minimum(x.astype(int), layers.shape[2] - 2),
        np.minimum(y.astype(int), layers.shape[1] - 2),
    )
    p, q = x - column, y - row
    above = layers[:, row, column] * (1 - p) + layers[:, row, column + 1] * p
    below = layers[:, row + 1, column] * (1 - p) + layers[:, row + 1, column + 1] * p
    return np.asarray(above * (1 - q) + below * q)


def _cubic(picture: NDArray[np.float64], x: Places, y: Places) -> NDArray[np.float64]:
    """A picture (h, w, c) by cubic convolution (Keys 1981, a = -1/2), two pixels or more from its border."""

    def weights(t: Places) -> list[Places]:
        return [
            -0.5 * t + t**2 - 0.5 * t**3,
            1 - 2.5 * t**2 + 1.5 * t**3,
            0.5 * t + 2 * t**2 - 1.5 * t**3,
            -0.5 * t**2 + 0.5 * t**3,
        ]

    column, row = x.astype(int), y.astype(int)
    across, down = weights(x - column), weights(y - row)
    padded = np.pad(picture, ((0, 1), (0, 1), (0, 0)), mode="edge")
    return np.asarray(
        sum(
            (across[i] * down[j])[..., None] * padded[row + j - 1, column + i - 1]
            for i in range(4)
            for j in range(4)
        )
    )


def cross_fade(a: Bytes, b: Bytes, share: float, out: Bytes) -> None:
    """See `renderer.kernels.blend.cross_fade`."""
    weight = round(min(max(share, 0.0), 1.0) * 256)
    out[...] = (a.astype(np.int32) * (256 - weight) + b.astype(np.int32) * weight + 128) // 256


def morph(
    a: Bytes,
    b: Bytes,
    to_a: Reals,
    to_b: Reals,
    centre: tuple[float, float],
    reach: float,
    share: float,
    out: Bytes,
) -> None:
    """See `renderer.kernels.morph.morph`."""
    height, width = out.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float64)
    away = ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2
    t = np.clip((away - 0.25) / 0.75, 0.0, 1.0)
    held = (1 - t) ** 2 * (1 + 2 * t)
    bent = []
    for picture, bend in ((a, to_a), (b, to_b)):
        there = np.tensordot(bend.astype(np.float64), np.stack([x, y, np.ones_like(x)]), 1)
        u = np.clip(x + held * (there[0] - x), 0, width - 1)
        v = np.clip(y + held * (there[1] - y), 0, height - 1)
        column, row = np.minimum(u.astype(int), width - 2), np.minimum(v.astype(int), height - 2)
        p, q = (u - column)[..., None], (v - row)[..., None]
        above = picture[row, column] * (1 - p) + picture[row, column + 1] * p
        below = picture[row + 1, column] * (1 - p) + picture[row + 1, column + 1] * p
        bent.append(above * (1 - q) + below * q)
    out[...] = np.rint(bent[0] + (bent[1] - bent[0]) * round(min(max(share, 0.0), 1.0) * 256) / 256)


def set_opacity(luma: Bytes, out: Bytes) -> None:
    """See `renderer.kernels.blend.set_opacity`."""
    inside = luma[:, : out.shape[1]].astype(np.float64)
    out[..., 3] = np.clip((inside - BLACK) * 255 / (WHITE - BLACK) + 0.5, 0, 255)


def composite(frame: Bytes, background: Bytes) -> None:
    """See `renderer.kernels.blend.composite`."""
    share = frame[..., 3:].astype(np.int32)
    frame[...] = (frame * share + background * (255 - share) + 127) // 255
    frame[..., 3] = 255


def bgra_to_bgr(pixels: Bytes, out: Bytes) -> None:
    """See `renderer.kernels.pixels.bgra_to_bgr`."""
    out[...] = pixels[..., :3]


def bgra_to_rgb(pixels: Bytes, out: Bytes) -> None:
    """See `renderer.kernels.pixels.bgra_to_rgb`."""
    out[...] = pixels[..., 2::-1]


def yuv420_to_bgrx(
    y: Bytes, u: Bytes, v: Bytes, out: Bytes, matrix: Matrix = "bt709", full_range: bool = False
) -> None:
    """See `renderer.kernels.pixels.yuv420_to_bgrx`."""
    gain, rest, start, v_red, u_green, v_green, u_blue = (int(f) for f in yuv_factors(matrix, full_range))
    height, width = y.shape
    wide_u, wide_v = (
        np.repeat(np.repeat(plane.astype(np.int64) - 128, 2, 0), 2, 1)[:height, :width] for plane in (u, v)
    )
    luma = y.astype(np.int64)
    level = (luma * gain + (luma * rest >> 8)) >> 2
    start = (start << SHIFT - FINE) + (1 << SHIFT - FINE - 1)
    colours = [
        level + (chroma + start >> SHIFT - FINE)
        for chroma in (wide_u * u_blue, wide_u * u_green + wide_v * v_green, wide_v * v_red)
    ]
    out[..., :3] = np.clip(np.stack(colours, -1) >> FINE, 0, 255)
    out[..., 3] = 255


def scale(picture: Bytes, out: Bytes, left: int, top: int, width: int, height: int) -> None:
    """See `renderer.kernels.scale.scale`."""
    rows, down = steps(picture.shape[0], height)
    columns, across = steps(picture.shape[1], width)
    padded = np.pad(picture, ((0, 1), (0, 1), (0, 0)), mode="edge").astype(np.int64)
    q, p = down.astype(np.int64)[:, None, None], across.astype(np.int64)[None, :, None]
    tall = (padded[rows] * (256 - q) + padded[rows + 1] * q + 128) // 256
    wide = (tall[:, columns] * (256 - p) + tall[:, columns + 1] * p + 128) // 256
    out[top : top + height, left : left + width] = wide
