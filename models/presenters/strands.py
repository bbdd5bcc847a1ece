"""Hair of every kind: curves that grow from triangles of the base mesh and ride on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .human import Floats, Ints


def frames(points: Floats, triangles: Ints) -> NDArray[np.float64]:
    """An orthonormal frame (edge, across, normal) per triangle, shape (n, 3 axes, 3)."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    edge = b - a
    edge /= np.maximum(np.linalg.norm(edge, axis=1, keepdims=True), 1e-12)
    normal = np.cross(edge, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return np.stack([edge, np.cross(normal, edge), normal], axis=1)


@dataclass(frozen=True, slots=True)
class Strands:
    """Curves fixed to triangles, each with the same number of points."""

    triangles: Ints
    """Shape (n, 3), vertices of the base mesh under each root."""
    weights: Floats
    """Shape (n, 3), barycentric position of each root."""
    local: Floats
    """Shape (n, points, 3), curve points from the root, in the triangle's frame, metres."""
    radius: Floats
    """Shape (points,), metres."""

    @classmethod
    def grow(cls, base: Floats, triangles: Ints, weights: Floats, points: Floats, radius: Floats) -> Strands:
        """From world positions (n, points, 3) at rest."""
        roots = np.einsum("nk,nkx->nx", weights, base[triangles])
        local = np.einsum("nax,npx->npa", frames(base, triangles), points - roots[:, None])
        return cls(triangles, weights, local, radius)

    def positions(self, base: Floats) -> Floats:
        """World positions (n, points, 3) for one state of the base mesh."""
        roots = np.einsum("nk,nkx->nx", self.weights, base[self.triangles])
        bent = np.einsum("nax,npa->npx", frames(base, self.triangles), self.local)
        found: Floats = roots[:, None] + bent
        return found
