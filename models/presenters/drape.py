"""Cloth that hangs: extended position-based dynamics (Macklin, Mueller and Chentanez 2016), compiled.

A garment starts around the body as the base mesh stands, arms spread. While the body moves into its pose the
cloth keeps its lengths, stays outside the body and falls; that is where its folds come from.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .hair import vertex_normals
from .human import Floats, Ints

STEP = 1 / 30
SUBSTEPS = 16
GRAVITY = 9.81
DRAG = 0.985
"""Share of the speed kept in a substep."""

NOWHERE = (-9.0, -9.0)
"""A floor that nothing reaches."""

BEND = 0.04
"""How much of a bend's error a substep corrects; stiffer cloth folds more coarsely."""


@njit(cache=True)
def relax(now, before, loose, pairs, lengths, stiffness, fall, substeps, feet, normals, room, pins, floor):  # type: ignore[no-untyped-def]
    """Some substeps in place: fall, keep lengths, stay outside.

    now, before      float64 (n, 3), positions now and one substep ago
    loose            float64 (n,): 1 moves, 0 is held at pins
    pairs, lengths, stiffness   (e, 2), (e,), (e,)
    fall             metres a resting vertex falls in a substep
    feet, normals    float64 (n, 3): the nearest place of the body and its normal, for each vertex
    room             float64 (n,): the distance to keep from it
    floor            y in front of which, and z above which, the desk keeps the cloth
    """
    for _ in range(substeps):
        for k in range(len(now)):
            if loose[k] > 0:
                for x in range(3):
                    here = now[k, x]
                    now[k, x] = here + (here - before[k, x]) * DRAG
                    before[k, x] = here
                now[k, 2] -= fall
            else:
                for x in range(3):
                    before[k, x] = now[k, x]
                    now[k, x] = pins[k, x]
        for e in range(len(pairs)):
            a, b = pairs[e, 0], pairs[e, 1]
            mass = loose[a] + loose[b]
            if mass == 0:
                continue
            d = now[b] - now[a]
            length = np.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
            if length < 1e-9:
                continue
            move = stiffness[e] * (length - lengths[e]) / length / mass
            for x in range(3):
                now[a, x] += loose[a] * move * d[x]
                now[b, x] -= loose[b] * move * d[x]
        for k in range(len(now)):
            if loose[k] == 0:
                continue
            high = 0.0
            for x in range(3):
                high += (now[k, x] - feet[k, x]) * normals[k, x]
            if high < room[k]:
                for x in range(3):
                    now[k, x] += (room[k] - high) * normals[k, x]
                    before[k, x] += 0.7 * (now[k, x] - before[k, x])  # cloth rubs
            if now[k, 1] < floor[0] and now[k, 2] < floor[1]:
                now[k, 2] = floor[1]
                before[k] = now[k]


def draped(
    points: Floats, polygons: list[list[int]], held: NDArray[np.bool_], room: Floats,
    carried: Callable[[float], Floats], body: Callable[[float], Floats], body_triangles: Ints,
    moving: int = 30, settling: int = 20,
    floor: tuple[float, float] = NOWHERE, form: Floats | float = 0.0,
) -> Floats:  # fmt: skip
    """The garment after the body has moved from share 0 to share 1 of its pose, shape (n, 3).

    carried(share) is the garment as the skin would carry it, body(share) the body's vertices. form, shape
    (n,), is how much of the way back to that shape tailoring takes the cloth in each frame.
    """
    edges = np.unique(
        np.sort(np.array([(p[k - 1], p[k]) for p in polygons for k in range(len(p))]), axis=1), axis=0
    )
    across = np.array([(p[k], p[k + 2]) for p in polygons if len(p) == 4 for k in (0, 1)])
    bends = _bends(edges, points)
    pairs = np.concatenate([edges, across, bends])
    lengths = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    stiffness = np.concatenate(
        [np.full(len(edges), 0.9), np.full(len(across), 0.35), np.full(len(bends), BEND)]
    )
    order = np.random.default_rng(2).permutation(len(pairs))
    pairs, lengths, stiffness = pairs[order], lengths[order], stiffness[order]
    loose = 1.0 - held.astype(float)
    used = np.unique(body_triangles)
    now, before = points.copy(), points.copy()
    last = carried(0.0)
    for frame in range(moving + settling):
        share = min((frame + 1) / moving, 1.0)
        share = share * share * (3 - 2 * share)
        target = carried(share)
        now += target - last  # the skin takes it along; what follows is how it differs
        before += target - last
        last = target
        back = np.reshape(form, (-1, 1)) * (target - now)
        now += back
        before += back
        shape = body(share)
        normals = vertex_normals(shape, body_triangles)
        _, nearest = cKDTree(shape[used]).query(now, k=3)
        feet = shape[used][nearest].mean(axis=1)
        normal = normals[used][nearest].mean(axis=1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        relax(
            now, before, loose, pairs, lengths, stiffness, GRAVITY * (STEP / SUBSTEPS) ** 2, SUBSTEPS,
            feet, normal, room, target, floor,
        )  # fmt: skip
    return now


def _bends(edges: Ints, points: Floats) -> Ints:
    """Pairs two edges apart, in a straight line as far as the mesh has one."""
    neighbours: list[list[int]] = [[] for _ in points]
    for a, b in edges:
        neighbours[a].append(int(b))
        neighbours[b].append(int(a))
    found = []
    for k, near in enumerate(neighbours):
        arms = points[near] - points[k]
        arms /= np.linalg.norm(arms, axis=1, keepdims=True)
        found += [(near[i], near[j]) for i in range(len(near)) for j in range(i) if arms[i] @ arms[j] < -0.7]
    return np.array(found)
