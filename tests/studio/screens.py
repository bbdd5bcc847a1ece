"""People before green and white screens, with the matte they were put there by: what keying is judged on.

`python tests/studio/screens.py FILM ...` puts people, cut out by a film's own matte, before a screen that is
lit unevenly, wrinkled and reflected on them, adds noise, codes it as cameras do, keys it, and prints how far
the result is from the truth. Who has no matte is cut out by a network, and gets strands of hair of our own.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from faces import write_film
from numpy.typing import NDArray

from renderer.studio.footage import Picture, pictures, pictures_with_alpha, probe
from renderer.studio.matte.keying import Keyer
from renderer.studio.matte.screen import learn_screen

Real = NDArray[np.floating[Any]]

GREEN = (52.0, 168.0, 72.0)
WHITE = (233.0, 234.0, 231.0)


@dataclass(frozen=True)
class Figures:
    """Keyed against the truth."""

    error: float
    """Mean difference of the mattes over the picture, in shares of 1."""

    edge: float
    """The same where the true matte is neither 0 nor 1."""

    colour: float
    """Mean difference in levels from the true picture before another background, at the edge."""

    spill: float
    """Levels by which the person's colours are greener at the edge than they should be."""

    flicker: float
    """Mean change of the matte from picture to picture over that of the true one, at the edge."""

    def __str__(self) -> str:
        return (
            f"matte off by {self.error:.4f}, at the edge by {self.edge:.3f}; "
            f"edge colour by {self.colour:.1f}, green by {self.spill:+.1f}; flicker {self.flicker:.2f}"
        )


