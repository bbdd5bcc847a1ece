"""A recording is looked at, listened to, and judged."""

from __future__ import annotations

import time
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from ...errors import StudioError
from ..faces import SMALLEST_FACE, STAGES
from ..footage import Footage, probe
from ..landmarks import Landmarks
from ..progress import BuildProgress
from ..work import Arrays, WorkFolder
from .camera import judge_camera
from .container import judge_container, judge_matte, read_container
from .hands import judge_hands, movements
from .hearing import judge_sound
from .kinds import KINDS, KindName
from .looking import Look, look
from .opening import judge_opening
from .portrait import judge_portrait
from .report import CheckReport, sorted_findings, tracks_of
from .rhythm import judge_rhythm
from .screen import judge_screen
from .sound import Sound, listen
from .stretches import judge_stretches, stretches

PACE = {"looking": 0.8, "listening": 0.02}
"""Seconds that a second of recording takes, to begin with."""


LONGEST_KEPT = 600.0
"""Seconds of the longest film whose landmarks are kept for a build: they take half a megabyte a second."""


class Kept:
    """What `faces.find_faces` of the builder would find, kept while the check looks."""

    def __init__(self) -> None:
        self._points: list[Landmarks] = []
        self._greys: list[NDArray[np.float32]] = []

    def __call__(self, points: Landmarks, grey: NDArray[np.float32]) -> None:
        self._points.append(points)
        self._greys.append(grey)

    def arrays(self) -> Arrays:
        """As that stage keeps them."""
        return {"points": np.stack(self._points), "greys": np.stack(self._greys)}


def check_footage(
    path: Path,
    kind: KindName = "studio",
    *,
    is_trial: bool = False,
    matte: Path | None = None,
    work: Path | None = None,
    progress: BuildProgress | None = None,
) -> CheckReport:
    """Check the recording at `path` against every rule a program can judge.

    `is_trial` leaves out the rules on length, file size and resolution: a few seconds of a trial take then
    tell whether light, framing and sound are right. `matte` is a film of its alpha channel. In
    the folder `work`, a build finds the landmarks again. Raises StudioError if there is nothing to check.
    """
    began = time.monotonic()
    progress = progress or BuildProgress()
    footage = probe(path)
    progress.expect({stage: pace * footage.duration for stage, pace in PACE.items()})
    progress.begin("looking")
    kept = Kept() if work is not None and footage.duration <= LONGEST_KEPT else None
    seen = look(footage, lambda seconds: progress.advance(seconds / max(footage.duration, 1e-6)), kept)
    if not len(seen.unlike):
        raise StudioError(f"{path}: not one picture of it can be decoded; copy or record it again")
    if kept is not None:
        size = (footage.width, footage.height)
        WorkFolder(path, work).arrays("faces", kept.arrays, stages=STAGES, size=size)
    progress.begin("listening")
    heard = _listen(footage, seen, progress) if footage.has_sound else None
    progress.end()

    judged = KINDS[kind]
    findings = [
        *judge_container(read_container(footage), seen.seconds, seen.rate, judged),
        *([judge_matte(footage, seen.seconds, matte)] if matte is not None else []),
        *judge_rhythm(seen),
        *judge_portrait(seen),
        *judge_camera(seen),
        *judge_hands(seen),
        *judge_opening(seen, heard),
        *judge_screen(seen),
        *judge_sound(seen, heard, judged),
        *judge_stretches(seen),
    ]
    return CheckReport(
        footage=footage,
        kind=judged,
        is_trial=is_trial,
        seconds=seen.seconds,
        findings=sorted_findings(findings, is_trial, seen.seconds),
        usable=stretches(seen),
        gestures=tuple(movements(seen)),
        tracks=tracks_of(seen, heard),
        builds=_refusal(seen),
        took=time.monotonic() - began,
    )


def _listen(footage: Footage, seen: Look, progress: BuildProgress) -> Sound | None:
    heard: Sound | None = None
    try:
        for number, so_far in enumerate(listen(footage.path, seen.first)):
            # sound comes in frames of about a fiftieth of a second
            progress.advance(number / 50 / max(footage.duration, 1e-6))
            heard = so_far
    except av.FFmpegError:
        return None  # a track of no use is as good as none
    return heard


def _refusal(seen: Look) -> str | None:
    """What `find_faces` of the builder would say."""
    if seen.found.mean() <= 0.5:
        return f"a face in only {seen.found.mean():.0%} of the pictures"
    eyes = float(np.nanmedian(seen.face["eyes"]))
    return f"the face is too small ({eyes:.0f} pixels)" if eyes < SMALLEST_FACE else None
