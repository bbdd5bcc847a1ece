"""Where hair grows on the head and which way it lies: scalp, brows, lashes. No Blender, no pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.spatial import cKDTree

from .human import Floats, Human, Ints
from .strands import Strands

LASH_ROWS_UPPER = (
    (14763, 14766, 14762, 14761, 14760, 14743, 14742, 14744, 14745, 14746, 14747, 14748, 14749),
    (14772, 14769, 14773, 14774, 14775, 14794, 14795, 14791, 14790, 14789, 14788, 14787, 14786),
    (14750, 14785, 14771, 14764, 14796, 14803, 14804, 14802, 14801, 14800, 14799, 14798, 14797),
    (14805, 14808, 14807, 14806, 14809, 14816, 14817, 14815, 14814, 14813, 14812, 14811, 14810),
)
LASH_ROWS_LOWER = (
    (14759, 14793, 14758, 14757, 14756, 14755, 14754, 14753, 14752, 14792, 14751),
    (14776, 14767, 14777, 14778, 14779, 14780, 14781, 14782, 14783, 14768, 14784),
    (14821, 14818, 14822, 14823, 14824, 14825, 14826, 14827, 14828, 14819, 14829),
    (14833, 14830, 14834, 14835, 14836, 14837, 14838, 14839, 14840, 14831, 14841),
)
"""The base mesh's lash strips at the left eye, rows from lid to tip; the right eye's are 125 further on."""

RIGHT_LASHES = 125


def triangulated(polygons: list[list[int]]) -> Ints:
    """Quads as two triangles each."""
    triangles = []
    for polygon in polygons:
        for k in range(1, len(polygon) - 1):
            triangles.append((polygon[0], polygon[k], polygon[k + 1]))
    return np.array(triangles)


def vertex_normals(points: Floats, triangles: Ints) -> Floats:
    """Area-weighted unit normals."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normals = np.zeros_like(points)
    for k in range(3):
        np.add.at(normals, triangles[:, k], face)
    unit: Floats = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return unit


FADE = 0.010
"""Metres over which hair thins out at the hairline."""


EAR = 0.097
"""Metres from the eyes back to the ear."""


