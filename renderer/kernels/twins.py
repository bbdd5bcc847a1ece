"""What each kernel computes, said in NumPy: plain, slow, and what the tests hold the kernels to.

Same signatures as the kernels. The integer ones agree bit for bit; `paste_patch` and `morph` compute in
float64, from which the kernels may differ by two levels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .blend import BLACK, WHITE
from .paste import SHRINK
from .pixels import FINE, SHIFT, Matrix, yuv_factors
from .scale import steps
from .views import Bytes

Reals = NDArray[np.float32]


def paste_patch(
    frame: Bytes, patch: Reals, mask: Reals, affine: Reals, colour: Reals, opacity: float
) -> None:
    """See `renderer.kernels.paste.paste_patch`."""
    pixels = patch.astype(np.float64) * colour[0, :, None, None] + colour[1, :, None, None]
    layers = np.concatenate([pixels, mask[None].astype(np.float64) * min(max(opacity, 0.0), 1.0)])
    forward = np.vstack([affine, (0.0, 0.0, 1.0)]).astype(np.float64)
    while np.sqrt(abs(np.linalg.det(forward))) * SHRINK < 1.0 and layers.shape[1] >= 4:
        even = layers[:, : layers.shape[1] // 2 * 2, : layers.shape[2] // 2 * 2]
        layers = (even[:, ::2, ::2] + even[:, ::2, 1::2] + even[:, 1::2, ::2] + even[:, 1::2, 1::2]) / 4
        forward = forward @ np.array([[2.0, 0.0, 0.5], [0.0, 2.0, 0.5], [0.0, 0.0, 1.0]])
    layers = np.clip(layers, 0.0, 1.0)
    far = layers.shape[1] - 1
    corners = forward[:2] @ np.array([[0, far, 0, far], [0, 0, far, far], [1, 1, 1, 1]])
    left, top = (max(0, int(np.floor(low))) for low in corners.min(1))
    right, bottom = (max(0, int(np.ceil(high)) + 1) for high in corners.max(1))
    place = frame[top:bottom, left:right]
    y, x = np.mgrid[top : top + place.shape[0], left : left + place.shape[1]].astype(np.float64)
    u, v, _ = np.tensordot(np.linalg.inv(forward), np.stack([x, y, np.ones_like(x)]), 1)
    inside = (u >= 0) & (u <= far) & (v >= 0) & (v <= far)
    u, v = u[inside], v[inside]
    column, row = np.minimum(u.astype(int), far - 1), np.minimum(v.astype(int), far - 1)
    p, q = u - column, v - row
    sampled = (layers[:, row, column] * (1 - p) + layers[:, row, column + 1] * p) * (1 - q) + (
        layers[:, row + 1, column] * (1 - p) + layers[:, row + 1, column + 1] * p
    ) * q
    drawn, share = 255.0 * sampled[2::-1].T, sampled[3][:, None]
    old, kept = place[inside][:, :3], place[inside][:, 3:]
    place[inside] = np.hstack([np.rint(old + (drawn - old) * share).astype(np.uint8), kept])


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
