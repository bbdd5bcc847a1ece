"""A small rasteriser and the sampler that colours it: loops over pixels, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

NOTHING = -1
"""Triangle number where no surface is."""


@njit(cache=True, nogil=True)
def draw(corners, triangles, number, weights, depth):  # type: ignore[no-untyped-def]
    """Which triangle each pixel shows, and where in it.

    corners    float64 (n, 3): x, y in pixels of this picture, depth in metres
    triangles  int64 (t, 3)
    number     int32 (h, w), out; -1 where nothing is
    weights    float32 (h, w, 2), out: barycentric weights of the second and third corner
    depth      float32 (h, w), out
    """
    height, width = number.shape
    number[:] = -1
    depth[:] = 1e9
    for t in range(len(triangles)):
        a, b, c = corners[triangles[t, 0]], corners[triangles[t, 1]], corners[triangles[t, 2]]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if abs(area) < 1e-9:
            continue
        left = max(0, int(np.ceil(min(a[0], b[0], c[0]) - 0.5)))
        right = min(width - 1, int(np.floor(max(a[0], b[0], c[0]) - 0.5)))
        top = max(0, int(np.ceil(min(a[1], b[1], c[1]) - 0.5)))
        bottom = min(height - 1, int(np.floor(max(a[1], b[1], c[1]) - 0.5)))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                px, py = x + 0.5, y + 0.5
                u = ((px - a[0]) * (c[1] - a[1]) - (py - a[1]) * (c[0] - a[0])) / area
                v = ((b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0])) / area
                if u < -1e-6 or v < -1e-6 or u + v > 1 + 1e-6:
                    continue
                z = a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2])
                if z < depth[y, x]:
                    depth[y, x] = z
                    number[y, x] = t
                    weights[y, x, 0] = u
                    weights[y, x, 1] = v


@njit(cache=True, nogil=True)
def colour(number, weights, triangles, moves, fine, keys, pictures, corners, depths, moving, shares, out):  # type: ignore[no-untyped-def]
    """Colour each pixel with what the nearest key pictures show at the same point of the surface.

    number, weights  from draw(), fine times the resolution of the pictures
    moves      bool (t,): the triangle moves; others, and pixels without any, stay where they are
    keys       int64 (m,): all keys, nearest first; shares float64 (m,): their weights, may be zero
    pictures   float32 (k, h, w, 3); depths float32 (k, h, w); moving bool (k, h, w): a moving surface shows
    corners    float64 (k, n, 3): the vertices in each key, pixels of the pictures and depth
    out        float32 (h, w, 3), pixels of the pictures
    """
    height, width = out.shape[:2]
    mixed = np.empty(3)
    for y in range(height):
        for x in range(width):
            out[y, x] = 0
            for sub in range(fine * fine):
                sy, sx = y * fine + sub // fine, x * fine + sub % fine
                t = number[sy, sx]
                free = t < 0 or not moves[t]
                total = 0.0
                mixed[:] = 0.0
                for attempt in range(2):  # first only points that the key really shows
                    for j in range(len(keys)):
                        k = keys[j]
                        share = shares[j]
                        if share <= 0.0:
                            if total > 1e-3:
                                break
                            share = 1e-6
                        if free:
                            kx, ky = (sx + 0.5) / fine, (sy + 0.5) / fine
                        else:
                            u, v = weights[sy, sx, 0], weights[sy, sx, 1]
                            a = corners[k, triangles[t, 0]]
                            b = corners[k, triangles[t, 1]]
                            c = corners[k, triangles[t, 2]]
                            kx = a[0] + u * (b[0] - a[0]) + v * (c[0] - a[0])
                            ky = a[1] + u * (b[1] - a[1]) + v * (c[1] - a[1])
                        ix, iy = int(kx), int(ky)
                        if ix < 0 or iy < 0 or ix >= width or iy >= height:
                            continue
                        if attempt == 0:
                            if free:
                                if moving[k, iy, ix]:
                                    continue
                            else:
                                kz = a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2])
                                if not moving[k, iy, ix] or kz > depths[k, iy, ix] + 0.0012:
                                    continue
                        bx = min(max(kx - 0.5, 0.0), width - 1.001)
                        by = min(max(ky - 0.5, 0.0), height - 1.001)
                        jx, jy = int(bx), int(by)
                        fx, fy = bx - jx, by - jy
                        for channel in range(3):
                            mixed[channel] += share * (
                                (1 - fy)
                                * (
                                    (1 - fx) * pictures[k, jy, jx, channel]
                                    + fx * pictures[k, jy, jx + 1, channel]
                                )
                                + fy
                                * (
                                    (1 - fx) * pictures[k, jy + 1, jx, channel]
                                    + fx * pictures[k, jy + 1, jx + 1, channel]
                                )
                            )
                        total += share
                    if total > 0.0:
                        break
                if total > 0.0:
                    for channel in range(3):
                        out[y, x, channel] += mixed[channel] / total / (fine * fine)


def blank(height: int, width: int) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    """Room for draw()'s results."""
    return (
        np.empty((height, width), np.int32),
        np.empty((height, width, 2), np.float32),
        np.empty((height, width), np.float32),
    )
