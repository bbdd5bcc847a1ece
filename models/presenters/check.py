"""Does a face tracker see what was asked of the face? Run where mediapipe 0.10.21 and PyAV are installed:

    python -m models.presenters.check nora/nora.mp4 nora.avatar

Prints how often the face is found, sizes in pixels, the closed and the open mouth, the correlation of
measured lip gap and mouth width with what the weights sent make of the face's geometry, and the jumps where
the listening loop and each gesture lead back to their beginning: in the recording and, where a package made
of it is given, in its clips as a player decodes them.
"""

from __future__ import annotations

import io
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import av
import mediapipe
import numpy as np
from numpy.typing import NDArray

UPPER_INNER, LOWER_INNER, LEFT_CORNER, RIGHT_CORNER = 13, 14, 291, 61
LEFT_EYE_OUTER, RIGHT_EYE_OUTER = 263, 33
"""Numbers of mediapipe's face mesh."""

PATCH = 8
"""Pixels: a keyframe changes single ones by a grey level, which nobody sees; patches are seen."""


def main(path: Path) -> None:
    """Measure one recording."""
    sent = np.load(path.with_suffix("").with_suffix(".weights.npz"))
    mesh = mediapipe.solutions.face_mesh.FaceMesh(refine_landmarks=True, max_num_faces=1)
    gaps: list[float] = []
    widths: list[float] = []
    eyes: list[float] = []
    found: list[bool] = []
    loops = [("listening", 0, int(sent["cycle"]))]
    loops += [(str(n), int(a), int(b)) for n, (a, b) in zip(sent["gestures"], sent["windows"], strict=True)]
    kept: dict[int, NDArray[np.float32]] = {}
    steps: list[float] = []
    before: NDArray[np.float32] | None = None
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="rgb24")
            small = patches(frame.to_ndarray(format="gray"))
            if len(found) in {edge for loop in loops for edge in loop[1:]}:
                kept[len(found)] = small
            steps.append(0.0 if before is None else float(np.abs(small - before).max()))
            before = small
            faces = mesh.process(picture).multi_face_landmarks
            found.append(bool(faces))
            if not faces:
                for column in (gaps, widths, eyes):
                    column.append(np.nan)
                continue
            size = np.array([picture.shape[1], picture.shape[0]])
            at = np.array([(p.x, p.y) for p in faces[0].landmark]) * size
            gaps.append(float(np.linalg.norm(at[UPPER_INNER] - at[LOWER_INNER])))
            widths.append(float(np.linalg.norm(at[LEFT_CORNER] - at[RIGHT_CORNER])))
            eyes.append(float(np.linalg.norm(at[LEFT_EYE_OUTER] - at[RIGHT_EYE_OUTER])))
    gap, width = np.array(gaps), np.array(widths)
    opening = np.maximum(sent["lip_gap"][: len(gap)], 0)
    wide = sent["lip_width"][: len(gap)]
    listening = slice(0, int(sent["listen"] * 25) - 5)
    speaking = sent["mouth"][: len(gap)].any(axis=1)
    print(f"{len(gap)} frames, {speaking.sum()} speaking, face found in {np.mean(found):.1%}")
    print(f"outer eye corners {np.nanmean(eyes):.0f} px, mouth {np.nanmean(width[listening]):.0f} px wide")
    print(f"lip gap: listening {np.nanmean(gap[listening]):.2f} px, speaking up to {np.nanmax(gap):.1f} px")
    print(f"lip gap where lips are sent closed: {np.nanmean(gap[speaking & (opening <= 0)]):.2f} px")
    print(f"correlation with what was sent, gap: {correlation(gap, opening, speaking):.3f}")
    print(f"correlation with what was sent, width: {correlation(width, wide, speaking):.3f}")
    for name, first, end in loops:
        if end in kept:
            jump, usual = np.abs(kept[end] - kept[first]).max(), np.median(steps[first + 1 : end + 1])
            print(
                f"{name}: frame {end} differs from {first} by {jump:.2f} grey levels where most, "
                f"neighbours by {usual:.2f} (median)"
            )


def check_package(path: Path) -> None:
    """Print for each clip how far its end is from its start, by the patch that changes most."""
    with zipfile.ZipFile(path) as package:
        clips = [n for n in package.namelist() if n.endswith(".mp4") and not n.endswith(".alpha.mp4")]
        for name in sorted(clips):
            with av.open(io.BytesIO(package.read(name))) as container:
                frames = [patches(f.to_ndarray(format="gray")) for f in container.decode(video=0)]
            steps = [float(np.abs(b - a).max()) for a, b in pairwise(frames)]
            jump = float(np.abs(frames[0] - frames[-1]).max())
            print(
                f"{path.name} {name}: the end differs from the start by {jump:.2f} grey levels where most, "
                f"neighbours by {np.median(steps):.2f} (median)"
            )


def patches(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean brightness of each PATCH by PATCH pixels."""
    high, wide = (side // PATCH for side in grey.shape)
    cut = grey[: high * PATCH, : wide * PATCH].astype(np.float32)
    return np.asarray(cut.reshape(high, PATCH, wide, PATCH).mean(axis=(1, 3)), np.float32)


def correlation(measured: NDArray[np.float64], sent: NDArray[np.float64], where: NDArray[np.bool_]) -> float:
    """Pearson's, over the frames in which the mouth is active and the face was found."""
    there = where & ~np.isnan(measured)
    return float(np.corrcoef(measured[there], sent[there])[0, 1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    for package in sys.argv[2:]:
        check_package(Path(package))