class Scalp:
    """The head's upper surface and how hair lies on it."""

    def __init__(self, human: Human, hairline: Floats, below: float = 0.09) -> None:
        """below: how far under the eyes the surface that hair lies on reaches, metres."""
        self.human, self.hairline = human, hairline
        base = human.rest
        self.eyes = 0.5 * (human.joint("joint-l-eye") + human.joint("joint-r-eye"))
        self.triangles = triangulated(human.surfaces["body"].polygons)
        self.normals = vertex_normals(base, self.triangles)
        self.centre = np.array([0.0, self.eyes[1] + 0.085, self.eyes[2] + 0.025])
        head = (base[:, 2] > self.eyes[2] - below) & (np.arange(len(base)) < 13380)
        self._head = np.nonzero(head)[0]
        self.ears = self._ears()
        if below > 0.09:  # long hair is tucked behind the ears, not led around them
            self._head = self._head[~self.ears[self._head]]
        self._tree = cKDTree(base[self._head])

    def _ears(self) -> NDArray[np.bool_]:
        """Vertices that stick out sideways near the ear: no hair there."""
        base = self.human.rest
        near = (np.abs(base[:, 2] - (self.eyes[2] - 0.018)) < 0.040) & (
            np.abs(base[:, 1] - self.eyes[1] - EAR) < 0.030
        )
        width = np.abs(base[near & (np.abs(base[:, 0]) < 0.079), 0]).max(initial=0.07)
        found: NDArray[np.bool_] = near & (np.abs(base[:, 0]) > min(width, 0.0735))
        return found

    def azimuth(self, points: Floats) -> Floats:
        """Degrees from straight ahead, 0 to 180, the same on both sides."""
        arm = points - self.centre
        found: Floats = np.degrees(np.abs(np.arctan2(arm[:, 0], -arm[:, 1])))
        return found

    def above_line(self, points: Floats) -> Floats:
        """Metres above the hairline; negative below."""
        line = np.interp(self.azimuth(points), self.hairline[:, 0], self.hairline[:, 1])
        height: Floats = points[:, 2] - self.eyes[2] - line
        return height

    def cover(self, points: Floats) -> Floats:
        """0 on bare skin, 1 where hair is full."""
        return np.clip(self.above_line(points) / FADE + 0.3, 0.0, 1.0)

    def vertex_cover(self) -> Floats:
        """Cover for every base vertex."""
        cover = self.cover(self.human.rest)
        cover[self.ears] = 0.0
        cover[13380:] = 0.0
        return cover

    def roots(self, count: int, random: np.random.Generator) -> tuple[Ints, Floats]:
        """Triangles (n, 3) and barycentric weights (n, 3), evenly over the covered area."""
        base = self.human.rest
        corners = self.triangles
        centre = base[corners].mean(axis=1)
        usable = (
            (self.cover(centre) > 0) & ~self.ears[corners].any(axis=1) & (centre[:, 2] > self.eyes[2] - 0.09)
        )
        corners = corners[usable]
        a, b, c = (base[corners[:, k]] for k in range(3))
        area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
        chosen = random.choice(len(corners), size=count, p=area / area.sum())
        weights = random.dirichlet((1.0, 1.0, 1.0), size=count)
        points = np.einsum("nk,nkx->nx", weights, base[corners[chosen]])
        keep = random.random(count) < self.cover(points)
        return corners[chosen][keep], weights[keep]

    def surface(self, points: Floats) -> tuple[Floats, Floats]:
        """The nearest place of head or neck and its normal, for each point (n, 3)."""
        distance, nearest = self._tree.query(points, k=4)
        share = 1.0 / np.maximum(distance, 1e-5)
        share /= share.sum(axis=1, keepdims=True)
        near = self._head[nearest]
        foot = np.einsum("nk,nkx->nx", share, self.human.rest[near])
        normal = np.einsum("nk,nkx->nx", share, self.normals[near])
        return foot, normal / np.linalg.norm(normal, axis=1, keepdims=True)

    def pushed_out(self, points: Floats, clearance: Floats) -> Floats:
        """Points kept at least clearance above the scalp."""
        flat = points.reshape(-1, 3)
        foot, normal = self.surface(flat)
        height = np.sum((flat - foot) * normal, axis=1)
        lift = np.maximum(np.broadcast_to(clearance, points.shape[:-1]).reshape(-1) - height, 0.0)
        pushed: Floats = (flat + lift[:, None] * normal).reshape(points.shape)
        return pushed


BROW = np.array([
    # x from the middle, height above the eye, half thickness, lean of the hairs (0 up, 1 outwards); metres
    (0.0105, 0.0176, 0.0014, 0.25), (0.0175, 0.0196, 0.0029, 0.50), (0.0250, 0.0216, 0.0034, 0.80),
    (0.0330, 0.0234, 0.0029, 1.05), (0.0400, 0.0238, 0.0021, 1.25), (0.0480, 0.0212, 0.0012, 1.45),
    (0.0550, 0.0168, 0.0005, 1.60),
])  # fmt: skip
"""The left brow's course."""


