"""Eyelids that close: the base mesh's blink, led over the eyeball and ended where the lids meet.

The blink of the face units moves each vertex along a straight line, which cuts through the ball on its way,
and takes the upper lid past the lower one, at the outer corner by its own height. Here every column of the
lid stops at the lower lashes, and lids stay outside the ball and its cornea.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .hair import LASH_ROWS_LOWER, LASH_ROWS_UPPER, RIGHT_LASHES, triangulated, vertex_normals
from .human import BODY, Floats, Human, Ints

CORNEA = 0.075
"""Height of the cornea's bulge as a share of the ball's radius."""

LIMBUS = 27.0
"""Degrees around the gaze within which it rises."""

THICK = 0.0006
"""Metres from the ball to a shut lid's skin."""

SLIT = 0.06
"""Share of the way that a shut lid leaves: what shows there is dark, as between people's lashes."""

DROOP = 28.0
"""Degrees by which upper lashes turn down while the lid closes, beyond what the face unit turns them."""


SHORT = 0.66
"""Length of the lashes, times the base mesh's: those start inside the lid."""

AT_LASHES = 0.006
"""Metres from the roots of the lashes within which the lid's edge is looked for."""

BESIDE = 1.0
"""How much lower a vertex beside a column must be, times its distance, to be the edge there."""


@dataclass(frozen=True, slots=True)
class Lid:
    """One eye's upper lid."""

    name: str
    """Its face unit."""
    centre: Floats
    radius: float
    moving: Ints
    """Base vertices that a blink moves, lashes among them."""
    travel: Floats
    """Shape (n, 3): offsets of the whole blink, ended where the lids meet."""
    share: Floats
    """Shape (n,): how much of the lid's travel each takes, 0 to 1."""
    outer: Floats
    """Shape (n,): 1 on the lid's skin, 0 inside the socket and where the face hardly moves."""
    lashes: Ints
    """Shape (rows, columns), roots first."""
    edge: Ints
    """Shape (columns,): the skin's vertices that the lashes stand on."""
    rim: Ints
    """All vertices of that edge."""


class Lids:
    """Both upper lids of one human."""

    def __init__(self, human: Human) -> None:
        points = human.rest
        body = points[: BODY[1]]
        normals = vertex_normals(body, triangulated(human.surfaces["body"].polygons))
        self.lids = [
            self._lid(human, normals, side, shift) for side, shift in (("l", 0), ("r", RIGHT_LASHES))
        ]

    def _lid(self, human: Human, normals: Floats, side: str, shift: int) -> Lid:
        name = f"eyeBlink{'Left' if side == 'l' else 'Right'}"
        rest, travel = human.rest, human.unit(name)
        surface = human.surfaces[f"helper-{side}-eye"]
        outline = rest[np.unique(np.concatenate(surface.polygons))]
        centre: Floats = 0.5 * (outline.min(axis=0) + outline.max(axis=0))
        radius = float(np.median(np.linalg.norm(outline - centre, axis=1)))
        upper, lower = np.array(LASH_ROWS_UPPER) + shift, np.array(LASH_ROWS_LOWER) + shift
        size = np.linalg.norm(travel, axis=1)
        moving = np.nonzero(size > 1e-5)[0]
        share = np.clip(size[moving] / size[upper[0]].max(), 0, 1)
        across, meets = self._meeting(rest, travel, upper[0], lower[0], centre)
        place = np.abs(rest[moving, 0]) - abs(centre[0])
        ended = travel[moving] * np.interp(place, across, meets)[:, None]
        arm = rest[moving] - centre
        body = moving < BODY[1]
        out = np.zeros(len(moving))
        out[body] = np.sum(arm[body] * normals[moving[body]], axis=1) > 0
        rise = np.clip((share - 0.10) / 0.30, 0, 1)
        outer = out * rise * rise * (3 - 2 * rise)
        near = np.linalg.norm(rest[moving][:, None] - rest[upper[0]][None], axis=-1).min(axis=1) < AT_LASHES
        skin = moving[near & (outer > 0.5) & (share > 0.4)]
        edge = _rim(rest, skin, rest[upper[0], 0])
        across = np.linspace(rest[upper[0], 0].min(), rest[upper[0], 0].max(), 60)
        rim = np.unique(_rim(rest, skin, across))
        return Lid(name, centre, radius, moving, ended, share, outer, upper, edge, rim)

    @staticmethod
    def _meeting(
        rest: Floats, travel: Floats, upper: Ints, lower: Ints, centre: Floats
    ) -> tuple[Floats, Floats]:
        """How much of its travel each column of the upper lid takes: place beside the eye, share."""
        open_, shut = rest[upper, 2], rest[upper, 2] + travel[upper, 2]
        place = np.abs(rest[:, 0]) - abs(centre[0])
        line = np.interp(place[upper], place[lower], rest[lower, 2])
        meets = np.clip((open_ - line) / np.maximum(open_ - shut, 1e-4), 0.0, 1.0)
        order = np.argsort(place[upper])
        smooth = np.convolve(np.pad(meets[order], 1, mode="edge"), (0.25, 0.5, 0.25), "valid")
        return place[upper][order], smooth

    def closed(self, points: Floats, units: dict[str, float]) -> Floats:
        """Base vertices with the lids closed as far as units say; points hold no blink yet."""
        found = points.copy()
        for lid in self.lids:
            level = units.get(lid.name, 0.0)
            level -= SLIT * np.clip((level - 0.75) / 0.25, 0, 1)
            now = points[lid.moving] + level * lid.travel
            arm = now - lid.centre
            away = np.linalg.norm(arm, axis=1)
            slant = np.degrees(np.arccos(np.clip(-arm[:, 1] / away, -1, 1)))
            ball = lid.radius * (1 + CORNEA * np.clip(1 - (slant / LIMBUS) ** 2, 0, 1) ** 1.2) + THICK
            ready = np.clip(level / 0.35, 0, 1)
            lift = np.maximum(ball - away, 0) * lid.outer * ready
            now += arm / away[:, None] * lift[:, None]
            found[lid.moving] = now
            self._lead_lashes(lid, found, level)
        return found

    @staticmethod
    def _lead_lashes(lid: Lid, points: Floats, level: float) -> None:
        """Upper lashes start from the lid's edge, not from below it, and turn down with it; in place."""
        roots = points[lid.lashes[0]]
        shift = points[lid.edge] - roots
        shift *= np.clip((0.003 - np.abs(shift[:, :1])) / 0.002, 0, 1)  # none where the lid has ended
        shift[:, 0] = 0.0
        for _ in range(2):
            padded = np.pad(shift, ((1, 1), (0, 0)), mode="edge")
            shift = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
        angle = np.radians(DROOP) * level
        turn = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
        points[lid.lashes] = roots + shift + SHORT * (points[lid.lashes] - roots) @ turn.T

    def painted(self, count: int) -> dict[str, Floats]:
        """Attribute name -> value per base vertex: how far a blink moves it; the edge of the upper lid."""
        blink, line = np.zeros(count), np.zeros(count)
        for lid in self.lids:
            blink[lid.moving] = lid.share * (lid.outer > 0)
            line[lid.rim] = 1.0
        return {"blink": blink, "lash line": line}


def _rim(points: Floats, skin: Ints, columns: Floats) -> Ints:
    """The lowest vertex of the lid's skin in each column, places on the x axis."""
    beside = np.abs(points[skin, 0][None] - columns[:, None])
    return np.asarray(skin[(points[skin, 2][None] + BESIDE * beside).argmin(axis=1)])
