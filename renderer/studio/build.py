"""From a film of a person to an avatar package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import StudioError
from ..package.writer import write_package
from . import rest, tracks
from .body import make_clips
from .crops import mouth_mask
from .faces import Faces, cut_crops, find_faces, sharp_frames
from .filling import fill_package
from .footage import Footage, Picture, probe
from .gestures import BodyMotion
from .lips.model import LipModel
from .lips.training import train_lips
from .loops import VISIBLE, looks
from .options import BuildOptions, id_of
from .progress import BuildProgress
from .report import BuildReport, last_part, look_at_lips, report
from .segment_file import read_segments
from .segments import Segment, find_segments
from .work import WorkFolder


@dataclass(frozen=True, slots=True)
class Plan:
    """What a film offers, before anything is made of it."""

    footage: Footage
    faces: Faces
    look: NDArray[np.float32]
    """Shape (n, d): what frames are compared by (loops.looks)."""

    segments: list[Segment]


def plan_avatar(
    path: Path,
    work: WorkFolder,
    progress: BuildProgress | None = None,
    segments: Path | None = None,
) -> Plan:
    """Look through a film: where the face is, and which stretches become clips.

    `segments` is a file in which a person chose (segment_file.py). Raises StudioError if the film is not
    fit for an avatar, or the choice not for the film.
    """
    footage = probe(path)
    faces = find_faces(footage, work, progress or BuildProgress())
    look = looks(faces.greys, faces.points)
    motion = BodyMotion(faces.greys, faces.points, footage.width)
    found = find_segments(look, 1.0 - tracks.drivable(faces.points), motion)
    chosen = found if segments is None else read_segments(segments, look, found)
    return Plan(footage, faces, look, chosen)


def build_avatar(
    path: Path, target: Path, options: BuildOptions, progress: BuildProgress | None = None
) -> BuildReport:
    """Build the package `target` from the film at `path`.

    Stages that an earlier, interrupted build of the same film finished are taken over. `target` appears
    whole or not at all. Raises StudioError if the film is not fit for it.
    """
    progress = progress or BuildProgress()
    name = id_of(target)
    if not target.parent.is_dir():
        raise StudioError(f"{target}: no such folder to put the avatar in; make it first")
    progress.expect(_expected_seconds(probe(path), options))
    work = WorkFolder(path, options.work)

    plan = plan_avatar(path, work, progress, options.segments)
    footage, faces = plan.footage, plan.faces
    crops = cut_crops(footage, faces, work, progress)
    lips = learn_lips(crops, faces, options, work, progress)
    drivable = tracks.drivable(faces.points, _unlike(lips, crops, faces))
    resting = rest.plan_rest(faces.points, faces.weights, faces.affine, drivable, sharp_frames(crops))
    body = make_clips(footage, faces, plan.segments, resting, drivable, options, work, progress)
    progress.begin("filling the package")
    draft = fill_package(footage, faces, lips, body, name, options)
    work.check_footage()
    manifest = write_package(body.folder, draft, target)
    progress.end()
    figures = look_at_lips(lips, crops, faces.weights)
    seen = [some.name for some in plan.segments if some.closes and some.apart(plan.look) > VISIBLE]
    work.done()
    return report(footage, target, manifest, figures, options.hold_out, faces.weights, seen, progress.took)


def learn_lips(
    crops: Picture, faces: Faces, options: BuildOptions, work: WorkFolder, progress: BuildProgress
) -> LipModel:
    """The network that draws this person's mouth."""
    progress.begin("learning the lips")
    weights = faces.weights.copy()
    if options.hold_out:
        weights[last_part(weights)] = np.nan
    return train_lips(
        crops,
        weights,
        faces.at_rest,
        work.path("lips-held-out" if options.hold_out else "lips"),
        minutes=options.minutes,
        progress=lambda share, _: progress.advance(share),
    )


def _unlike(lips: LipModel, crops: Picture, faces: Faces) -> NDArray[np.float64]:
    """Mean difference between the filmed mouth and the drawn one, shape (n,); 0 where there is no face."""
    inside = mouth_mask(crops.shape[1]) > 0.9
    unlike = np.zeros(len(crops))
    for some in np.array_split(np.flatnonzero(faces.found), max(1, len(crops) // 64)):
        drawn = lips.draw(faces.weights[some], lips.encode(crops[some]))
        unlike[some] = np.abs(drawn.astype(np.float32) - crops[some])[:, inside].mean(axis=(1, 2)) / 255
    return unlike


def _expected_seconds(footage: Footage, options: BuildOptions) -> dict[str, float]:
    """What the stages may take, from builds on two cores at 2.45 GHz."""
    frames = footage.duration * 25
    return {
        "finding the face": 0.02 * frames,
        "cutting out the mouth": 0.012 * frames,
        "learning the lips": 60.0 * options.minutes,
        "making the clips": (0.04 + 0.06 * len(options.variants)) * min(1.5 * frames, 2000),
        "filling the package": 10.0,
    }
