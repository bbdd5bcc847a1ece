"""Lapels and collar: a strip folded out along the edge of a blazer's opening; placket and button."""

from __future__ import annotations

import bpy
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from . import materials
from .arms import carried_over
from .clothes import Garment, Worn
from .hair import triangulated, vertex_normals
from .human import Floats
from .mouth import rounded_block

WIDTHS = np.array([
    # share of the way from button to nape, width of lapel or collar, height of its stand; metres
    (0.00, 0.000, 0.000), (0.05, 0.006, 0.000), (0.12, 0.018, 0.000), (0.50, 0.068, 0.001),
    (0.515, 0.066, 0.001), (0.53, 0.034, 0.002), (0.555, 0.046, 0.004), (0.62, 0.044, 0.010),
    (0.80, 0.042, 0.020), (1.00, 0.042, 0.022),
])  # fmt: skip


def lapel(jacket: Worn, button: float, side: float) -> Worn:
    """Lapel and collar of one side, 1 left or -1 right; the fronts meet at height button, metres."""
    points, faces = jacket.garment.points, jacket.garment.polygons
    assert jacket.share is not None
    path = _edge_path(points, faces, button) * [side, 1.0, 1.0]
    tip = path[0] - [0.010 * side, 0.0, 0.016]
    tip[0] = side * max(side * tip[0], 0.001)  # both end in the middle
    path = np.concatenate([tip[None], path])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    along = np.concatenate(
        [np.linspace(0, 0.48, 60), np.linspace(0.485, 0.57, 40), np.linspace(0.575, 1, 50)]
    )
    edge: Floats = np.stack([np.interp(along, length / length[-1], path[:, k]) for k in range(3)], axis=1)
    kernel = np.hanning(9)[1:-1] / np.hanning(9).sum()
    for _ in range(3):
        padded = np.concatenate([edge[:1].repeat(3, 0), edge, edge[-1:].repeat(3, 0)])
        edge = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in range(3)], axis=1)
    width = np.interp(along, WIDTHS[:, 0], WIDTHS[:, 1])
    stand = np.interp(along, WIDTHS[:, 0], WIDTHS[:, 2])
    triangles = triangulated(faces)
    normals = vertex_normals(points, triangles)
    tree = cKDTree(points)

    def surface(places: Floats) -> tuple[Floats, Floats]:
        distance, nearest = tree.query(places, k=6)
        share = 1 / np.maximum(distance, 2e-3) ** 2
        share /= share.sum(axis=1, keepdims=True)
        normal = np.einsum("nk,nkx->nx", share, normals[nearest])
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        foot = np.einsum("nk,nkx->nx", share, points[nearest])
        return foot, normal

    _, normal = surface(edge)
    tangent = np.gradient(edge, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    out = side * np.cross(normal, tangent) * -1
    out -= normal * np.sum(out * normal, axis=1, keepdims=True)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    out[:, 0] = side * np.abs(out[:, 0])
    for _ in range(12):
        padded = np.concatenate([out[:1].repeat(3, 0), out, out[-1:].repeat(3, 0)])
        out = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in range(3)], axis=1)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    up = np.array([0.0, 0.0, 1.0])
    columns = 16
    rows = [edge - 0.006 * out - 0.002 * normal]
    for k in range(columns):
        part = k / (columns - 1)
        place = edge + out * (width * part)[:, None]
        foot, over = surface(place)
        lift = np.sum((place - foot) * over, axis=1, keepdims=True)
        place = place - over * lift
        rise = 0.0048 + 0.0040 * np.exp(-(((part * np.maximum(width, 1e-3)) / 0.010)[:, None] ** 1))
        place = place + over * rise + up * (stand * (1 - part) ** 2)[:, None]
        rows.append(place)
    grid = np.stack(rows)
    count = len(along)
    top = grid.reshape(-1, 3)
    polygons = [
        [r * count + j, r * count + j + 1, (r + 1) * count + j + 1, (r + 1) * count + j][:: -int(side)]
        for r in range(columns)
        for j in range(count - 1)
    ]
    cloth = np.stack([
        np.repeat(np.concatenate([[-0.006], np.linspace(0, 0.06, columns)]), count),
        np.tile(length[-1] * along, columns + 1), np.zeros(len(top)),
    ], axis=1)  # fmt: skip
    share = carried_over(points, jacket.share, top)
    return Worn(f"lapel {side:+.0f}", Garment(top, polygons, cloth), jacket.look, share, 0.0024)


