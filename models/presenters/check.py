"""Does a face tracker see what was asked of the face? Run where mediapipe 0.10.21 and PyAV are installed:

    python -m models.presenters.check presenter/milo.mp4

Prints how often the face is found, sizes in pixels, the closed and the open mouth, the correlation of the
measured lip opening with the jaw and lip weights sent, and the jump where the listening loop closes.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import av
import mediapipe
import numpy as np

from .performance import CYCLE, LISTEN

UPPER_INNER, LOWER_INNER, LEFT_CORNER, RIGHT_CORNER = 13, 14, 291, 61
LEFT_EYE_OUTER, RIGHT_EYE_OUTER = 263, 33
"""Numbers of mediapipe's face mesh."""


def main(path: Path) -> None:
    """Measure one recording."""
    sent = np.load(path.with_suffix("").with_suffix(".weights.npz"))
    names = list(sent["names"])
    mesh = mediapipe.solutions.face_mesh.FaceMesh(refine_landmarks=True, max_num_faces=1)
    gaps: list[float] = []
    widths: list[float] = []
    eyes: list[float] = []
    found: list[bool] = []
    pictures = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="rgb24")
            pictures.append(picture[::2, ::2].astype(np.int16))
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
    mouth = sent["mouth"][: len(gap)]
    weight = {name: mouth[:, k] for k, name in enumerate(names)}
    opening = np.maximum(sent["lip_gap"][: len(gap)], 0)
    rounding = weight["mouthPucker"] + weight["mouthFunnel"] - 0.6 * weight["mouthStretchLeft"]
    listening = slice(0, int(LISTEN * 25) - 5)
    speaking = mouth.any(axis=1)
    print(f"{len(gap)} frames, face found in {np.mean(found):.1%}")
    print(f"outer eye corners {np.nanmean(eyes):.0f} px, mouth {np.nanmean(width[listening]):.0f} px wide")
    print(f"lip gap: listening {np.nanmean(gap[listening]):.2f} px, speaking up to {np.nanmax(gap):.1f} px")
    print(f"lip gap where lips are sent closed: {np.nanmean(gap[speaking & (opening <= 0)]):.2f} px")
    print(f"correlation of the gap with the gap sent: {np.corrcoef(gap, opening)[0, 1]:.3f}")
    print(f"  while the mouth is active: {np.corrcoef(gap[speaking], opening[speaking])[0, 1]:.3f}")
    rounded = np.corrcoef(width[speaking], rounding[speaking])[0, 1]
    print(f"correlation of width with rounding sent: {rounded:.3f}")
    steps = [np.abs(a - b).mean() for a, b in itertools.pairwise(pictures[: CYCLE + 1])]
    closing = np.abs(pictures[CYCLE] - pictures[0]).mean()
    usual = np.median(steps)
    print(f"loop: frame {CYCLE} differs from frame 0 by {closing:.3f}, neighbours by {usual:.3f} (median)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
