"""How good an avatar's lips are: the last fifth of the film, rebuilt as a player shows it, against the film.

Every frame is made as for a viewer: the clip's picture with the resting mouth, at the size of the first
variant, the drawn patch laid over it by the player's own kernel. Only the clips' encoding is left out. The
mouth weights are those measured on the film, so that the lips are judged and not who drives them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..kernels.mouth import draw_mouth
from ..settings import FPS
from . import tracks
from .baking import Donor, bake, take_donors
from .faces import Faces
from .footage import Footage, Picture, pictures, resize
from .landmarks import FaceFinder
from .lips import measures
from .lips.export import in_cells
from .lips.fields import window
from .lips.model import LipModel
from .lips.references import cut_references
from .mouthspace import WEIGHTS
from .progress import BuildProgress
from .rest import LIPS, RestPlan
from .variants import View

Real = NDArray[np.floating[Any]]

SHOWN = 0.5
"""Share of the patch from which on a pixel belongs to the mouth region."""

STILL = 0.25
"""Share of the frames, those whose mouth weights change least, that count as still moments."""

SAMPLES = 7
"""Frames kept to be looked at, from the least open mouth to the widest."""

LEAST = 8
"""Frames below which there is nothing to judge by."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of an evaluation, and what it should come to."""

    name: str
    title: str
    unit: str
    digits: int
    aim: float | None
    """None where only a comparison with other builds tells something."""

    more_is_better: bool

    def is_met(self, value: float) -> bool:
        """Whether `value` is as good as it should be."""
        if self.aim is None:
            return True
        return value >= self.aim if self.more_is_better else value <= self.aim

    def wanted(self) -> str:
        """The aim in words."""
        if self.aim is None:
            return ""
        return f"{'at least' if self.more_is_better else 'at most'} {self.aim:g}"