def _edge_path(points: Floats, faces: list[list[int]], button: float) -> Floats:
    """The opening's edge from the button up to the middle of the nape, on the left."""
    links: dict[int, list[int]] = {}
    for a, b in _open_edges(faces):
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)
    edge = np.array(sorted(links))
    inside = edge[(points[edge, 2] > button - 0.02) & (np.abs(points[edge, 0]) < 0.14)]
    start = int(inside[np.argmin(points[inside, 2] + 0.3 * np.abs(points[inside, 0]))])
    ways = []
    for step in links[start]:
        way = [start, step]
        while points[way[-1], 1] < 0.0 or abs(points[way[-1], 0]) > 0.004:
            onward = [v for v in links[way[-1]] if v != way[-2]]
            if not onward or len(way) > 600 or onward[0] == start:
                break
            way.append(onward[0])
        ways.append(points[way])
    return max(ways, key=lambda way: float(way[:, 0].mean()))


def placket(jacket: Worn, height: float, bottom: float) -> Worn:
    """The edge of the upper front, from where the fronts meet down to bottom, metres."""
    across, down = np.linspace(0.010, -0.012, 7), np.linspace(height - 0.012, bottom, 60)
    x, z = np.meshgrid(across, down)
    y = surface_before(jacket.garment.points, x, z)
    y -= 0.0020 + 0.0012 * (across > 0.008)
    points = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    wide = len(across)
    faces = [
        [r * wide + c, r * wide + c + 1, (r + 1) * wide + c + 1, (r + 1) * wide + c]
        for r in range(len(down) - 1)
        for c in range(wide - 1)
    ]
    assert jacket.share is not None
    share = carried_over(jacket.garment.points, jacket.share, points)
    return Worn("placket", Garment(points, faces, points[:, [0, 2, 1]]), jacket.look, share, 0.0012)


def button(jacket: Worn, height: float) -> Worn:
    """One button of horn on the front."""
    block, faces = rounded_block(3.0)
    x, z = np.array([[0.0]]), np.array([[height]])
    middle = np.array([0.0, float(surface_before(jacket.garment.points, x, z)[0, 0]) - 0.0095, height])
    points = middle + block * [0.0105, 0.0030, 0.0105]
    assert jacket.share is not None
    share = carried_over(jacket.garment.points, jacket.share, points)
    return Worn("button", Garment(points, faces, points.copy()), horn, share)


def horn() -> bpy.types.Material:
    """Dark polished horn."""
    return materials.polished("horn", (0.012, 0.012, 0.016), 0.25)


def surface_before(points: Floats, x: Floats, z: Floats) -> Floats:
    """The garment's surface seen from the front at each (x, z), smoothed: y."""
    near = points[(points[:, 1] < np.median(points[:, 1])) & (np.abs(points[:, 0]) < 0.06)]
    _, nearest = cKDTree(near[:, [0, 2]]).query(np.stack([x, z], axis=-1), k=5)
    found: Floats = near[nearest, 1].mean(axis=-1)
    return gaussian_filter(found, (2.5, 1.5), mode="nearest") if found.size > 1 else found


def rim(faces: list[list[int]]) -> list[int]:
    """Vertices on open edges."""
    return sorted({v for edge in _open_edges(faces) for v in edge})


def _open_edges(faces: list[list[int]]) -> list[tuple[int, int]]:
    count: dict[tuple[int, int], int] = {}
    for face in faces:
        for k in range(len(face)):
            edge = (min(face[k - 1], face[k]), max(face[k - 1], face[k]))
            count[edge] = count.get(edge, 0) + 1
    return [edge for edge, number in count.items() if number == 1]
