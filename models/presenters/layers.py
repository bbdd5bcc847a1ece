"""The pictures a performance is made of: one body, a few dozen mouths, a few eyes, each rendered once.

Path tracing every frame would take hours. Instead the lower face is rendered for a few key mouths, spread
over all the shapes of the performance; repaint.py draws each frame's exact geometry with colours taken
from the nearest keys. More keys come closer to rendering every frame. All with the head straight:
motion.py turns it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from .human import Floats, Human
from .performance import Performance

SCALE = 1.5
"""Layers are rendered this much larger than the footage, which resamples them once."""

MOVING = 1.0
"""Of hands on their way: in the 40 ms that one is seen, nobody sees more of them."""

LID_LEVELS = (0.0, 0.2, 0.45, 0.75, 1.0)

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in footage pixels; even, so that it scales to whole pixels."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One picture to render."""

    name: str
    box: Box
    units: dict[str, float]
    gaze: tuple[float, float] = (0.0, 0.0)
    opened: float = 0.0
    """How far the hands are opened."""
    scale: float = SCALE
    """Pixels of the layer to one of the footage."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Which part of the picture each kind of layer covers."""

    whole: Box
    mouth: Box
    eyes: Box
    hands: Box | None = None
    """Where the picture changes when the hands open."""


def plus(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    """Weights added by name."""
    return {name: a.get(name, 0.0) + b.get(name, 0.0) for name in {**a, **b}}


def mouth_units(show: Performance, frame: int) -> dict[str, float]:
    """A frame's mouth weights by name."""
    return {name: float(w) for name, w in zip(show.mouth_names, show.mouth[frame], strict=True) if w}


def mouth_space(show: Performance, human: Human) -> Floats:
    """Mouth weights such that distance is the lips' mean travel in millimetres, (frames, dimensions)."""
    near = np.linalg.norm(human.unit("mouthClose")[:13380], axis=1) > 0.004
    moves = np.stack([human.unit(name)[:13380][near].ravel() for name in show.mouth_names])
    u, s, _vt = np.linalg.svd(moves, full_matrices=False)
    space: Floats = show.mouth @ (u * s) * 1000 / np.sqrt(near.sum())
    return space


def key_frames(space: Floats, count: int) -> list[int]:
    """Frames spread evenly over the shapes: rest first, then always the one farthest from all taken."""
    keys = [int(np.argmin(np.linalg.norm(space, axis=1)))]
    away = np.linalg.norm(space - space[keys[0]], axis=1)
    while len(keys) < count and away.max() > 0.05:
        keys.append(int(away.argmax()))
        away = np.minimum(away, np.linalg.norm(space - space[keys[-1]], axis=1))
    return keys


def key_layer(show: Performance, frame: int, rest: dict[str, float], boxes: Boxes) -> Layer:
    """The lower face as it is in one frame."""
    units = {name: round(weight, 4) for name, weight in mouth_units(show, frame).items()}
    digest = hashlib.sha256(json.dumps(sorted(units.items())).encode()).hexdigest()[:12]
    return Layer(f"mouth-{digest}" if units else "mouth-rest", boxes.mouth, plus(rest, units))


def eyes_layer(lid: float, gaze: tuple[float, float], rest: dict[str, float], boxes: Boxes) -> Layer:
    """The eyes for one lid weight and gaze; closed eyes look nowhere."""
    level = min(LID_LEVELS, key=lambda other: abs(other - lid))
    if level >= 0.45:
        gaze = (0.0, 0.0)
    shown = {name: w * (1 - level) if name.startswith("eyeWide") else w for name, w in rest.items()}
    name = f"eyes-{round(100 * level):03d}-{round(10 * gaze[0]):+03d}-{round(10 * gaze[1]):+03d}"
    return Layer(name, boxes.eyes, plus(shown, {"eyeBlinkLeft": level, "eyeBlinkRight": level}), gaze)


def eyes_of(show: Performance, frame: int, rest: dict[str, float], boxes: Boxes) -> Layer:
    """The eyes' layer of a frame."""
    gaze = (float(show.gaze[frame, 0]), float(show.gaze[frame, 1]))
    return eyes_layer(float(show.blink[frame]), gaze, rest, boxes)


def hands_layer(opened: float, rest: dict[str, float], boxes: Boxes) -> Layer:
    """The opened hands and all they shade."""
    assert boxes.hands is not None
    scale = SCALE if opened >= 1 else MOVING
    return Layer(f"hands-{round(1000 * opened):04d}", boxes.hands, dict(rest), opened=opened, scale=scale)


def needed(show: Performance, keys: list[int], rest: dict[str, float], boxes: Boxes) -> list[Layer]:
    """Every layer to render: body, eyes, then keys, the most telling first, then hands."""
    found = {"body": Layer("body", boxes.whole, dict(rest))}
    for layer in [eyes_of(show, k, rest, boxes) for k in range(len(show.mouth))]:
        found.setdefault(layer.name, layer)
    for layer in [key_layer(show, k, rest, boxes) for k in keys]:
        found.setdefault(layer.name, layer)
    for opened in np.unique(show.opened[show.opened > 0]):
        layer = hands_layer(float(opened), rest, boxes)
        found.setdefault(layer.name, layer)
    return list(found.values())