def screen(height: int, width: int, colour: tuple[float, float, float] = GREEN) -> NDArray[np.float32]:
    """A screen lit from one side, with soft folds, shape (height, width, 3)."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    light = 1.12 - 0.35 * (x / width) - 0.12 * (y / height) ** 2
    folds = 0.03 * np.sin(x / width * 23 + 2 * np.sin(y / height * 3)) * np.sin(y / height * 5 + 1)
    if colour == WHITE:
        light = 1.06 - 0.12 * (x / width)
    return np.asarray((light + folds)[..., None] * np.array(colour, np.float32), np.float32)


def before(
    person: Real,
    alpha: Real,
    behind: Real,
    chance: np.random.Generator,
    *,
    spill: float = 0.12,
    noise: float = 4.0,
) -> Picture:
    """The person before the screen, its light on her edges, and the camera's noise.

    `person` (h, w, 3), `alpha` (h, w) in [0, 1], `behind` (h, w, 3), all 0 to 255.
    """
    inside = cv2.distanceTransform((alpha > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    reach = 0.02 * min(alpha.shape)
    lit = person + spill * np.exp(-inside / reach)[..., None] * behind
    mixed = alpha[..., None] * lit + (1 - alpha[..., None]) * behind
    return np.asarray(np.clip(mixed + chance.normal(0, noise, mixed.shape), 0, 255), np.uint8)


def strands(shape: tuple[int, int], middle: tuple[float, float], radius: float, count: int = 160) -> Real:
    """Opacity of hair that stands off a head, shape (h, w): thin curves around `middle`."""
    chance = np.random.default_rng(7)
    drawn = np.zeros(shape, np.uint8)
    for _ in range(count):
        angle, bend = chance.uniform(-np.pi, 0), chance.normal(0, 0.25)
        length = radius * chance.uniform(1.0, 1.22)
        t = np.linspace(0.8, 1.0, 12)
        x = middle[0] + length * t * np.cos(angle + bend * (t - 0.8))
        y = middle[1] + 1.2 * length * t * np.sin(angle + bend * (t - 0.8))
        line = np.rint(np.stack([x, y], axis=1) * 16).astype(np.int32)
        cv2.polylines(drawn, [line], False, (float(chance.integers(60, 230)),), 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.6).astype(np.float32) / 255)


def figure(count: int, height: int = 288, width: int = 384, sway: float = 6.0) -> list[tuple[Real, Real]]:
    """Somebody of no more than a head with hair, a neck and shoulders: true colours and mattes."""
    chance = np.random.default_rng(5)
    grain = cv2.GaussianBlur(chance.normal(0, 30, (height, width, 3)).astype(np.float32), (0, 0), 2.0)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    people = []
    for number in range(count):
        middle = width / 2 + sway * np.sin(number / 3)
        head = 1 - np.hypot((x - middle) / 62, (y - 110) / 80)
        body = np.minimum((x - middle + 150) / 60, (middle + 150 - x) / 60) - np.clip((240 - y) / 50, 0, 9)
        neck = np.minimum(1 - np.abs(x - middle) / 28, (y - 150) / 20)
        alpha = np.clip(np.maximum(np.maximum(head * 40, body * 20), neck * 20) + 0.5, 0, 1)
        colour = np.where((y > 195)[..., None], (40.0, 60.0, 120.0), (208.0, 160.0, 138.0)) + grain
        hair = (np.hypot((x - middle) / 62, (y - 110) / 80) > 0.72) & (y < 110)
        dark = np.array((52, 38, 30), np.float32)
        colour = np.where(hair[..., None], dark + 0.4 * grain, colour)
        loose = strands(alpha.shape, (middle, 110.0), 66.0, 70)
        colour = np.where((loose > alpha)[..., None], dark, colour)
        people.append((colour.clip(0, 255).astype(np.float32), np.maximum(alpha, loose)))
    return people


def compare(
    keyed: list[tuple[Picture, Picture]],
    truth: list[tuple[Real, Real]],
    behind: tuple[int, ...] = (120, 40, 160),
) -> Figures:
    """Judge keyed (colour, matte) by true (colour, matte in [0, 1])."""
    errors, edges, colours, greens, changes, true_changes = [], [], [], [], [], []
    last: tuple[Real, Real] | None = None
    for (colour, matte), (person, alpha) in zip(keyed, truth, strict=True):
        own = matte.astype(np.float32) / 255
        edge = cv2.dilate(((alpha > 0.02) & (alpha < 0.98)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        errors.append(np.abs(own - alpha).mean())
        edges.append(np.abs(own - alpha)[edge].mean())
        shown = own[..., None] * colour + (1 - own[..., None]) * np.array(behind, np.float32)
        right = alpha[..., None] * person + (1 - alpha[..., None]) * np.array(behind, np.float32)
        apart = (shown - right)[edge]
        colours.append(np.abs(apart).mean())
        spilt = colour[edge].astype(np.float32) - person[edge]
        seen = alpha[edge]
        greens.append(float(np.average(spilt[:, 1] - spilt[:, [0, 2]].mean(axis=1), weights=seen)))
        if last is not None:
            changes.append(np.abs(own - last[0])[edge].mean())
            true_changes.append(np.abs(alpha - last[1])[edge].mean())
        last = own, alpha
    flicker = float(np.mean(changes)) / max(float(np.mean(true_changes)), 1e-4)
    error, edge_error, off, green = (float(np.mean(some)) for some in (errors, edges, colours, greens))
    return Figures(error, edge_error, off, green, flicker)


def key(film: Path, kind: Any) -> list[tuple[Picture, Picture]]:
    """A film's pictures, keyed."""
    with av.open(str(film)) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    keyer = Keyer(learn_screen(shown[:: max(1, len(shown) // 40)], kind))
    return [keyer.cut(picture) for picture in shown]


def people(path: Path, count: int) -> Iterator[tuple[Real, Real]]:
    """Colours and matte of a film that carries one."""
    for picture, matte in itertools.islice(pictures_with_alpha(probe(path)), count):
        alpha = matte.astype(np.float32) / 255
        # the film's own background must not pass for the person's edge
        colour, solid = picture.astype(np.float32), cv2.erode(alpha, np.ones((5, 5), np.uint8)) > 0.99
        beyond = _beyond(colour, solid.astype(np.float32))
        yield np.where(solid[..., None], colour, beyond), alpha


def milo(path: Path, count: int) -> Iterator[tuple[Real, Real]]:
    """Colours of a film that has no matte, with one that a network guessed, and hair of our own."""
    import mediapipe

    with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as cutter:
        for picture in itertools.islice(pictures(probe(path)), count):
            guess = cv2.GaussianBlur(cutter.process(picture).segmentation_mask, (0, 0), 2.0)
            alpha = np.clip((guess - 0.5) * 4 + 0.5, 0, 1)
            rows, columns = np.nonzero(alpha > 0.5)
            top, middle = float(rows.min()), float(columns[rows < rows.min() + 40].mean())
            radius = 0.15 * picture.shape[0]
            hair = strands(alpha.shape, (middle, top + 1.05 * radius), radius)
            colour = picture.astype(np.float32)
            outside = (np.clip(hair, 0, 1) * (1 - alpha))[..., None]
            solid = cv2.erode(alpha, np.ones((11, 11), np.uint8)) > 0.99
            colour = np.where(solid[..., None], colour, _beyond(colour, solid.astype(np.float32)))
            colour = colour + outside * (np.array((46, 34, 28), np.float32) - colour)
            yield colour, np.maximum(alpha, hair)


def _beyond(colour: Real, solid: Real) -> Real:
    """Colours carried out of the solid part of a person."""
    result = np.zeros_like(colour)
    for sigma in (40.0, 12.0, 4.0, 1.5):
        near = cv2.GaussianBlur(solid, (0, 0), sigma)[..., None]
        mean = cv2.GaussianBlur(colour * solid[..., None], (0, 0), sigma) / np.maximum(near, 1e-6)
        result += np.clip(near / 0.05, 0, 1) * (mean - result)
    return result


def trial(
    truth: list[tuple[Real, Real]], kind: str, folder: Path, crf: int = 20
) -> tuple[Figures, float, Path]:
    """Put people before a screen, code it, key it, and compare; also seconds a picture, and the film."""
    chance = np.random.default_rng(3)
    height, width = truth[0][1].shape
    behind = screen(height, width, GREEN if kind == "green" else WHITE)
    spill = 0.12 if kind == "green" else 0.0
    film = write_film(
        folder / f"{kind}.mp4", [before(p, a, behind, chance, spill=spill) for p, a in truth], crf=crf
    )
    began = time.perf_counter()
    keyed = key(film, kind)
    return compare(keyed, truth), (time.perf_counter() - began) / len(truth), film


if __name__ == "__main__":
    for name in sys.argv[1:]:
        source = Path(name)
        made = people if probe(source).has_alpha else milo
        known = list(made(source, 60))
        with tempfile.TemporaryDirectory() as work:
            for what in ("green", "white"):
                figures, seconds, _ = trial(known, what, Path(work))
                print(f"{source.name} {what}: {figures}; {seconds:.2f} s a picture")
