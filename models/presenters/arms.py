"""Arms and hands: bones at the base mesh's joints, placed by where the wrists shall be, moving the mesh.

Two-bone inverse kinematics finds the elbow; everything is then kept as one rotation vector per bone, so
that a gesture is a straight line between two poses, and linear blend skinning carries the mesh along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from .human import Floats, Human

FINGERS = ("1", "2", "3", "4", "5")
CHAIN = (
    ("clavicle", "clavicle", None), ("shoulder01", "shoulder", "clavicle"),
    ("upperarm01", "shoulder", "shoulder01"), ("upperarm02", "shoulder", "upperarm01"),
    ("lowerarm01", "elbow", "upperarm02"), ("lowerarm02", "elbow", "lowerarm01"),
    ("wrist", "hand", "lowerarm02"),
    *((f"metacarpal{k}", "hand", "wrist") for k in (1, 2, 3, 4)),
    ("finger1-1", "finger-1-1", "wrist"),
    *((f"finger{k}-1", f"finger-{k}-1", f"metacarpal{k - 1}") for k in (2, 3, 4, 5)),
    *((f"finger{k}-{j}", f"finger-{k}-{j}", f"finger{k}-{j - 1}") for j in (2, 3) for k in (1, 2, 3, 4, 5)),
)  # fmt: skip
"""Bone, the joint it turns about, its parent; parents first."""

TWIST = {"lowerarm01": 0.30, "lowerarm02": 0.55}
"""Share of the hand's roll that the forearm's halves take: the second turns beyond the first."""

SHOULDER = 0.10
"""Share of the upper arm's turn that the shoulder takes."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the left wrist is and how the hand lies; the right one mirrors it."""

    wrist: tuple[float, float, float]
    """Metres."""
    elbow: tuple[float, float, float]
    """Direction into which the elbow points, seen from the line shoulder to wrist."""
    fingers: tuple[float, float, float]
    """Direction from the wrist to the knuckles."""
    palm: tuple[float, float, float]
    """Direction into which the palm looks."""
    curl: tuple[float, float, float, float, float] = (0.25, 0.3, 0.35, 0.4, 0.45)
    """Bend of thumb to little finger, radians at each joint."""
    spread: float = 0.0
    """Radians between neighbouring fingers."""
    thumb: float = 0.0
    """Radians by which the thumb leaves the palm."""
    uneven: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Metres from the left wrist's mirror image to the right one: nobody is symmetric."""


Turns = dict[str, Floats]
"""Bone name with side -> rotation vector in its parent's frame, shape (3,)."""


