"""What the check has come to: the findings, worst first, and what there is to see of the recording."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...settings import FPS
from ..footage import Footage
from ..mouthspace import WEIGHTS
from .findings import STATUSES, Finding, Span, Status
from .kinds import GIGABYTE, Kind
from .looking import Look
from .rule import Rule
from .rules import RULES
from .sound import Sound

POINTS = 900
"""Values of a track at most: as many as there are pixels."""


@dataclass(frozen=True, slots=True)
class Track:
    """Something measured along the recording, for the eye."""

    name: str
    values: NDArray[np.float64]
    """Shape (n,), evenly spaced over the recording; NaN where there is nothing."""

    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What the check has come to."""

    footage: Footage
    kind: Kind
    is_trial: bool
    seconds: float
    """Length of the recording."""

    findings: tuple[Finding, ...]
    """The worst first, otherwise in the order of the rules."""

    usable: tuple[Span, ...]
    gestures: tuple[Span, ...]
    tracks: tuple[Track, ...]
    builds: str | None
    """Why `avatar build` would refuse it; None if it would not."""

    took: float
    """Seconds the check took."""

    @property
    def path(self) -> Path:
        """The recording."""
        return self.footage.path

    @property
    def status(self) -> Status:
        """The worst of all; what cannot be told does not count."""
        found = {finding.status for finding in self.findings}
        return "fail" if "fail" in found else "warn" if "warn" in found else "pass"

    def verdict(self) -> str:
        """In one sentence."""
        count = {status: sum(f.status == status for f in self.findings) for status in STATUSES}
        what = f"as a {self.kind.name} recording"
        if self.status == "fail":
            text = f"Not fit {what}: {_number(count['fail'], 'rule')} broken"
            text += f", {_number(count['warn'], 'warning')}." if count["warn"] else "."
        elif self.status == "warn":
            text = f"Usable {what}, with {_number(count['warn'], 'warning')}."
        else:
            text = f"Good {what}."
        if self.builds is not None:
            return f"{text} `avatar build` would refuse it: {self.builds}."
        return f"{text} `avatar build` would take it." if self.status == "fail" else text

    def to_json(self) -> str:
        """All of it but the tracks, for programs."""
        content = {
            "footage": str(self.path),
            "kind": self.kind.name,
            "trial": self.is_trial,
            "seconds": round(self.seconds, 3),
            "status": self.status,
            "verdict": self.verdict(),
            "builds": self.builds is None,
            "findings": [
                {
                    "rule": finding.rule,
                    "numbers": RULES[finding.rule].numbers.split(),
                    "title": RULES[finding.rule].title,
                    "status": finding.status,
                    "found": finding.figure,
                    "expected": limit(RULES[finding.rule], self.kind),
                    "consequence": RULES[finding.rule].consequence,
                    "remedy": remedy(RULES[finding.rule], self.kind),
                    "spans": _spans(finding.spans),
                }
                for finding in self.findings
            ],
            "usable": _spans(self.usable),
            "gestures": _spans(self.gestures),
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def sorted_findings(findings: list[Finding], is_trial: bool, seconds: float) -> tuple[Finding, ...]:
    """The worst first; a trial take leaves out the rules on length and size. No span outlasts `seconds`."""
    order = list(RULES)
    judged = [
        replace(
            finding,
            spans=tuple(Span(max(0.0, s.start), max(s.start, min(s.end, seconds))) for s in finding.spans),
        )
        for finding in findings
        if not (is_trial and RULES[finding.rule].is_formal)
    ]
    return tuple(sorted(judged, key=lambda f: (STATUSES.index(f.status), order.index(f.rule))))


def limit(rule: Rule, kind: Kind) -> str:
    """What passes, for this kind of recording."""
    return rule.limit.format(**_fields(kind))


def remedy(rule: Rule, kind: Kind) -> str:
    """What to do about it."""
    return rule.remedy.format(**_fields(kind))


def tracks_of(seen: Look, heard: Sound | None) -> tuple[Track, ...]:
    """Face size, turn, mouth, hands and loudness along the recording."""
    face = seen.face
    eyes = face["eyes"]
    largest = float(np.nanmax(eyes)) if np.isfinite(eyes).any() else 100.0
    gap = seen.weights[:, WEIGHTS.index("lip_gap")].astype(np.float64)
    tracks = [
        Track("face size", _thinned(eyes, np.nanmean), 0.0, 1.1 * largest, "pixels between the eye corners"),
        Track("turn to the side", _thinned(face["yaw"], np.nanmean), -45.0, 45.0, "degrees"),
        Track("mouth opening", _thinned(gap, np.nanmax), -0.5, 5.0, "typical deviations"),
        Track(
            "movement of the body",
            _thinned(100 * seen.motion["body"], np.nanmax),
            0.0,
            8.0,
            "% of the picture",
        ),
    ]
    if heard is not None and len(heard.level):
        ticks = np.arange(len(seen.unlike)) / FPS
        level = np.interp(ticks, heard.times, heard.level, left=np.nan, right=np.nan)
        tracks.append(Track("loudness", _thinned(np.maximum(level, -80.0), np.nanmax), -80.0, 0.0, "dB"))
    return tuple(tracks)


def _thinned(values: NDArray[np.floating[Any]], merge: Any) -> NDArray[np.float64]:
    if len(values) <= POINTS:
        return np.asarray(values, np.float64)
    parts = np.array_split(values, POINTS)
    return np.array([merge(part) if np.isfinite(part).any() else np.nan for part in parts], np.float64)


def _fields(kind: Kind) -> dict[str, str]:
    return {
        "largest": f"{kind.largest // GIGABYTE} GB",
        "shortest": f"{kind.shortest / 60:g}",
        "advised": f"{kind.advised / 60:g}",
        "longest": f"{kind.longest / 60:g}",
        "sizes": " or ".join(f"{long}×{short}" for long, short in kind.sizes),
    }


def _spans(spans: tuple[Span, ...]) -> list[list[float]]:
    return [[round(span.start, 2), round(span.end, 2)] for span in spans]


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
