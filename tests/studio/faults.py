"""Recordings with one fault planted, and what `avatar check` must say of each.

    python tests/studio/faults.py [FOOTAGE ...]

plants every fault into Milo, drawn from his own avatar, or into some seconds of each FOOTAGE, and prints what
is found. Everything is written with real codecs into a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import spoilt_pictures as pictures
import spoilt_sound as sound
from takes import Take, milo, take_of, write_take

from renderer.studio.check.check import check_footage
from renderer.studio.check.findings import Finding
from renderer.studio.check.report import CheckReport


@dataclass(frozen=True)
class Fault:
    """A way to spoil a recording, and what must be said of it."""

    name: str
    rule: str
    """The rule that must not pass."""

    plant: Callable[[Take], Take]
    where: tuple[float, float] | None = None
    """Seconds in which it must be found; None where it is in the whole recording."""

    @property
    def is_heard(self) -> bool:
        """Whether it is one of the sound, and needs some."""
        return self.rule in ("noise", "echo", "clipping", "sync", "sound")


FAULTS = (
    Fault("a piece cut out", "cut", lambda take: pictures.without(take, 4.0, 1.5), (3.9, 4.1)),
    Fault(
        "six frames skipped",
        "cut",
        lambda take: pictures.without(take, pictures.liveliest(take), 0.24),
        (2.9, 5.6),
    ),
    Fault("picture frozen", "repeat", lambda take: pictures.frozen(take, 4.0, 0.4), (3.9, 4.5)),
    Fault("camera shakes", "shake", lambda take: pictures.shaken(take, 3.0, 2.0), (2.6, 5.4)),
    Fault("exposure steps", "exposure", lambda take: pictures.brighter(take, 4.0), (3.8, 4.6)),
    Fault("out of focus", "blur", lambda take: pictures.soft(take, 3.0, 1.5), (2.9, 4.6)),
    Fault("mouth covered", "covered", lambda take: pictures.covered(take, 3.0, 1.2), (2.8, 4.4)),
    Fault("head turned", "turned", lambda take: pictures.turned(take, 3.0, 2.0), (2.9, 5.1)),
    Fault("looks away", "gaze", lambda take: pictures.looking_away(take, 3.0, 1.2), (2.8, 4.4)),
    Fault("a second person", "alone", lambda take: pictures.second_face(take, 3.0, 2.0), (2.4, 5.6)),
    Fault("speaks at once", "opening", lambda take: pictures.without(take, 0.0, 2.6), (0.0, 1.0)),
    Fault("gesture of 4.5 s", "gesture", lambda take: pictures.with_arm(take, 2.5, 4.5), (2.2, 7.3)),
    Fault(
        "hand leaves the picture",
        "edge",
        lambda take: pictures.with_arm(take, 3.0, 2.0, sideways=True),
        (2.8, 5.2),
    ),
    Fault("15 frames a second", "rate", lambda take: pictures.slower(take, 15)),
    Fault("25 made into 30 by repeating", "repeat", lambda take: pictures.slower(take, 30)),
    Fault("no sound", "sound", lambda take: replace(take, sound=np.zeros(0, np.float32))),
    Fault("noise", "noise", sound.noisy),
    Fault("echo", "echo", sound.echoing),
    Fault("clipping", "clipping", lambda take: sound.overdriven(take, 4.0, 2.0), (3.9, 6.1)),
    Fault("sound 5 frames late", "sync", lambda take: sound.delayed(take, 5)),
    Fault("sound 5 frames early", "sync", lambda take: sound.delayed(take, -5)),
    Fault("uneven green screen", "screen", lambda take: pictures.on_screen(take, (40, 180, 70), uneven=0.6)),
    Fault(
        "green light on the person", "spill", lambda take: pictures.on_screen(take, (40, 180, 70), spill=0.5)
    ),
    Fault(
        "green clothes",
        "clothes",
        lambda take: pictures.on_screen(pictures.dressed(take, (40, 180, 70)), (40, 180, 70)),
    ),
)


def named(fault: Fault, report: CheckReport) -> Finding | None:
    """The finding that names a fault at its place; None where it was missed."""
    finding = next((one for one in report.findings if one.rule == fault.rule), None)
    if finding is None or finding.status not in ("fail", "warn"):
        return None
    if fault.where is None:
        return finding
    start, end = fault.where
    is_there = any(start <= span.start and span.end <= end for span in finding.spans)
    return finding if is_there else None


def main() -> None:
    """Plant everything, and print what is found."""
    takes = {Path(name).stem: take_of(Path(name)) for name in sys.argv[1:]} or {"milo": milo()}
    with tempfile.TemporaryDirectory() as folder:
        for name, take in takes.items():
            clean = check_footage(write_take(Path(folder) / "clean.mp4", take), is_trial=True)
            usual = {
                finding.rule: finding.figure
                for finding in clean.findings
                if finding.status in ("fail", "warn")
            }
            print(f"\n{name}, nothing planted: {usual or 'nothing found'}")
            for fault in FAULTS:
                if fault.is_heard and not len(take.sound):
                    continue
                path = write_take(Path(folder) / "spoilt.mp4", fault.plant(take))
                report = check_footage(path, is_trial=True)
                found = named(fault, report)
                others = [
                    finding.rule
                    for finding in report.findings
                    if finding.status in ("fail", "warn") and finding.rule not in (fault.rule, *usual)
                ]
                what = "MISSED" if found is None else f"{found.status}: {found.figure}"
                where = ", ".join(map(str, found.spans)) if found is not None else ""
                print(f"{fault.name} | {fault.rule} | {what} | {where} | {' '.join(others)}", flush=True)


if __name__ == "__main__":
    main()
