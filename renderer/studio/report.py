"""What a build has come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..package.manifest import Manifest
from ..settings import FPS
from .articulation import talks
from .evaluation import Evaluation
from .footage import SHORTEST, Footage, Picture
from .lips.figures import LipFigures, compare
from .lips.model import LipModel

LAST = 0.2
"""Share of the footage, at its end, that the lips are judged on."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build has come to."""

    target: Path
    manifest: Manifest
    size: int
    """Bytes of the package."""

    lips: LipFigures
    """Drawn mouths against filmed ones, on the last fifth of the footage, which was learned from too."""

    evaluation: Evaluation | None
    """How well mouths are drawn that were not learned from, if that was asked for."""

    seconds: dict[str, float]
    """What every stage took; next to nothing where an earlier build had done it."""

    notes: tuple[str, ...]
    """What the user should know about this footage."""

    def lines(self) -> list[str]:
        """The report as it is printed."""
        clips = ", ".join(
            f"{name} {clip.frames / float(self.manifest.rate):.1f} s"
            for name, clip in self.manifest.clips.items()
        )
        variants = ", ".join(f"{name} {v.width}x{v.height}" for name, v in self.manifest.variants.items())
        total = sum(self.seconds.values())
        return [
            f"{self.target}: {self.size / 1e6:.1f} MB, id {self.manifest.id}",
            f"  clips     {clips}",
            f"  variants  {variants}",
            f"  lips      {self.lips.psnr:.1f} dB, sharpness {self.lips.sharpness:.2f}, "
            f"flicker {self.lips.flicker:.2f} of the filmed mouth's (last fifth of the footage, as learned)",
            *(f"  {line}" for line in ([] if self.evaluation is None else self.evaluation.lines())),
            f"  mouth     gain {self.manifest.mouth.gain[0]:.2f}",
            f"  took      {total / 60:.1f} min ("
            + ", ".join(f"{stage} {seconds:.0f} s" for stage, seconds in self.seconds.items())
            + ")",
            *(f"  note: {note}" for note in self.notes),
        ]


def look_at_lips(lips: LipModel, crops: Picture, closed: Picture, weights: NDArray[np.float32]) -> LipFigures:
    """Draw the last part of the footage as a player does, and compare.

    `crops` and `closed` have shape (n, size, size, 3): the filmed mouth, and the resting one of the clips;
    `weights` (n, k) are NaN where no mouth is seen.
    """
    last = last_part(weights)
    drawn = lips.draw(weights[last], closed[last])
    return compare(drawn, crops[last], weights[last])


def last_part(weights: NDArray[np.floating[Any]]) -> NDArray[np.intp]:
    """The frames the lips are judged on: the last of those that show a face."""
    seen = np.flatnonzero(np.isfinite(weights).all(axis=1))
    return seen[int((1 - LAST) * len(seen)) :]


def report(
    footage: Footage,
    target: Path,
    manifest: Manifest,
    figures: LipFigures,
    evaluation: Evaluation | None,
    weights: NDArray[np.floating[Any]],
    drivable: NDArray[np.floating[Any]],
    open_clips: list[str],
    seconds: dict[str, float],
    more: Sequence[str] = (),
) -> BuildReport:
    """Put the report together.

    `weights` are all mouth weights measured on the footage, `drivable` (n,) how far each frame's mouth may
    be drawn; `open_clips` are those that close visibly; `more` is what else is to be said.
    """
    notes = [
        f"nowhere does the footage come back to where the {clip} clip begins, so its end may be seen; "
        "keep the camera still, and begin and end in the same posture"
        for clip in open_clips
    ]
    notes[:0] = more
    away = np.flatnonzero(drivable < 0.5)
    if len(away):
        notes.append(
            f"for {len(away) / FPS:.1f} s of the footage, first at {away[0] / FPS:.1f} s, the mouth is "
            "covered or turned away; the lips are let go of there"
        )
    if not talks(weights):
        notes.append(
            "the mouth hardly opens in this footage, so teeth and open lips are guessed; "
            "film the person talking for a minute"
        )
    if footage.duration < 5 * SHORTEST:
        notes.append(
            f"{footage.duration:.0f} s of footage; a minute or more of talking gives better lips "
            "and a longer loop"
        )
    return BuildReport(target, manifest, target.stat().st_size, figures, evaluation, seconds, tuple(notes))
