"""Remakes docs/media/mouth-space.webp: what each weight of mouth space does, drawn and on Milo.

python docs/media/mouthspace.py [--landmarks DIR], from the checkout, with the extra [studio], matplotlib and
the landmarks that `python -m models.mouth.corpus.measure` keeps. The lines are the average of many people's
lips and chins, regressed on their weights: nobody's face.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from renderer.director import Shot  # noqa: E402
from renderer.face import Face  # noqa: E402
from renderer.lips import LipDecoder  # noqa: E402
from renderer.package.reader import open_package  # noqa: E402
from renderer.stance import ClipFrame  # noqa: E402
from renderer.store import find_avatar  # noqa: E402
from renderer.studio.mouthspace import (  # noqa: E402
    DEVIATION,
    WEIGHTS,
    distances,
    mouth_width,
    resting,
    without_pose,
)
from renderer.types import MouthFrame, State  # noqa: E402

Array = NDArray[np.float64]

AROUND = (
    ("jaw_drop", 1.0),
    ("lip_gap", 1.2),
    ("upper_lip_raise", 0.6),
    ("side_gap", 1.2),
    ("chin_raise", -0.6),
)
"""The mouth in the middle of each row, all else at rest: slightly open, so that it can also close."""

STEPS = (-2.0, 0.0, 2.0)

# Contours of mediapipe's mesh, from the left of the picture to the right; each is its own mirror image
OUTER_UPPER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
OUTER_LOWER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
INNER_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
JAW = (58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288)
CREASE = (194, 201, 200, 421, 418)
NOSE = (64, 98, 97, 2, 326, 327, 294)
CONTOURS = (OUTER_UPPER, OUTER_LOWER, INNER_UPPER, INNER_LOWER, JAW, CREASE, NOSE)
PROFILE = (1, 2, 164, 0, 11, 12, 13), (14, 15, 16, 17, 18, 200, 199, 175, 152)
POINTS = sorted({point for contour in (*CONTOURS, *PROFILE) for point in contour})

GRID = 40
"""Recordings of the one person filmed long that are looked at; the others have one each."""

MILO = (548, 306, 184, 160)
"""Left, top, width, height of his mouth in a 1280x720 picture."""


def shape(folder: Path) -> tuple[Array, Array]:
    """Points at rest (p, 3) and how they move by each weight (10, p, 3), in mouth widths, over all people."""
    people: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*__*.npz")):
        person = "grid_s1" if path.stem.startswith("grid_s1") else path.stem
        people.setdefault(person, []).append(path)
    rests, moves = [], []
    for paths in people.values():
        faces = without_pose(np.concatenate([np.load(path)["points"] for path in paths[:GRID]]))
        faces = faces[np.isfinite(faces[:, 0, 0])]
        rest, measured = resting(faces), distances(faces)
        width = np.median(mouth_width(faces)[rest])
        weights = (measured - np.median(measured[rest], axis=0)) / width / DEVIATION
        at = (faces[:, POINTS] - faces[:, [2]].mean(axis=0)) / width
        still = np.median(at[rest], axis=0)
        gram = weights.T @ weights + 0.01 * len(weights) * np.eye(len(WEIGHTS))
        moves.append(np.linalg.solve(gram, weights.T @ (at - still).reshape(len(at), -1)))
        rests.append(still)
    if not rests:
        raise SystemExit(f"no landmarks in {folder}; run python -m models.mouth.corpus.measure")
    everyone = np.mean(moves, axis=0).reshape(len(WEIGHTS), len(POINTS), 3)
    return np.mean(rests, axis=0), everyone


def around() -> Array:
    """The weights in the middle of each row."""
    middle = np.zeros(len(WEIGHTS))
    for name, value in AROUND:
        middle[WEIGHTS.index(name)] = value
    return middle


def line(points: Array, contour: tuple[int, ...], mirrored: bool = True) -> Array:
    """One contour, made symmetric, smooth: shape (n, 3)."""
    found = points[[POINTS.index(point) for point in contour]]
    if mirrored:
        found = (found + found[::-1] * np.array([-1.0, 1.0, 1.0])) / 2
    # Catmull and Rom's curve through the points
    padded = np.concatenate([2 * found[:1] - found[1:2], found, 2 * found[-1:] - found[-2:-1]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.concatenate([*pieces, found[-1:]])


def milos(steps: list[Array]) -> list[NDArray[np.uint8]]:
    """Milo's mouth at these weights, each (h, w, 3) R G B."""
    package = open_package(find_avatar("milo"))
    face = Face(package, "720p", LipDecoder(package))
    clip = next(name for name, clip in package.manifest.clips.items() if clip.role == "speaking")
    left, top, width, height = MILO
    pictures = []
    picture = np.empty((*face.size[::-1], 4), np.uint8)
    for weights in steps:
        mouth = MouthFrame(weights.astype(np.float32), 1.0, 0)
        face.draw(Shot(State.SPEAKING, ClipFrame(clip, 0)), mouth, 0, picture)
        pictures.append(picture[top : top + height, left : left + width, 2::-1].copy())
    face.close()
    package.close()
    return pictures


