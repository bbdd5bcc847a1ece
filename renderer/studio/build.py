"""From a film of a person to an avatar package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import StudioError
from ..package.writer import write_package
from ..settings import FPS
from . import rest, tracks
from .articulation import talking
from .body import close_mouths, make_clips, match_light
from .clips import MOST_BITS
from .covered import covered
from .crops import SIZE
from .evaluation import Evaluation, Filmed, evaluate
from .extent import find_extent
from .faces import Faces, cut_crops, find_faces, sharp_frames
from .filling import fill_package
from .footage import LARGEST_SIDE, Footage, Picture, check_length, probe
from .gestures import BodyMotion
from .lips.model import LipModel
from .lips.training import STEP_TAKES, STEPS, train_lips
from .log import BuildLog
from .loops import VISIBLE, looks
from .masks import person_mask
from .matte.cutout import Background, background_of, cut_out, screen_note
from .mouthspace import without_pose
from .options import BuildOptions, id_of
from .progress import BuildProgress
from .report import BuildReport, last_part, look_at_lips, report
from .segment_file import read_segments
from .segments import Segment, find_segments
from .variants import View, needs_extent, spelt_out, views_of, wanted_of, working_side
from .work import WorkFolder

LONGEST_CLIPS = 120.0
"""Seconds of all clips together, gestures included, that room is kept for."""

LEARNED = 0.5
"""Frames that can be driven less than this show the lips nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a film offers, before anything is made of it."""

    footage: Footage
    faces: Faces
    crops: Picture
    """Shape (n, size, size, 3): the mouth of every frame."""

    drivable: NDArray[np.float32]
    """Shape (n,): how far the mouth may be drawn, 0 (covered, turned away) to 1."""

    aside: NDArray[np.bool_]
    """Shape (n,): frames whose mouth is pulled aside, which its weights do not tell."""

    mask: NDArray[np.float32]
    """Shape (size, size): the share of a drawn mouth that is shown."""

    look: NDArray[np.float32]
    """Shape (n, d): what frames are compared by (loops.looks)."""

    segments: list[Segment]
    background: Background
    """What became of what is behind the person."""


def plan_avatar(
    path: Path,
    work: WorkFolder,
    progress: BuildProgress,
    segments: Path | None = None,
    picked: Sequence[float] | None = None,
    background: Background | None = None,
    matte: Path | None = None,
    side: int = LARGEST_SIDE,
) -> Plan:
    """Look through a film: where the face and its mouth are, and which stretches become clips.

    `segments` is a file in which a person chose those (segment_file.py), `picked` are seconds at which the
    mouth is at rest. `background` is what becomes of it, and `matte` a film of the matte (matte.cutout). The
    film is worked on at a short side of `side` pixels at most. Raises StudioError if the film is not fit for
    an avatar, or the choice not for the film.
    """
    filmed = probe(path, side)
    ground = background_of(filmed, background, matte)
    faces = find_faces(filmed, work, progress, picked)
    footage = cut_out(filmed, ground, matte, work, progress)
    crops = cut_crops(footage, faces, work, progress)
    drivable = tracks.drivable(faces.points, covered(crops, faces.points, faces.affine))
    if not (faces.found & (drivable >= LEARNED)).any():
        raise StudioError(f"{path}: the mouth can be seen in no frame; film it with nothing before it")
    look = looks(faces.greys, faces.points)
    motion = BodyMotion(faces.greys, faces.points, footage.width)
    found = find_segments(look, 1.0 - drivable, motion, talking(faces.weights).astype(np.float32))
    chosen = found if segments is None else read_segments(segments, look, found)
    mask = person_mask(faces.points, faces.affine, drivable, crops.shape[1])
    aside = rest.pulled_aside(without_pose(faces.points), drivable, faces.rest.model)
    return Plan(footage, faces, crops, drivable, aside, mask, look, chosen, ground)


def plan_views(
    plan: Plan, words: Sequence[str], work: WorkFolder, progress: BuildProgress
) -> tuple[dict[str, View], list[str]]:
    """What every variant shows of the film, and what could not be had of what was asked for."""
    footage, extent = plan.footage, None
    if needs_extent(words, footage.width, footage.height):
        progress.begin("measuring the person")
        extent = find_extent(footage, plan.faces.points, work)
    return views_of(words, footage.width, footage.height, extent)


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
    filmed = probe(path, working_side(options.variants))
    check_length(filmed)
    expected = expected_seconds(filmed, options)
    progress.expect(expected)
    work = WorkFolder(path, options.work)
    work.check_room(room_needed(filmed, options))
    with BuildLog(options.log or work.path("build.log")) as log, work.told_if_full():
        progress.tell = log.write
        cv2.setNumThreads(options.jobs)
        log.begin(f"{path} -> {target}", str(filmed), str(options))
        log.write(f"expected: {sum(expected.values()):.0f} s")
        result = _build(filmed, target, name, options, work, progress)
        for line in result.lines():
            log.write(line)
    work.done()
    return result


def _build(
    filmed: Footage,
    target: Path,
    name: str,
    options: BuildOptions,
    work: WorkFolder,
    progress: BuildProgress,
) -> BuildReport:
    path, side = filmed.path, working_side(options.variants)
    plan = plan_avatar(
        path, work, progress, options.segments, options.rest, options.background, options.matte, side
    )
    footage, faces, drivable = plan.footage, plan.faces, plan.drivable
    views, notes = plan_views(plan, options.variants, work, progress)
    resting = rest.plan_rest(
        faces.points, faces.weights, faces.affine, drivable, sharp_frames(plan.crops), faces.rest.model
    )
    resting = match_light(footage, faces, resting, work, progress)
    closed = close_mouths(footage, faces, resting, work, progress)
    judged = judge_lips(plan, closed, resting, views, options, work, progress) if options.evaluate else None
    lips = learn_lips(plan, closed, options, work, progress)
    body = make_clips(footage, faces, plan.segments, resting, drivable, views, work, progress, options.jobs)
    progress.begin("filling the package")
    draft = fill_package(footage, faces, lips, body, plan.mask, views, name, options)
    work.check_footage()
    manifest = write_package(body.folder, draft, target)
    progress.end()
    figures = look_at_lips(lips, plan.crops, closed, taught(plan))
    seen = [some.name for some in plan.segments if some.closes and some.apart(plan.look) > VISIBLE]
    if plan.background == "keep":
        notes.extend(filter(None, [screen_note(filmed)]))
    missing = filmed.duration - len(faces.points) / FPS
    if missing > max(1.0, 0.02 * filmed.duration):
        notes.append(f"{missing:.1f} s of the film could not be read; it is damaged, copy or record it again")
    weights, took = faces.weights, progress.took
    return report(filmed, target, manifest, figures, judged, weights, drivable, seen, took, notes)


def learn_lips(
    plan: Plan, closed: Picture, options: BuildOptions, work: WorkFolder, progress: BuildProgress
) -> LipModel:
    """The network that draws this person's mouth.

    `closed`, shape (n, size, size, 3), is the mouth of every frame at rest: all that a clip shows of it.
    """
    progress.begin("learning the lips")
    return _learn(plan, taught(plan), closed, options, work.path("lips"), progress)


def judge_lips(
    plan: Plan,
    closed: Picture,
    resting: rest.RestPlan,
    views: dict[str, View],
    options: BuildOptions,
    work: WorkFolder,
    progress: BuildProgress,
) -> Evaluation | None:
    """How well a network draws the last fifth of the film that learned from the rest alone.

    None if the film shows too little.
    """
    progress.begin("learning from four fifths")
    weights = taught(plan)
    last = last_part(weights)
    weights[last] = np.nan
    lips = _learn(plan, weights, closed, options, work.path("lips-held-out"), progress)
    progress.begin("judging the lips")
    film = Filmed(plan.footage, plan.faces, resting, closed, plan.drivable, plan.mask)
    first = next(iter(views.values()))
    # a cropped variant is judged on the whole picture at its scale: the mouth is the same
    scale = first.width / first.across
    size = round(plan.footage.width * scale), round(plan.footage.height * scale)
    return evaluate(film, lips, last, size, progress)


def _learn(
    plan: Plan,
    weights: NDArray[np.float32],
    closed: Picture,
    options: BuildOptions,
    folder: Path,
    progress: BuildProgress,
) -> LipModel:
    return train_lips(
        plan.crops,
        weights,
        plan.faces.rest.shown,
        folder,
        around=closed,
        mask=plan.mask,
        minutes=options.minutes,
        progress=lambda share, _: progress.advance(share),
    )


def taught(plan: Plan) -> NDArray[np.float32]:
    """The mouth weights of the frames that show a mouth to learn from, NaN elsewhere; shape (n, 10)."""
    weights = plan.faces.weights.copy()
    weights[(plan.drivable < LEARNED) | plan.aside] = np.nan
    return weights


def room_needed(footage: Footage, options: BuildOptions) -> int:
    """Bytes that a build takes in its work folder, about: crops, the parted film, the clips."""
    seconds, pixels = footage.duration, footage.width * footage.height
    crops = 2 * SIZE * SIZE * 3 + 478 * 12 + 20_000
    parted = background_of(footage, options.background, options.matte) != "keep"
    sizes = [wanted_of(word).short for word in spelt_out(options.variants)]
    shape = max(footage.width, footage.height) / min(footage.width, footage.height)
    clips = sum(min(side, footage.width, footage.height) ** 2 * shape for side in sizes) * MOST_BITS / 8
    return round(
        50e6 + seconds * FPS * (crops + 0.15 * pixels * parted) + min(seconds, LONGEST_CLIPS) * clips
    )


def expected_seconds(footage: Footage, options: BuildOptions) -> dict[str, float]:
    """What the stages may take, from builds on two cores at 2.45 GHz."""
    frames, pixels = footage.duration * 25, footage.width * footage.height
    background = background_of(footage, options.background, options.matte)
    learning = min(60.0 * options.minutes, STEPS * STEP_TAKES)
    return {
        "finding the face": 0.02 * frames,
        "following the head": 0.015 * frames,
        **({} if background == "keep" else {"cutting out the person": 2.5e-7 * pixels * frames}),
        "cutting out the mouth": 0.012 * frames,
        "matching the light": 0.03 * frames,
        "closing the mouth": 0.03 * frames,
        **({"learning from four fifths": learning} if options.evaluate else {}),
        **({"judging the lips": 0.05 * frames} if options.evaluate else {}),
        "learning the lips": learning,
        "making the clips": (0.04 + 0.06 * len(options.variants)) * min(1.5 * frames, 2000),
        "filling the package": 10.0,
    }