MEASURES = (
    Measure("psnr", "likeness (PSNR)", " dB", 1, 29.0, True),
    Measure("ssim", "structure (SSIM)", "", 3, None, True),
    Measure("landmarks", "lip landmarks off by", " % of the mouth's width", 1, 2.5, False),
    Measure("sharpness", "sharpness inside the lips", " of the film's", 2, 0.85, True),
    Measure("region_sharpness", "sharpness of the mouth region", " of the film's", 2, None, True),
    Measure("flicker", "flicker in still moments", " of the film's", 2, 1.0, False),
    Measure("seam", "slope across the border", " of the film's", 2, 1.1, False),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One frame to look at, around the mouth."""

    second: float
    filmed: Picture
    rebuilt: Picture


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Rebuilt frames against filmed ones which the lips never saw."""

    frames: int
    start: float
    """Seconds of the film at which they begin."""

    size: tuple[int, int]
    """Width and height of the frames compared."""

    psnr: float
    """dB, in the mouth region: where the patch is shown by more than half."""

    ssim: float
    """Structural similarity there, 1 at best."""

    landmarks: float
    """Mean distance of the lip landmarks found in both, in % of the mouth's width; NaN if there are none."""

    sharpness: float
    """Mean absolute Laplacian inside the lips' outline, over the filmed one's."""

    region_sharpness: float
    """The same in the whole mouth region."""

    flicker: float
    """Change from frame to frame in still moments, over the filmed one's."""

    seam: float
    """Slope across the patch's border, over the filmed one's at the same place."""

    samples: tuple[Sample, ...]

    def table(self) -> list[tuple[Measure, float, bool]]:
        """Every measure, what it came to, and whether that is what it should."""
        values = [(measure, float(getattr(self, measure.name))) for measure in MEASURES]
        return [(measure, value, measure.is_met(value)) for measure, value in values]

    def lines(self) -> list[str]:
        """The table as it is printed."""
        end = self.start + self.frames / FPS
        width, height = self.size
        title = (
            f"held out  {self.frames} frames from {self.start:.1f} to {end:.1f} s, never seen in training, "
            f"rebuilt at {width}x{height}"
        )
        rows = [
            f"  {measure.title:<30} {value:>6.{measure.digits}f}{measure.unit:<24}"
            + (f"{measure.wanted()}: {'met' if good else 'missed'}" if measure.wanted() else "")
            for measure, value, good in self.table()
        ]
        return [title, *(row.rstrip() for row in rows)]

    def to_json(self) -> str:
        """The figures, for programs; null for what could not be measured."""
        figures = {
            measure.name: {
                "value": round(value, 4) if math.isfinite(value) else None,
                "aim": measure.aim,
                "met": good,
            }
            for measure, value, good in self.table()
        }
        about = {"frames": self.frames, "start": round(self.start, 3), "size": list(self.size)}
        return json.dumps({**about, "figures": figures}, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class Filmed:
    """What a build knows of its film and of the mouth at rest in it."""

    footage: Footage
    faces: Faces
    resting: RestPlan
    closed: Picture
    """Shape (n, size, size, 3): the mouth of every frame at rest."""

    drivable: NDArray[np.float32]
    mask: NDArray[np.float32]


def evaluate(
    film: Filmed,
    lips: LipModel,
    held: NDArray[np.intp],
    size: tuple[int, int],
    progress: BuildProgress | None = None,
) -> Evaluation | None:
    """Judge `lips` by the frames `held` of the film, at `size` (width, height). None if they are too few."""
    progress = progress or BuildProgress()
    if len(held) < LEAST:
        return None
    weights = film.faces.weights
    tally = _Tally()
    chosen = held[np.argsort(weights[held, WEIGHTS.index("lip_gap")])]
    kept = set(chosen[np.linspace(0, len(held) - 1, SAMPLES).astype(int)].tolist())
    moved = np.abs(np.diff(weights[held], axis=0)).sum(axis=1)
    still = held[1:][(moved <= np.quantile(moved, STILL)) & (np.diff(held) == 1)]
    samples: list[tuple[float, Sample]] = []
    before: tuple[Picture, Picture] | None = None
    with FaceFinder() as there, FaceFinder() as here:
        for frame, filmed, rebuilt, mask in progress.over(_rebuilt(film, lips, held, size), len(held)):
            found = there.find(filmed), here.find(rebuilt)
            inside = tally.look(filmed, rebuilt, mask, found)
            if before is not None and frame in still:
                tally.moved(filmed, rebuilt, before, mask > SHOWN)
            before = filmed, rebuilt
            if frame in kept:
                samples.append(
                    (
                        float(weights[frame, WEIGHTS.index("lip_gap")]),
                        Sample(frame / FPS, filmed[inside].copy(), rebuilt[inside].copy()),
                    )
                )
    samples.sort(key=lambda pair: pair[0])
    return tally.result(int(held[0]), size, tuple(sample for _, sample in samples))


def _rebuilt(
    film: Filmed, lips: LipModel, held: NDArray[np.intp], size: tuple[int, int]
) -> Iterator[tuple[int, Picture, Picture, NDArray[np.float32]]]:
    """Frame number, the filmed picture, the rebuilt one, and the patch's share in it, frame after frame."""
    points, width = film.faces.points, film.footage.width
    donors: list[Donor] = take_donors(pictures(film.footage), film.resting, points)
    affines = tracks.scaled(film.faces.affine, size[0] / width)
    view = View(*size, 0, 0, width, film.footage.height)
    (cut,) = cut_references(film.footage, film.faces.affine, lips.references, {"": view}).values()
    references = np.zeros((*cut.shape[:3], 4), np.uint8)
    references[..., :3] = cut[..., ::-1]
    share, inside, crop = in_cells(film.mask), window(len(film.mask)), len(film.mask)
    skin, inner = lips.fields(film.faces.weights[held])
    place = {int(frame): number for number, frame in enumerate(held)}
    for frame, picture in enumerate(pictures(film.footage)):
        if frame not in place:
            continue
        number = place[frame]
        baked = resize(bake(picture, frame, film.resting, donors, points), *size)
        canvas = np.empty((size[1], size[0], 4), np.uint8)
        canvas[..., :3], canvas[..., 3] = baked[..., ::-1], 255
        fields, opacity = (skin[number], inner[number]), float(film.drivable[frame])
        draw_mouth(canvas, *fields, share, references, inside, crop, affines[frame], opacity)
        mask = np.asarray(cv2.warpAffine(film.mask, affines[frame], size), np.float32)
        yield frame, resize(picture, *size), np.ascontiguousarray(canvas[..., 2::-1]), mask
        if frame == held[-1]:
            return


class _Tally:
    """Adds up what is seen in every frame."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []
        self._apart: list[float] = []
        self._changes: list[tuple[float, float]] = []

    def look(
        self, filmed: Picture, rebuilt: Picture, mask: NDArray[np.float32], found: tuple[Real | None, ...]
    ) -> tuple[slice, slice]:
        """Compare one frame; returns the window of it that holds the patch."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        inside = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        a, b, share = filmed[inside], rebuilt[inside], mask[inside]
        region, mouth = share > SHOWN, share > SHOWN
        there, here = found
        if there is not None:
            corner = (columns[0], rows[0])
            outline = cv2.convexHull((there[list(LIPS), :2] - corner).astype(np.float32))
            hull = np.zeros(region.shape, np.uint8)
            cv2.fillConvexPoly(hull, np.rint(np.asarray(outline)).astype(np.int32), (1,))
            mouth = region & (hull > 0) if (region & (hull > 0)).any() else region
            if here is not None:
                wide = float(np.linalg.norm(there[61, :2] - there[291, :2]))
                off = np.linalg.norm(here[list(LIPS), :2] - there[list(LIPS), :2], axis=1).mean()
                self._apart.append(float(off) / wide)
        self._rows.append(
            (
                measures.squared_error(b, a, region),
                measures.likeness(b, a, region),
                measures.detail(b, mouth),
                measures.detail(a, mouth),
                measures.detail(b, region),
                measures.detail(a, region),
                measures.across_border(b, share),
                measures.across_border(a, share),
            )
        )
        return inside

    def moved(self, filmed: Picture, rebuilt: Picture, before: tuple[Picture, Picture], where: Any) -> None:
        """Compare how much changed since the frame before."""
        self._changes.append(
            (measures.change(rebuilt, before[1], where), measures.change(filmed, before[0], where))
        )

    def result(self, first: int, size: tuple[int, int], samples: tuple[Sample, ...]) -> Evaluation:
        """What it has come to."""
        error, ssim, fine, fine_was, wide, wide_was, seam, seam_was = np.mean(self._rows, axis=0)
        change, change_was = np.mean(self._changes, axis=0) if self._changes else (np.nan, 1.0)
        return Evaluation(
            frames=len(self._rows),
            start=first / FPS,
            size=size,
            psnr=measures.psnr(float(error)),
            ssim=float(ssim),
            landmarks=100 * float(np.mean(self._apart)) if self._apart else float("nan"),
            sharpness=float(fine / max(fine_was, 1e-6)),
            region_sharpness=float(wide / max(wide_was, 1e-6)),
            flicker=float(change / max(change_was, 1e-6)),
            seam=float(seam / max(seam_was, 1e-6)),
            samples=samples,
        )
