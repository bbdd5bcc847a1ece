"""Whether every frame follows the one before: cuts, left-out, repeated and late frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ...settings import FPS
from .findings import Finding, Span, Status, spans_where, total
from .looking import Look
from .notes import Series

Real = NDArray[np.floating[Any]]

AROUND = 3
"""Frames before and after one that it is compared with."""

LOCAL = 15
"""Frames whose middle counts as the usual change."""

SUDDEN = (2.6, 2.1)
"""Times its neighbours' that a frame changes where frames are missing: all of it, or the face alone with the
head moved. People at their quickest reach 2.3 and 1.9 (the footage, and four films of talk)."""

CUT = 1.6
"""Times that, from which on it is a cut."""

TOGETHER = 1.5
"""Times its neighbours' in each of the two places that are looked at."""

HEAD_JUMP = 1.5
"""Times as far as around that the head moves where frames are missing."""

LEAST = {"step": 0.05, "beside": 0.02, "head": 0.3}
"""Change of the whole picture, beside the face and of the face, in grey levels, below which nothing moves."""

REPEATED = 0.25
"""Share of the usual change below which a frame is the one before, coded again."""

FROZEN = 0.15
"""Seconds of repeated frames that are seen as standing still."""

PERIODS = range(2, 16)
"""Every how many frames a conversion of the frame rate may leave one out."""

UNEVEN = 0.4
"""Logarithm of the change by which one frame of a period stands out: half as far again as the others."""

HALTS = 0.55
"""Likewise where it hardly moves: coding changes repeated frames as well ..."""

CERTAIN = 7.0
"""... and by so many standard errors, in both cases."""

LATE = 0.3
"""Share of its time by which a frame may come late."""


def judge_rhythm(seen: Look) -> list[Finding]:
    """Cuts, repeated frames, and how steadily they come."""
    return [_cuts(seen), _repeats(seen), _steady(seen)]


def jumps(seen: Look) -> NDArray[np.float64]:
    """How sudden each frame's change is, shape (n,): from 1 on some are missing before it, from CUT on a cut.

    What a regularly left-out frame explains does not count.
    """
    motion = seen.motion
    # all changes at once, the body as well: one neighbour may stand out, too, where the rate was converted
    everything = _sudden(motion, ("beside", "head"), second=True)
    # who sits still changes in the face alone; but lips and lids may snap shut, so the head has to move, too
    face = _sudden(motion, ("step", "head"), second=False)
    for frame in np.flatnonzero(face >= SUDDEN[1]):
        if not _head_jumps(seen, float(motion["time"][frame])):
            face[frame] = 0.0
    jump = np.maximum(everything / SUDDEN[0], face / SUDDEN[1])
    # brightness alone is none: exposure has a rule of its own
    jump[np.abs(np.diff(motion["brighter"], prepend=0.0)) > 0.6 * motion["step"]] = 0.0
    jump[: AROUND + 1] = jump[-AROUND:] = 0.0
    return np.asarray(jump)