def main() -> None:
    """Write docs/media/mouth-space.webp."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landmarks", type=Path, default=Path("../mouth-work/landmarks"))
    parser.add_argument("--output", type=Path, default=HERE / "mouth-space.webp")
    options = parser.parse_args()
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rest, moves = shape(options.landmarks)
    middle = around()
    poses = [middle + step * np.eye(len(WEIGHTS))[index] for index in range(len(WEIGHTS)) for step in STEPS]
    pictures = milos(poses)
    figure, axes = pyplot.subplots(len(WEIGHTS), 9, figsize=(15, 15))
    for row, name in enumerate(WEIGHTS):
        axes[row, 0].set_ylabel(f"{row}  {name}", rotation=0, ha="right", va="center", fontsize=13)
        for column, step in enumerate(STEPS):
            pose = poses[3 * row + column]
            points = rest + np.tensordot(pose, moves, axes=1)
            front, side, milo = axes[row, column], axes[row, 3 + column], axes[row, 6 + column]
            for contour in CONTOURS:
                x, y, _ = line(points, contour).T
                front.plot(x, y, "k", linewidth=1.6 if contour in CONTOURS[:4] else 0.7)
            mouth = np.concatenate([line(points, INNER_UPPER), line(points, INNER_LOWER)[::-1]])
            front.fill(mouth[:, 0], mouth[:, 1], color="0.75")
            for part in PROFILE:
                _, y, z = line(points, part, mirrored=False).T
                side.plot(z, y, "k", linewidth=1.2)
            front.set(xlim=(-0.85, 0.85), ylim=(1.45, -0.12))
            side.set(xlim=(-0.4, 0.6), ylim=(1.45, -0.12))
            milo.imshow(pictures[3 * row + column])
            for axis in (front, side, milo):
                axis.set(xticks=[], yticks=[], aspect="equal")
                for edge in axis.spines.values():
                    edge.set_visible(False)
            if row == 0:
                for axis in (front, side, milo):
                    axis.set_title(f"{step:+g}" if step else "0", fontsize=13)
    figure.subplots_adjust(left=0.14, right=0.995, top=0.975, bottom=0.005, wspace=0.03, hspace=0.06)
    png = io.BytesIO()
    figure.savefig(png, dpi=80, facecolor="white")
    png.seek(0)
    with av.open(png) as drawn, av.open(str(options.output), "w", format="webp") as container:
        frame = next(drawn.decode(video=0))
        stream = container.add_stream("libwebp")
        stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "yuv420p"
        stream.options = {"quality": "75", "compression_level": "6"}
        container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    print(f"{options.output}: {options.output.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
