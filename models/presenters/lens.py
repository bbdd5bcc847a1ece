"""The camera as numbers: where it stands and where a point of the world appears in its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .human import Floats


@dataclass(frozen=True, slots=True)
class Camera:
    """A long lens straight ahead, framing head and chest."""

    width: int = 1280
    height: int = 720
    target: tuple[float, float, float] = (0.0, -0.10, 0.735)
    """What the centre of the picture looks at, metres."""
    distance: float = 2.4
    """From lens to target; long enough for a natural perspective."""
    view_width: float = 0.87
    """Metres across the picture at the target: 9 cm between outer eye corners give about 125 px."""
    lens_mm: float = 85.0
    above: float = 0.035
    """How much higher than the target the lens is, metres."""
    stop: float = 11.0
    """Lower blurs more of what is not in focus."""
    focus: float = -0.03
    """Metres beyond the target that are sharp: the eyes."""

    @property
    def position(self) -> Floats:
        """Where the lens is."""
        place: Floats = np.array(self.target) + np.array([0.0, -self.distance, self.above])
        return place

    @property
    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors right, up and forward of the picture."""
        forward = np.array(self.target) - self.position
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        return right, np.cross(right, forward), forward

    def project(self, points: Floats) -> Floats:
        """World points (n, 3) -> picture positions (n, 2) in pixels, y downwards, and depth (n, 3)."""
        right, up, forward = self.axes
        arm = points - self.position
        depth = arm @ forward
        scale = self.width * self.distance / self.view_width
        x = self.width / 2 + scale * (arm @ right) / depth
        y = self.height / 2 - scale * (arm @ up) / depth
        return np.stack([x, y, depth], axis=-1)
