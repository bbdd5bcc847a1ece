"""Whether gestures are short, far enough apart, and inside the picture."""

from __future__ import annotations

import itertools

import numpy as np
from scipy import ndimage

from .camera import camera_place
from .findings import Finding, Span, Status, merged, spans_where, total
from .looking import Look
from .rhythm import cut_times

SHORTEST = 0.3
"""Seconds under which a movement is none, but light."""

LONGEST = (2.0, 3.0)
"""Seconds of a gesture: the two sources."""

APART = 5.0
"""Seconds between two gestures."""

OVER = 0.04
"""Share of an edge that moves when something crosses it."""

CAMERA = 2.0
"""Thousandths of the long side: when the camera moves so far from frame to frame, edges move as well ..."""

FARTHER = 6.0
"""... and when it moves so far during a movement of the body, that is the camera's."""


def judge_hands(seen: Look) -> list[Finding]:
    """Length and distance of gestures, and what moves over the picture's edge."""
    return [_lengths(seen), _spacing(seen), _edge(seen)]


def movements(seen: Look) -> list[Span]:
    """Movements, without those that a cut or the camera feigns."""
    cuts, place, time = cut_times(seen), camera_place(seen), seen.motion["time"]
    moves = []
    for span in (Span(gesture.start, gesture.end) for gesture in seen.gestures):
        during = place[(time >= span.start) & (time <= span.end)]
        is_cut = any(span.start - 0.2 <= cut <= span.end + 0.2 for cut in cuts)
        is_camera = len(during) > 0 and float(np.ptp(during, axis=0).max()) > FARTHER
        if span.seconds >= SHORTEST and not is_cut and not is_camera:
            moves.append(span)
    return moves


def _lengths(seen: Look) -> Finding:
    moves = movements(seen)
    if not moves:
        return Finding("gesture", "pass", "no gestures: the avatar will have none (R-E1)")
    lasts = [span.seconds for span in moves]
    long = tuple(span for span in moves if span.seconds > LONGEST[1])
    astray = tuple(
        Span(gesture.start, gesture.end)
        for gesture in seen.gestures
        if not gesture.returns
        and Span(gesture.start, gesture.end) in moves
        and gesture.end < seen.seconds - 0.2
    )
    figure = f"{len(moves)}, of {min(lasts):.1f} to {max(lasts):.1f} s"
    if astray:
        figure += f"; {len(astray)} not back at the start"
    status: Status = "fail" if long else "warn" if astray or max(lasts) > LONGEST[0] else "pass"
    middling = tuple(span for span in moves if span.seconds > LONGEST[0])
    return Finding(
        "gesture", status, figure, tuple(sorted({*middling, *astray}, key=lambda span: span.start))
    )


def _spacing(seen: Look) -> Finding:
    moves = movements(seen)
    if len(moves) < 2:
        return Finding("spacing", "pass", "not two gestures" if moves else "no gestures")
    gaps = [Span(a.end, b.start) for a, b in itertools.pairwise(moves)]
    close = tuple(gap for gap in gaps if gap.seconds < APART)
    shortest = min(gap.seconds for gap in gaps)
    return Finding("spacing", "warn" if close else "pass", f"{shortest:.1f} s at least", close)


def _edge(seen: Look) -> Finding:
    motion = seen.motion
    still = (np.abs(motion["dx"]) < CAMERA) & (np.abs(motion["dy"]) < CAMERA)
    still &= np.abs(motion["brighter"]) < 3.0
    for cut in cut_times(seen):
        still &= np.abs(motion["time"] - cut) > 0.1
    crossed = {}
    for name in ("left", "right", "top"):
        # three frames in a row: noise and coding flicker for one
        over = ndimage.binary_opening((motion[name] > OVER) & still, np.ones(3))
        spans = spans_where(over, motion["time"], least=0.1, join=0.6)
        if spans:
            crossed[{"top": "upper"}.get(name, name)] = spans
    if not crossed:
        return Finding("edge", "pass", "nothing crosses it")
    spans = merged(span for some in crossed.values() for span in some)
    share = total(spans) / max(seen.seconds, 1e-6)
    figure = f"something moves over the {' and '.join(crossed)} edge"
    return Finding("edge", "fail" if share > 0.02 else "warn", figure, spans)