def brows(human: Human, course: Floats, count: int, seed: int = 5) -> Strands:
    """Both brows: short hairs that lean outwards along the course."""
    random = np.random.default_rng(seed)
    base = human.rest
    triangles = triangulated(human.surfaces["body"].polygons)
    eye = human.joint("joint-l-eye")
    normals = vertex_normals(base, triangles)
    centre = base[triangles].mean(axis=1)
    near = (np.abs(centre[:, 2] - eye[2] - 0.02) < 0.02) & (centre[:, 1] < eye[1] + 0.02)
    near &= np.abs(centre[:, 0]) < 0.07
    triangles = triangles[near]
    picks = []
    for sign in (1.0, -1.0):
        u = np.sort(random.beta(1.15, 1.25, count))
        place = np.linspace(0, 1, len(course))
        found = np.stack([np.interp(u, place, course[:, k]) for k in range(4)], axis=1)
        across = random.normal(0, 0.48, count).clip(-1, 1)
        x = found[:, 0]
        z = eye[2] + found[:, 1] + across * found[:, 2]
        lean = found[:, 3] - 0.55 * across + random.normal(0, 0.16, count)
        picks.append((sign, x * sign, z, lean, 0.0085 - 0.0035 * u))
    strands = []
    for sign, x, z, lean, length in picks:
        corner, weight = _hit_from_front(base, triangles, x, z)
        roots = np.einsum("nk,nkx->nx", weight, base[corner])
        normal = np.einsum("nk,nkx->nx", weight, normals[corner])
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        lie = np.stack([sign * np.sin(lean), 0.0 * lean, np.cos(lean)], axis=1)
        lie -= np.sum(lie * normal, axis=1, keepdims=True) * normal
        lie /= np.linalg.norm(lie, axis=1, keepdims=True)
        outward = np.stack([sign + 0 * lean, 0.5 + 0 * lean, -0.25 + 0 * lean], axis=1)
        steps = 5
        along = np.linspace(0, 1, steps)[None, :, None]
        reach = length[:, None, None] * random.uniform(0.7, 1.1, (len(x), 1, 1)) * along
        curve = lie[:, None] * (1 - 0.25 * along) + outward[:, None] * 0.35 * along
        lift = normal[:, None] * (0.0002 + 0.0011 * np.sin(np.pi * along * 0.8))
        strands.append((corner, weight, roots[:, None] + reach * curve + lift))
    radius = 0.000105 * np.linspace(1.0, 0.25, 5)
    return Strands.grow(
        base,
        np.concatenate([s[0] for s in strands]),
        np.concatenate([s[1] for s in strands]),
        np.concatenate([s[2] for s in strands]),
        radius,
    )


def _hit_from_front(base: Floats, triangles: Ints, x: Floats, z: Floats) -> tuple[Ints, Floats]:
    """The foremost triangle at each (x, z), with barycentric weights."""
    a, b, c = (base[triangles[:, k]] for k in range(3))
    e1, e2 = (b - a)[:, [0, 2]], (c - a)[:, [0, 2]]
    area = e1[:, 0] * e2[:, 1] - e1[:, 1] * e2[:, 0]
    area = np.where(np.abs(area) < 1e-12, np.nan, area)
    found = np.empty((len(x), 3), dtype=np.int64)
    weights = np.empty((len(x), 3))
    for k, (px, pz) in enumerate(zip(x, z, strict=True)):
        arm = np.array([px, pz]) - a[:, [0, 2]]
        u = (arm[:, 0] * e2[:, 1] - arm[:, 1] * e2[:, 0]) / area
        v = (e1[:, 0] * arm[:, 1] - e1[:, 1] * arm[:, 0]) / area
        inside = (u >= 0) & (v >= 0) & (u + v <= 1)
        depth = np.where(inside, a[:, 1] + u * (b - a)[:, 1] + v * (c - a)[:, 1], np.inf)
        best = int(np.argmin(depth))
        found[k] = triangles[best]
        weights[k] = (1 - u[best] - v[best], u[best], v[best])
    return found, weights


def lashes(points: Floats, seed: int = 9) -> Floats:
    """Lashes of both eyes, upper and lower, for one state of the base mesh: (n, points, 3)."""
    random = np.random.default_rng(seed)
    curves = []
    for rows, count, length in ((LASH_ROWS_UPPER, 130, 0.80), (LASH_ROWS_LOWER, 60, 0.50)):
        places = np.sort(random.uniform(0.01, 0.99, count))
        stray = random.normal(0, 0.018, count)
        lengths = length * random.uniform(0.75, 1.05, count)
        for shift in (0, RIGHT_LASHES):
            grid = points[np.array(rows) + shift]
            sheet = RegularGridInterpolator(
                (np.linspace(0, 1, len(rows)), np.linspace(0, 1, len(rows[0]))), grid
            )
            along = np.linspace(0, 1, 5)
            s = lengths[:, None] * along[None]
            t = np.clip(places[:, None] + stray[:, None] * along[None], 0, 1)
            curves.append(sheet(np.stack([s, t], axis=-1)))
    return np.concatenate(curves)
