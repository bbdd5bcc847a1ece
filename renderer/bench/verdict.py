"""Whether a device is fast enough for an avatar, and what to do where it is not."""

from __future__ import annotations

from typing import Any

from ..settings import FPS
from .spread import Spread

FRAME = 1000.0 / FPS
"""Milliseconds from one frame to the next."""

SLOWEST = 0.75 * FRAME
"""Milliseconds the slow frames (p95) may take while the avatar speaks: the rest is the host's own."""

LOST = 0.01
"""Share of frames that may be dropped or late in real time; one is always allowed."""

BUSY = 1.5
"""Programs that want a processor, for each there is, above which the figures tell of other programs too."""


def too_slow(frames: dict[str, Any]) -> bool:
    """Whether drawing alone takes too long. `frames` as of `measure_frames`."""
    return _whole(frames["speaking"])["p95"] > SLOWEST


def runs(frames: dict[str, Any], live: dict[str, Any]) -> bool:
    """Whether it plays without anyone noticing the work. `live` as of `measure_live`."""
    return not too_slow(frames) and _lost(live["speaking"]) <= max(1.0, LOST * live["speaking"]["shown"])


def verdict(figures: dict[str, Any]) -> dict[str, Any]:
    """The judgement on a survey's figures.

    runs     whether the variant measured does
    variant  the one to use here; None if none of the avatar's is light enough
    words    the same in words, with what to do
    busy     that other programs disturbed the measuring, in words; None if not
    """
    name = figures["variant"]["name"]
    frame = _whole(figures["frames"]["speaking"])
    share = frame["p50"] / FRAME
    busy = _busy(figures["machine"])
    if runs(figures["frames"], figures["live"]):
        holds = figures["sessions"]["holds"]
        start = figures["startup"]["seconds"]["all"]
        words = (
            f"This device runs {name}: a frame of speech takes {frame['p50']:.1f} of its {FRAME:.0f} ms "
            f"({share:.0%}), p95 {frame['p95']:.1f}. It holds {_count(holds)} at once, and shows "
            f"the first frame {start:.1f} s after its start."
        )
        return {"runs": True, "variant": name, "words": words, "busy": busy}
    if too_slow(figures["frames"]):
        why = f"a slow frame of speech (p95) takes {frame['p95']:.0f} ms; at most {SLOWEST:.0f} expected"
    else:
        lost = _lost(figures["live"]["speaking"])
        why = f"{lost} of {figures['live']['speaking']['shown'] + lost} frames came late or not at all"
    lighter = next((other for other, told in figures["others"].items() if not too_slow(told)), None)
    if lighter is not None:
        remedy = f"use {lighter} (--variant {lighter}), which it does run"
    else:
        remedy = (
            "use an avatar with a smaller variant (avatar build --variants 540p), or draw on a server and "
            "stream the pictures (docs/benchmark.md)"
        )
    words = f"This device is too slow for {name}: {why}; {remedy}."
    return {"runs": False, "variant": lighter, "words": words, "busy": busy}


def _whole(told: dict[str, Any]) -> Spread:
    """The spread of whole frames."""
    whole: Spread = told["frame"]
    return whole


def _lost(paced: dict[str, Any]) -> int:
    return int(paced["dropped"] + paced["late"])


def _busy(facts: dict[str, str]) -> str | None:
    try:
        load, cores = float(facts["load"]), int(facts["cores"])
    except ValueError:
        return None
    if load <= BUSY * cores:
        return None
    return f"{load:.0f} programs wanted the {cores} cores: an idle machine gives better figures."


def _count(sessions: int) -> str:
    return "1 session" if sessions == 1 else f"{sessions} sessions"
