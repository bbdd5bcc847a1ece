"""A survey's figures as rows of text, for the screen and for the page alike."""

from __future__ import annotations

from typing import Any

from .stages import REST, STAGES

Row = tuple[str, ...]

WAITS = {
    "answer": "push to its picture and sound",
    "trickle": "the same, sound trickling in",
    "silence": "interrupt to silence",
    "closed": "interrupt to a closed mouth",
}


NOTHING = 0.005
"""Milliseconds that are told as 0.00."""

START = "start to the first frame"
SUMS = ("frame", START)
"""Rows that add up those before them."""


def stage_rows(figures: dict[str, Any]) -> tuple[Row, list[Row]]:
    """Milliseconds of each stage: listening p50, then p50, p95 and p99 speaking."""
    frames = figures["frames"]
    rows = []
    for name in (*STAGES, REST, "frame"):
        listening, speaking = frames["listening"][name], frames["speaking"][name]
        if max(listening["p99"], speaking["p99"]) < NOTHING:
            continue  # no background to put in, no order to change
        cells = (listening["p50"], listening["p95"], *(speaking[key] for key in ("p50", "p95", "p99")))
        rows.append((name, *(f"{cell:.2f}" for cell in cells)))
    return ("ms a frame", "listening", "p95", "speaking", "p95", "p99"), rows


def live_rows(figures: dict[str, Any]) -> tuple[Row, list[Row]]:
    """What happened in real time, listening and speaking."""
    listening, speaking = figures["live"]["listening"], figures["live"]["speaking"]
    rows: list[Row] = [
        (words, *(f"{side[key]}" for side in (listening, speaking)))
        for key, words in (("shown", "frames shown"), ("dropped", "dropped"), ("late", "late"))
    ]
    rows.append(
        ("picture from its sound, worst", *(f"{abs(s['skew_ms']):.0f} ms" for s in (listening, speaking)))
    )
    rows.append(("processor", *(f"{side['processor']:.0%} of a core" for side in (listening, speaking))))
    for key, words in (("resident", "memory"), ("own", "of it this process's own")):
        if key in speaking["memory_mb"]:
            rows.append((words, *(f"{side['memory_mb'][key]:.0f} MB" for side in (listening, speaking))))
    return ("in real time", "listening", "speaking"), rows


def wait_rows(figures: dict[str, Any]) -> tuple[Row, list[Row]]:
    """How long one waits, and for what."""
    waiting = figures["live"]["waiting"]
    rows: list[Row] = [
        (words, f"{waiting[key]['p50']:.0f}", f"{waiting[key]['worst']:.0f}")
        for key, words in WAITS.items()
        if key in waiting
    ]
    for step, seconds in figures["startup"]["seconds"].items():
        name = START if step == "all" else f"start: {step}"
        rows.append((name, f"{seconds * 1e3:.0f}", ""))
    return ("waiting (ms)", "median", "worst"), rows


def total_rows(figures: dict[str, Any]) -> tuple[Row, list[Row]]:
    """What it comes to."""
    flat_out, sessions = figures["frames"]["flat_out"], figures["sessions"]
    rows: list[Row] = [
        ("flat out, one thread", f"{flat_out['fps']:.0f} frames a second"),
        ("flat out, a thread a core", f"{sessions['flat_out']['fps']:.0f} frames a second"),
        ("real-time factor, one thread", f"{flat_out['real_time_factor']:.3f}"),
        ("sessions at 25 frames a second", str(sessions["holds"])),
    ]
    for tried in sessions["tries"]:
        rows.append(
            (
                f"  {tried['sessions']} at once",
                f"{tried['late']} of {tried['frames']} frames late, {tried['processor']:.2f} cores busy",
            )
        )
    return ("altogether", ""), rows


def heading(figures: dict[str, Any]) -> str:
    """Who was measured, on what."""
    size, facts = figures["variant"], figures["machine"]
    used = figures["processors"]
    modes = ", low memory" if figures["low_memory"] else ""
    return (
        f"{figures['avatar']} {size['name']} ({size['width']}x{size['height']}) on {facts['processor']}, "
        f"{used} of {facts['cores']} cores{modes}"
    )


def versions(figures: dict[str, Any]) -> str:
    """The system and the libraries."""
    facts = figures["machine"]
    kept = (f"{name} {value}" for name, value in facts.items() if name not in ("processor", "cores"))
    return ", ".join(kept)


TABLES = (stage_rows, live_rows, wait_rows, total_rows)