class Arms:
    """The bones of both arms, with the poses they rest in and open to."""

    def __init__(self, human: Human, rest: Reach, opened: Reach) -> None:
        self.human = human
        self.pivots = {
            f"{bone}.{side}": human.joint(f"joint-{side.lower()}-{joint}")
            for side in "LR"
            for bone, joint, _ in CHAIN
        }
        self.parents = {
            f"{bone}.{side}": parent and f"{parent}.{side}" for side in "LR" for bone, _, parent in CHAIN
        }
        names = list(self.parents)
        count = len(human.rest)
        total = np.full(count, 1e-9)
        share = np.zeros((count, len(names)))
        for bone, pairs in human.bones.items():
            where, weight = np.array(pairs, dtype=float).reshape(-1, 2).T
            total[where.astype(int)] += weight
            if bone in names:
                share[where.astype(int), names.index(bone)] += weight
        self.share: Floats = share / total[:, None]
        """Shape (vertices, bones); what is missing to 1 stays."""
        self.names = names
        self.rest, self.opened = self._turns(rest), self._turns(opened)

    def _turns(self, reach: Reach) -> Turns:
        """The rotations that bring both hands there."""
        found: Turns = {}
        for side, mirror in (("L", 1.0), ("R", -1.0)):
            found.update(self._side(reach, side, np.array([mirror, 1.0, 1.0])))
        return found

    def _side(self, reach: Reach, side: str, mirror: Floats) -> Turns:
        def joint(name: str) -> Floats:
            return self.human.joint(f"joint-{side.lower()}-{name}")

        shoulder, elbow, hand = joint("shoulder"), joint("elbow"), joint("hand")
        upper, lower = np.linalg.norm(elbow - shoulder), np.linalg.norm(hand - elbow)
        goal = np.array(reach.wrist) * mirror - shoulder
        if side == "R":
            goal = goal + reach.uneven
        away = float(np.minimum(np.linalg.norm(goal), 0.999 * (upper + lower)))
        along = goal / np.linalg.norm(goal)
        out = np.array(reach.elbow) * mirror
        out = _unit(out - along * (out @ along))
        x = (upper**2 - lower**2 + away**2) / (2 * away)
        new_elbow = along * x + out * np.sqrt(np.maximum(upper**2 - x**2, 0.0))
        first = _between(elbow - shoulder, new_elbow)
        second = _between(first.apply(hand - elbow), along * away - new_elbow) * first

        knuckle = joint("finger-3-1") - hand
        across = joint("finger-2-1") - joint("finger-5-1")
        before = _frame(knuckle, np.cross(knuckle, across) * mirror[0])
        after = _frame(np.array(reach.fingers) * mirror, np.array(reach.palm) * mirror)
        turned = Rotation.from_matrix(after @ before.T)
        axis = _unit(along * away - new_elbow)
        quaternion = (turned * second.inv()).as_quat()
        roll = 2 * np.arctan2(quaternion[:3] @ axis, quaternion[3])
        roll = (roll + np.pi) % (2 * np.pi) - np.pi

        half = Rotation.from_rotvec(first.as_rotvec() * SHOULDER)
        world = {
            "clavicle": Rotation.identity(), "shoulder01": half, "upperarm01": first, "upperarm02": first,
            "lowerarm01": Rotation.from_rotvec(axis * roll * TWIST["lowerarm01"]) * second,
            "lowerarm02": Rotation.from_rotvec(axis * roll * sum(TWIST.values())) * second,
            "wrist": turned,
        }  # fmt: skip
        turns: Turns = {}
        for bone, _, parent in CHAIN:
            if bone in world:
                mine = world[bone]
                over = world[parent] if parent else Rotation.identity()
                turns[f"{bone}.{side}"] = (over.inv() * mine).as_rotvec()
        hinge = _unit(np.cross(knuckle, before[:, 1]))  # bends the fingers towards the palm
        for k, bend in zip(FINGERS, reach.curl, strict=True):
            for part in "123":
                turns[f"finger{k}-{part}.{side}"] = hinge * bend * (0.6 if k == "1" else 1.0)
            if k == "1":
                turns[f"finger1-1.{side}"] = before[:, 1] * reach.thumb * mirror[0]
            else:
                sideways = before[:, 1] * reach.spread * (3.4 - int(k)) * mirror[0]
                turns[f"finger{k}-1.{side}"] = turns[f"finger{k}-1.{side}"] + sideways
        return turns

    def at(self, opened: float) -> Turns:
        """The pose on the straight way from rest, 0, to opened, 1."""
        return {name: turn + opened * (self.opened[name] - turn) for name, turn in self.rest.items()}

    def matrices(self, turns: Turns, share: float = 1.0) -> Floats:
        """Shape (bones, 3, 4); share scales every rotation: 0 is the base mesh's own pose."""
        found: dict[str, Floats] = {}
        for name in self.names:
            parent = self.parents[name]
            over = found[parent] if parent else np.eye(4)[:3]
            pivot = self.pivots[name]
            spin = Rotation.from_rotvec(turns.get(name, np.zeros(3)) * share).as_matrix()
            local = np.concatenate([spin, (pivot - spin @ pivot)[:, None]], axis=1)
            found[name] = over[:, :3] @ local + np.concatenate([np.zeros((3, 3)), over[:, 3:]], axis=1)
        return np.stack([found[name] for name in self.names])

    def blended(self, matrices: Floats, share: Floats) -> Floats:
        """One matrix per point, shape (n, 3, 4), for weights (n, bones)."""
        still = np.eye(4)[:3]
        found: Floats = np.einsum("nb,bij->nij", share, matrices - still) + still
        return found

    def carried(self, points: Floats, share: Floats, turns: Turns, part: float = 1.0) -> Floats:
        """Points with weights (n, bones), from the base mesh's own pose, 0, to turns, 1."""
        matrix = self.blended(self.matrices(turns, part), share)
        found: Floats = np.einsum("nij,nj->ni", matrix[:, :, :3], points) + matrix[:, :, 3]
        return found

    def posed(self, points: Floats, turns: Turns) -> Floats:
        """All base vertices with the arms turned."""
        moved = points.copy()
        some = np.nonzero(self.share.sum(axis=1) > 1e-6)[0]
        moved[some] = self.carried(points[some], self.share[some], turns)
        return moved


def carried_over(points: Floats, values: Floats, places: Floats) -> Floats:
    """Values of points at other places nearby."""
    distance, nearest = cKDTree(points).query(places, k=4)
    share = 1 / np.maximum(distance, 1e-5) ** 2
    share /= share.sum(axis=1, keepdims=True)
    found: Floats = np.einsum("nk,nkx->nx", share, values[nearest])
    return found


def _unit(vector: Floats) -> Floats:
    found: Floats = vector / np.linalg.norm(vector)
    return found


def _frame(forward: Floats, towards: Floats) -> Floats:
    """Columns forward, palm, and their cross product."""
    x = _unit(forward)
    y = _unit(towards - x * (towards @ x))
    return np.stack([x, y, np.cross(x, y)], axis=1)


def _between(a: Floats, b: Floats) -> Rotation:
    """The smallest rotation that takes direction a to direction b."""
    a, b = _unit(a), _unit(b)
    axis = np.cross(a, b)
    sine, cosine = np.linalg.norm(axis), a @ b
    return Rotation.from_rotvec(axis / max(float(sine), 1e-9) * np.arctan2(sine, cosine))
