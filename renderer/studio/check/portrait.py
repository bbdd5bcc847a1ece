"""The face: found, large, sharp, facing the camera, uncovered, alone, looking at the lens."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..faces import SMALLEST_FACE
from .findings import Finding, Status, spans_where, total
from .looking import Look
from .scene import EVERY

Real = NDArray[np.floating[Any]]

LARGE = 100.0
"""Pixels between the outer eye corners from which on teeth come out well."""

TURNED = (25.0, 40.0)
"""Degrees to the side from where the head usually is: warns, fails (the builder lets go of the mouth)."""

NODDED = (15.0, 25.0)
"""Likewise up or down (R-J3 says 15)."""

FARTHEST = 45.0
"""Degrees to the side from the lens (R-J3)."""

TILTED = (20.0, 45.0)
"""Degrees the head usually leans: warns, fails."""

UNLIKE = (22.0, 4.5)
"""A lower face that differs from itself by so many grey levels, and so many times the usual, is covered."""

WHOLLY = 1.8
"""Times that difference, from which on the colour of the lips need not tell as well."""

PALE = 0.6
"""Share of the usual difference in colour between lips and skin below which the lips are covered ..."""

COLOURED = 4.0
"""... where that difference is this large (CIELAB's a and b)."""

BLURRED = 0.1
"""A face so much blurrier than usual (Crété's measure) is out of focus, or moved too fast."""

SOFT = (0.78, 0.86)
"""Blur of the whole recording: warns, fails. Filmed faces have 0.4 to 0.7, Gaussian blur of two pixels
0.75 and more."""

AWAY = 12.0
"""Degrees from where the eyes usually look: beyond, they look elsewhere."""

OFF_LENS = 15.0
"""Degrees from the lens that they may usually look; landmarks are not surer than that."""

CLOSED = 0.18
"""Gap of the lids over the eye's width under which there is no gaze."""

SHORTEST = 0.2
"""Seconds: shorter faults are landmarks that slipped."""


def judge_portrait(seen: Look) -> list[Finding]:
    """All that is asked of the face; one finding where there is none."""
    found = seen.found
    missing = spans_where(~found, seen.times, least=0.08, join=0.2)
    share = float(found.mean()) if len(found) else 0.0
    if share <= 0.5:
        return [Finding("face", "fail", f"in {share:.0%} of the pictures", missing)]
    status: Status = "pass" if not missing else "warn" if total(missing) < 0.01 * seen.seconds else "fail"
    return [
        Finding("face", status, f"in {share:.1%} of the pictures", missing),
        _near(seen),
        _upright(seen),
        _turned(seen),
        _covered(seen),
        _alone(seen),
        _gaze(seen),
        _blur(seen),
    ]


def usual_pose(seen: Look) -> tuple[float, float]:
    """Yaw and pitch of the head as it usually is, in degrees."""
    return float(np.nanmedian(seen.face["yaw"])), float(np.nanmedian(seen.face["pitch"]))


def is_turned(seen: Look, yaw: float, pitch: float) -> NDArray[np.bool_]:
    """Pictures in which the head is turned or nodded by more than that from where it usually is."""
    side, down = usual_pose(seen)
    away = np.abs(_steadied(seen, "yaw") - side) > yaw
    return np.asarray(seen.found & (away | (np.abs(_steadied(seen, "pitch") - down) > pitch)))


def is_covered(seen: Look) -> NDArray[np.bool_]:
    """Pictures in which something is before the mouth or chin."""
    limit = max(UNLIKE[0], UNLIKE[1] * float(np.nanmedian(seen.unlike)))
    unlike = np.nan_to_num(seen.unlike)
    covers = (unlike > limit) & (_is_pale(seen) | (unlike > WHOLLY * limit))
    # a turned face looks unlike itself, too
    return np.asarray(covers & ~is_turned(seen, 0.7 * TURNED[0], NODDED[0]))


def _is_pale(seen: Look) -> NDArray[np.bool_]:
    """Pictures in which lips do not differ from the skin around them as this person's do."""
    colour = np.stack([seen.face["lips_a"], seen.face["lips_b"]], axis=1)
    usual = np.nanmedian(colour, axis=0)
    strength = float(usual @ usual)
    if strength < COLOURED**2:
        return np.ones(len(colour), np.bool_)  # these lips never do
    return np.asarray(np.nan_to_num(colour @ usual / strength, nan=1.0) < PALE)


def _near(seen: Look) -> Finding:
    eyes = seen.face["eyes"]
    middle = float(np.nanmedian(eyes))
    small = spans_where(np.nan_to_num(eyes, nan=np.inf) < SMALLEST_FACE, seen.times, least=SHORTEST, join=0.5)
    status: Status = "fail" if middle < SMALLEST_FACE else "pass" if middle >= LARGE else "warn"
    return Finding("near", status, f"{middle:.0f} pixels between the eye corners", small)


def _upright(seen: Look) -> Finding:
    lean = abs(float(np.nanmedian(seen.face["roll"])))
    status: Status = "fail" if lean > TILTED[1] else "warn" if lean > TILTED[0] else "pass"
    return Finding("upright", status, f"leans by {lean:.0f}°")


def _turned(seen: Look) -> Finding:
    side, down = usual_pose(seen)
    yaw, pitch = _steadied(seen, "yaw"), _steadied(seen, "pitch")
    most = float(np.nanmax(np.abs(yaw - side))), float(np.nanmax(np.abs(pitch - down)))
    far = is_turned(seen, TURNED[1], NODDED[1]) | (np.abs(np.nan_to_num(yaw)) > FARTHEST)
    spans = spans_where(is_turned(seen, TURNED[0], NODDED[0]) | far, seen.times, least=SHORTEST, join=0.4)
    status: Status = "pass"
    if spans:
        worst = spans_where(far, seen.times, least=SHORTEST, join=0.4)
        status = "fail" if worst or total(spans) > 0.1 * seen.seconds else "warn"
    figure = f"{most[0]:.0f}° to the side and {most[1]:.0f}° up or down at most"
    figure += f"; usually {abs(side):.0f}° off the lens"
    return Finding("turned", status, figure, spans)


def _covered(seen: Look) -> Finding:
    spans = spans_where(is_covered(seen), seen.times, least=SHORTEST, join=0.4)
    if not spans:
        return Finding("covered", "pass", "never")
    return Finding("covered", "fail", f"for {total(spans):.1f} s", spans)


def _alone(seen: Look) -> Finding:
    faces = seen.scene["faces"]
    spans = spans_where(faces > 1, seen.scene["time"], least=1.5 * EVERY, join=1.5 * EVERY)
    if not spans:
        return Finding("alone", "pass", "one face")
    return Finding("alone", "fail", f"{int(faces.max())} faces for {total(spans):.1f} s", spans)


def _gaze(seen: Look) -> Finding:
    face = seen.face
    is_open = seen.found & (np.nan_to_num(face["lids"]) > CLOSED)
    # a blink draws the landmarks of the iris along with the lid
    is_open = ndimage.binary_erosion(is_open, np.ones(5), border_value=1)
    if is_open.sum() < 10:
        return Finding("gaze", "unknown", "the eyes are hardly ever open")
    across, down = _steady(face["yaw"] + face["gaze_x"]), _steady(face["pitch"] + face["gaze_y"])
    usual = float(np.median(across[is_open])), float(np.median(down[is_open]))
    away = is_open & (np.hypot(across - usual[0], 0.7 * (down - usual[1])) > AWAY)
    spans = spans_where(away, seen.times, least=0.3, join=0.3)
    share = total(spans) / max(seen.seconds, 1e-6)
    figure = f"usually {abs(usual[0]):.0f}° beside the lens; looks elsewhere for {share:.0%} of the time"
    status: Status = "pass"
    if spans or abs(usual[0]) > OFF_LENS:
        status = "fail" if share > 0.25 else "warn"
    return Finding("gaze", status, figure, spans)


def _blur(seen: Look) -> Finding:
    blur = _steadied(seen, "blur")
    usual = float(np.nanmedian(blur))
    spans = spans_where(np.nan_to_num(blur) > usual + BLURRED, seen.times, least=SHORTEST, join=0.3)
    status: Status = "fail" if usual > SOFT[1] else "warn" if usual > SOFT[0] or spans else "pass"
    if total(spans) > max(1.0, 0.05 * seen.seconds):
        status = "fail"
    figure = f"blur {usual:.2f} (0 crisp, 1 none left)"
    return Finding("blur", status, figure + (f", up to {np.nanmax(blur):.2f}" if spans else ""), spans)


def _steadied(seen: Look, name: str) -> NDArray[np.float64]:
    return _steady(seen.face[name])


def _steady(values: Real) -> NDArray[np.float64]:
    """Median of five, since landmarks slip for a frame or two; NaN stays where there is no face."""
    found = np.isfinite(values)
    if len(values) <= 5 or not found.any():
        return np.asarray(values)
    nearest = ndimage.distance_transform_edt(~found, return_distances=False, return_indices=True)[0]
    return np.where(found, ndimage.median_filter(values[nearest], 5, mode="nearest"), np.nan)
