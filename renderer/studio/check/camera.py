"""What the camera does: it shakes, it moves, its exposure changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .findings import Finding, Span, Status, merged, spans_where, total
from .looking import Look

SHAKE = (0.5, 1.0)
"""Root mean square of the trembling in half a second, in thousandths of the picture's long side (about a
pixel of 1080p is 0.5): from the first on it is seen, from the second on it disturbs."""

DRIFT = 12.0
"""Thousandths of the long side by which the camera may have moved within DRIFT_SECONDS."""

DRIFT_SECONDS = 4.0

STEADY = 0.15
"""Seconds of the Gaussian that parts trembling from moving."""

EXPOSURE = (7.5, 15.0)
"""Grey levels (of 255) by which most of the picture changes in half a second: warns, fails."""


def judge_camera(seen: Look) -> list[Finding]:
    """Shaking and exposure."""
    return [_shake(seen), _exposure(seen)]


def trembling(seen: Look) -> NDArray[np.float64]:
    """How much the camera shakes around every stored frame, shape (n,), in thousandths of the long side."""
    place, fps = camera_place(seen), seen.footage.fps
    fast = place - ndimage.gaussian_filter1d(place, STEADY * fps, axis=0, mode="nearest")
    power = ndimage.uniform_filter1d((fast**2).sum(axis=1), max(3, round(0.5 * fps)), mode="nearest")
    return np.asarray(np.sqrt(np.maximum(power, 0)))


def camera_place(seen: Look) -> NDArray[np.float64]:
    """Where the camera is at every stored frame, shape (n, 2), in thousandths of the long side."""
    moved = np.stack([seen.motion["dx"], seen.motion["dy"]], axis=1)
    # a jump of one frame is a cut, not a camera
    moved = ndimage.median_filter(moved, (3, 1), mode="nearest") if len(moved) > 3 else moved
    return np.asarray(np.cumsum(moved, axis=0))


def _shake(seen: Look) -> Finding:
    time, fps = seen.motion["time"], seen.footage.fps
    shaking = trembling(seen)
    if float((seen.motion["agreed"] > 0).mean()) < 0.5:
        return Finding("shake", "unknown", "nothing in the picture to tell it by")
    place = ndimage.gaussian_filter1d(camera_place(seen), 0.5 * fps, axis=0, mode="nearest")
    size = max(3, round(DRIFT_SECONDS * fps))
    range_ = ndimage.maximum_filter1d(place, size, axis=0) - ndimage.minimum_filter1d(place, size, axis=0)
    moving = range_.max(axis=1) > DRIFT
    shakes = spans_where(shaking > SHAKE[0], time, least=0.2, join=0.5)
    worst = float(shaking.max())
    drifts = spans_where(moving, time, least=1.0, join=1.0)
    status: Status = "fail" if worst > SHAKE[1] and shakes else "warn" if shakes else "pass"
    figure = f"trembles by {worst / 10:.2f} % of the picture" if shakes else "still"
    if drifts:
        status = "fail"
        moved = f"moves by {range_.max() / 10:.0f} % of the picture within {DRIFT_SECONDS:.0f} s"
        figure = f"{moved}; {figure}" if shakes else moved
    return Finding("shake", status, figure, merged((*shakes, *drifts)))


def _exposure(seen: Look) -> Finding:
    change, time = np.abs(seen.motion["brighter"]), seen.motion["time"]
    spans = spans_where(change > EXPOSURE[0], time, least=0.1, join=0.3)
    if not spans:
        return Finding("exposure", "pass", f"changes by {change.max() / 2.55:.1f} % at most")
    # it is noticed by looking half a second back, so the change itself is where that begins
    spans = tuple(Span(span.start, max(span.start + 0.1, span.end - 0.5)) for span in spans)
    worst = float(change.max())
    status: Status = "fail" if worst > EXPOSURE[1] or total(spans) > 2.0 else "warn"
    return Finding("exposure", status, f"changes by {worst / 2.55:.0f} % within half a second", spans)