def _sudden(motion: Series, names: tuple[str, str], *, second: bool) -> NDArray[np.float64]:
    """How many times the largest (or second largest) of its neighbours each frame changes, in both places."""
    ratios = []
    for name in names:
        change = motion[name] / np.exp(_pattern(np.maximum(motion[name], LEAST[name]))[0])
        padded = np.pad(change, AROUND, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
        near = np.sort(np.delete(windows, AROUND, axis=1), axis=1)
        ratios.append(change / np.maximum(near[:, -2 if second else -1], LEAST[name]))
    return np.where(np.minimum(*ratios) >= TOGETHER, np.sqrt(ratios[0] * ratios[1]), 0.0)


def _head_jumps(seen: Look, time: float) -> bool:
    """Whether the head moves suddenly there, or is not found."""
    eyes = seen.face["eyes"] / seen.footage.width
    place = np.stack(
        [seen.face["x"], seen.face["y"] * seen.footage.height / seen.footage.width, eyes], axis=1
    )
    moved = np.linalg.norm(np.diff(place, axis=0), axis=1)
    # between the pictures before and after
    here = int(np.clip(round(time * FPS) - 1, 1, max(1, len(moved) - 2)))
    near = slice(max(0, here - 4), here - 1), slice(here + 2, here + 5)
    usual = np.concatenate([moved[part] for part in near])
    most = float(moved[here - 1 : here + 2].max(initial=0.0))
    if not np.isfinite(most) or not len(usual) or not np.isfinite(usual).any():
        return True
    return most > HEAD_JUMP * float(np.nanmax(usual))


def cut_times(seen: Look) -> list[float]:
    """Seconds of every cut or left-out piece."""
    return [float(seen.motion["time"][frame]) for frame in np.flatnonzero(jumps(seen) >= 1.0)]


def _cuts(seen: Look) -> Finding:
    jump, time = jumps(seen), seen.motion["time"]
    places = np.flatnonzero(jump >= 1.0)
    spans = tuple(
        Span(float(time[p]) - 0.5 / seen.footage.fps, float(time[p]) + 0.5 / seen.footage.fps) for p in places
    )
    if not spans:
        return Finding("cut", "pass", "none")
    cuts = int((jump[places] >= CUT).sum())
    figure = " and ".join(
        f"{count} {name}{'s' if count > 1 else ''}"
        for count, name in ((cuts, "cut"), (len(places) - cuts, "jump"))
        if count
    )
    return Finding("cut", "fail" if cuts or len(places) > 1 else "warn", figure, spans)


def _repeats(seen: Look) -> Finding:
    motion = seen.motion
    quiet = np.ones(len(motion["time"]), np.bool_)
    moves = np.zeros(len(quiet), np.bool_)
    for name, least in (("all", 0.06), ("head", 0.2)):
        usual = _usual_around(motion[name])
        quiet &= motion[name] < REPEATED * usual
        moves |= usual > least
    repeated = quiet & moves
    repeated[0] = False
    frozen = spans_where(repeated, motion["time"], least=FROZEN, join=1.5 / seen.footage.fps)
    share = repeated.sum() / max(1, (moves & ~_within(frozen, motion["time"])).sum())
    change, period = _pattern(np.maximum(motion["head"], LEAST["head"]))[1:]
    less, halting = _pattern(np.maximum(motion["head"], LEAST["head"] / 6), halts=True)[1:]
    notes: list[str] = []
    status: Status = "pass"
    if frozen:
        status = "fail"
        notes.append(f"stands still for {total(frozen):.1f} s in all")
    if share > 0.03 and repeated.sum() > 5:
        status = "fail" if share > 0.1 else status if status == "fail" else "warn"
        notes.append(f"{share:.0%} of the moving frames repeat the one before")
    elif halting and less > change:
        status = "warn" if status == "pass" else status
        notes.append(
            f"every {_th(halting)} frame moves {1 / less:.0%} as far as the others: repeated or blended "
            "to change the rate"
        )
    elif period:
        status = "warn" if status == "pass" else status
        notes.append(
            f"every {_th(period)} frame moves {change:.1f} times as far: frames were left out regularly"
        )
    return Finding("repeat", status, "; ".join(notes) or "none", frozen)


def _usual_around(change: Real) -> NDArray[np.float64]:
    """What moves before and after each frame, whichever is less: where movement begins nothing is repeated.

    The upper quarter of a second's changes: frames that stand still for less do not count in it.
    """
    size = 25
    sides = [
        ndimage.percentile_filter(change, 75, size=size, origin=origin, mode="nearest")
        for origin in (size // 2, -(size // 2))
    ]
    return np.asarray(np.minimum(*sides))


def _within(spans: tuple[Span, ...], times: Real) -> NDArray[np.bool_]:
    inside = np.zeros(len(times), np.bool_)
    for span in spans:
        inside |= (times >= span.start) & (times < span.end)
    return inside


def _pattern(change: Real, halts: bool = False) -> tuple[NDArray[np.float64], float, int]:
    """What a regular left-out frame adds to the logarithm of each change, how many times as far the frame
    after it moves, and every how many frames; zeros, 1 and 0 where there is none. With `halts`, what a
    regularly repeated frame does.
    """
    count = len(change)
    nothing = np.zeros(count), 1.0, 0
    if count < 60:
        return nothing
    above = np.log(change) - ndimage.median_filter(np.log(change), LOCAL, mode="nearest")
    best: tuple[float, int, int, float] = (0.0, 0, 0, 0.0)
    for period in PERIODS:
        for phase in range(period):
            own = above[phase::period]
            others = np.delete(above, np.arange(phase, count, period))
            if len(own) < 8:
                continue
            more = float(own.mean() - others.mean()) * (-1 if halts else 1)
            sure = more / (float(own.std()) + 0.05) * np.sqrt(len(own))
            if more > (HALTS if halts else UNEVEN) and sure > CERTAIN and sure > 1.1 * best[0]:
                best = (float(sure), period, phase, more)
    _, period, phase, more = best
    if not period:
        return nothing
    pattern = np.zeros(count)
    pattern[phase::period] = more
    return pattern, float(np.exp(more)), period


def _steady(seen: Look) -> Finding:
    time = seen.motion["time"]
    lasts = np.diff(time)
    if len(lasts) < 3:
        return Finding("steady", "unknown", "too few frames")
    usual = float(np.median(lasts))
    late = np.abs(lasts / usual - 1) > LATE
    if not late.any():
        return Finding("steady", "pass", f"{1 / usual:.2f} a second throughout")
    gaps = lasts > 1.6 * usual
    spans = spans_where(np.append(late, False), time, join=0.5, last=float(time[-1]) + usual)
    figure = f"{late.mean():.1%} of the frames last longer or shorter than {1000 * usual:.0f} ms"
    if gaps.any():
        figure += f"; {round(float((lasts[gaps] / usual - 1).sum()))} are missing"
    return Finding("steady", "fail" if late.mean() > 0.02 or gaps.sum() > 2 else "warn", figure, spans)


def _th(number: int) -> str:
    return {2: "2nd", 3: "3rd"}.get(number, f"{number}th")
