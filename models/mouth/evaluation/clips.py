"""Folders of talking films, made ready to be judged by: measured, heard, and put in step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from renderer.features import extract
from renderer.settings import FPS, TICK
from renderer.types import Samples

from ..corpus.measure import Measured, Pictures, landmarks, measure, with_landmarks
from ..corpus.parts import parts
from ..corpus.recordings import FILMED, Recording, filmed, judged, sound
from .judge import offset_of
from .offsets import Offset
from .predictors import GAP, Mouth, baselines
from .recogniser import recognise
from .visemes import Span

FILMS = (".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".mpg")

SHORTEST = 38
"""Ticks (1.5 s) of speech with a face under which nothing can be said."""

SILENT = -60.0
"""dB under which a whole sound counts as none."""

STILL = 0.15
"""Deviation of the filmed lip_gap under which nobody speaks in the picture; quiet speakers reach 0.4."""


@dataclass(frozen=True, slots=True)
class Group:
    """The films of one folder."""

    name: str
    recordings: list[Recording]
    work: Path
    """Where their landmarks are kept."""

    only: frozenset[str] | None = None
    """Names of those that are judged; the others only tell where the speaker's mouth rests."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One film, ready to be judged by."""

    name: str
    path: Path
    filmed: Mouth
    samples: Samples
    """Its sound at 16 kHz, from the first picture on."""

    level: NDArray[np.float32]
    """Shape (n,): loudness of each tick in dB."""

    sounds: list[Span]
    """As pocketsphinx recognises them."""

    said: dict[str, Mouth]
    """What each baseline says."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A film that says nothing about mouths."""

    name: str
    reason: str


def groups(folders: Iterable[Path], data: Path, work: Path) -> list[Group]:
    """A group for every folder; those of `data`/av if none is named."""
    return [_group(folder, data, work) for folder in (*folders,) or [data / "av" / name for name in FILMED]]


def clips(group: Group, kept: Path) -> Iterator[Clip | Unjudged]:
    """Measure what was not measured before, and put sound and picture of every film in step."""
    fit = []
    terminal = Console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as bar:
        task = bar.add_task(group.name, total=len(group.recordings))
        for recording in group.recordings:
            reason = _unfit(recording, group.work, bar)
            bar.advance(task)
            if reason is None:
                fit.append(recording)
            else:
                yield Unjudged(recording.path.stem, reason)
    for row in measure(fit, group.work):
        if group.only is None or row.recording.name in group.only:
            yield _ready(row, kept)


def _group(folder: Path, data: Path, work: Path) -> Group:
    if not folder.is_dir():
        raise SystemExit(f"{folder} is no folder; name folders of talking films, or --data with av/ in it")
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in FILMS)
    recordings = [Recording(folder.name, path) for path in found]
    place = folder.resolve()
    if place == (data / "av" / "grid_s1").resolve():
        known = with_landmarks(filmed(data, "grid_s1"), work)  # an hour to measure: those it was trained on
        return Group("grid_s1", known, work, frozenset(judged([one.name for one in known])))
    if data.resolve() not in place.parents:  # elsewhere another folder may have the same name
        work /= f"elsewhere/{folder.name}-{hashlib.sha256(str(place).encode()).hexdigest()[:8]}"
    return Group(folder.name, recordings, work)


def _unfit(recording: Recording, work: Path, bar: Progress) -> str | None:
    """Why nothing can be measured in a film, if so; measures its landmarks otherwise."""
    try:
        with av.open(str(recording.path)) as film:
            if not film.streams.video:
                return "no picture in it"
            if not film.streams.audio:
                return "no sound in it"
            frames = film.streams.video[0].frames or None

        def watch(pictures: Pictures) -> Pictures:
            task = bar.add_task(recording.path.stem, total=frames)
            yield from bar.track(pictures, task_id=task)
            bar.remove_task(task)

        points, _ = landmarks(recording, work, watch)
    except av.FFmpegError as error:
        return f"cannot be read: {error.strerror}"
    if not len(points) or not np.isfinite(points).any():
        return "no face found in it"
    return None if parts(points) else "no face stays for as long as a second"


def _ready(row: Measured, kept: Path) -> Clip | Unjudged:
    name = row.recording.path.stem
    try:
        samples = sound(row.recording.path)
    except av.FFmpegError as error:
        return Unjudged(name, f"its sound cannot be read: {error.strerror}")
    n = min(len(row.weights), len(samples) // TICK)
    level = extract(samples)[1]
    known = int(np.isfinite(row.weights[:n, GAP]).sum())
    if known < SHORTEST:
        return Unjudged(name, f"only {known / FPS:.1f} s of a face with sound; {SHORTEST / FPS} s are needed")
    if level.max() < SILENT:
        return Unjudged(name, "its sound is silent")
    if np.nanstd(row.weights[:n, GAP]) < STILL:
        return Unjudged(name, "nobody speaks: the filmed lips do not move")
    sounds = recognise(samples, kept)
    said = baselines(samples, level, sounds)
    offset = offset_of(row.weights, said)
    return Clip(name, row.recording.path, row.weights, samples, level, sounds, said, offset)
