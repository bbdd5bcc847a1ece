"""What a build has come to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..package.manifest import Manifest
from .articulation import talks
from .crops import mouth_mask
from .footage import SHORTEST, Footage
from .lip_model import LipModel

LAST = 0.2
"""Share of the footage, at its end, that the lips are judged on."""


@dataclass(frozen=True, slots=True)
class LipQuality:
    """How near the drawn mouth is to the filmed one where it should be the same."""

    psnr: float
    """dB inside the mask."""

    sharpness: float
    """Mean absolute Laplacian of the drawn mouth over that of the filmed one; 1 is as sharp as filmed."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build has come to."""

    target: Path
    manifest: Manifest
    size: int
    """Bytes of the package."""

    lips: LipQuality
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
            f"  lips      {self.lips.psnr:.1f} dB, sharpness {self.lips.sharpness:.2f} of the filmed mouth "
            "(last fifth of the footage)",
            f"  mouth     gain {self.manifest.mouth.gain[0]:.2f}",
            f"  took      {total / 60:.1f} min ("
            + ", ".join(f"{stage} {seconds:.0f} s" for stage, seconds in self.seconds.items())
            + ")",
            *(f"  note: {note}" for note in self.notes),
        ]


def look_at_lips(lips: LipModel, crops: NDArray[np.uint8], weights: NDArray[np.float32]) -> LipQuality:
    """Draw the last part of the footage and compare.

    `crops` has shape (n, size, size, 3), `weights` (n, k), NaN where there is no face.
    """
    seen = np.flatnonzero(np.isfinite(weights).all(axis=1))
    seen = seen[int((1 - LAST) * len(seen)) :]
    mask = mouth_mask(crops.shape[1]) > 0.5
    errors, drawn_detail, filmed_detail = [], 0.0, 0.0
    for some in np.array_split(seen, max(1, len(seen) // 64)):
        drawn = lips.draw(weights[some], lips.encode(crops[some])).astype(np.float32) / 255
        filmed = crops[some].astype(np.float32) / 255
        errors.append(((drawn - filmed)[:, mask] ** 2).mean(axis=(1, 2)))
        drawn_detail += float(_detail(drawn)[:, mask].sum())
        filmed_detail += float(_detail(filmed)[:, mask].sum())
    psnr = -10 * np.log10(max(float(np.mean(np.concatenate(errors))), 1e-10))
    return LipQuality(psnr, drawn_detail / max(filmed_detail, 1e-9))


def report(
    footage: Footage,
    target: Path,
    manifest: Manifest,
    quality: LipQuality,
    weights: NDArray[np.floating[Any]],
    seconds: dict[str, float],
) -> BuildReport:
    """Put the report together; `weights` are all mouth weights measured on the footage."""
    notes = []
    if not talks(weights):
        notes.append(
            "the mouth hardly opens in this footage, so teeth and open lips are guessed; "
            "film the person talking for a minute"
        )
    if footage.has_alpha:
        notes.append("the footage has a matte, which is not used yet: the background is baked in")
    if footage.duration < 5 * SHORTEST:
        notes.append(
            f"{footage.duration:.0f} s of footage; a minute or more of talking gives better lips "
            "and a longer loop"
        )
    return BuildReport(target, manifest, target.stat().st_size, quality, seconds, tuple(notes))


def _detail(pictures: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Absolute Laplacian of the grey levels, shape (n, size, size)."""
    grey = np.pad(pictures.mean(axis=3, dtype=np.float32), ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    return np.asarray(np.abs(4 * grey[:, 1:-1, 1:-1] - around), np.float32)
