"""The background: filmed on site, or a green, blue or white screen, and how good that is."""

from __future__ import annotations

import colorsys
from typing import Literal

import numpy as np

from .findings import Finding, Status, spans_where
from .looking import Look

Kind = Literal["green", "blue", "white", "keyed"]

COVERS = 0.7
"""Share of what is behind the person that has one colour, from which on it is a screen ..."""

RING = 0.8
"""... and share of the picture's rim."""

HUES = {"green": (75, 165), "blue": (205, 260)}
"""Degrees on the colour circle."""

SATURATED = 0.45

PURE = 14
"""Levels by which a keyed background may miss (0, 255, 0) after coding."""

UNEVEN = (0.35, 0.7)
"""Difference of the brightest and darkest twentieth over the middle: warns, fails."""

WRINKLED = 0.04
"""Relative deviation within a small neighbourhood: folds, objects, shadows."""

GAPS = 0.97
"""Share of the screen's colour behind the person under which other things are seen."""

TINTED = (0.04, 0.2)
"""Share of the person that is greener than red and blue: warns, fails."""

CLOTHES = 0.3
"""Share of what is under the chin that has the screen's colour."""


def judge_screen(seen: Look) -> list[Finding]:
    """Background, spill and clothes; only the first where there is no screen."""
    kind = screen_of(seen)
    scene = seen.scene
    if kind is None:
        return [Finding("screen", "pass", "none: the background is kept as filmed (R-D12)")]
    if kind == "keyed":
        return [Finding("screen", "pass", "keyed already, on pure green: it stays green (R-D10)")]
    findings = [_evenness(seen, kind)]
    torso = np.nan_to_num(scene["torso"])
    alike = spans_where(torso > CLOTHES, scene["time"], join=1.0)
    share = float(np.median(torso))
    if kind == "white":
        # an inner layer may be white
        status: Status = "warn" if share > CLOTHES else "pass"
        return [
            *findings,
            Finding(
                "clothes", status, f"{share:.0%} under the chin is white", alike if status != "pass" else ()
            ),
        ]
    tinted = float(np.nanmedian(scene["tinted"])) if np.isfinite(scene["tinted"]).any() else 0.0
    if kind == "green":
        spill: Status = "fail" if tinted > TINTED[1] else "warn" if tinted > TINTED[0] else "pass"
        if share > CLOTHES and spill != "pass":
            findings.append(Finding("spill", "unknown", "the clothes are green themselves"))
        else:
            where = spans_where(np.nan_to_num(scene["tinted"]) > TINTED[0], scene["time"], join=1.0)
            findings.append(Finding("spill", spill, f"{tinted:.0%} of the person is greenish", where))
    status = "fail" if share > CLOTHES else "pass"
    figure = f"{share:.0%} under the chin has the screen's colour"
    return [*findings, Finding("clothes", status, figure, alike if status != "pass" else ())]


def screen_of(seen: Look) -> Kind | None:
    """What kind of screen is behind the person; None where the background is on site."""
    scene = seen.scene
    if not len(scene["share"]) or not np.isfinite(scene["share"]).any():
        return None
    share, ring = float(np.nanmedian(scene["share"])), float(np.nanmedian(scene["ring"]))
    if share < COVERS or ring < RING:
        return None
    red, green, blue = (float(np.nanmedian(scene[name])) for name in ("red", "green", "blue"))
    if max(red, 255 - green, blue) <= PURE:
        return "keyed"
    hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if saturation >= SATURATED and value > 0.2:
        for name, (low, high) in HUES.items():
            if low <= hue * 360 <= high and float(np.nanmedian(scene["wrinkled"])) < 2 * WRINKLED:
                return "green" if name == "green" else "blue"
    return "white" if saturation < 0.12 and value > 0.75 and ring > 0.9 else None


def _evenness(seen: Look, kind: Kind) -> Finding:
    scene = seen.scene
    uneven, wrinkled = float(np.nanmedian(scene["uneven"])), float(np.nanmedian(scene["wrinkled"]))
    share = float(np.nanmedian(scene["share"]))
    status: Status = "pass"
    notes = [f"{kind}, brightness within {uneven:.0%}"]
    if uneven > UNEVEN[0]:
        status = "fail" if uneven > UNEVEN[1] else "warn"
        notes.append("lit unevenly")
    if wrinkled > WRINKLED:
        status = "warn" if status == "pass" else status
        notes.append("wrinkles or shadows")
    if share < GAPS:
        status = "warn" if status == "pass" else status
        notes.append(f"{1 - share:.0%} behind the person is something else")
    if kind == "blue":
        status = "warn" if status == "pass" else status
        notes.append("blue is not keyed here: supply a matte")
    return Finding("screen", status, "; ".join(notes))
