"""Do the lips of a package do what they are sent? Run where mediapipe 0.10.21 is installed:

    python -m models.presenters.driven nora.avatar english.wav mandarin.wav

Each sound is said by the avatar. A face tracker measures the lips in the pictures as it measures films
(renderer/studio/mouthspace.py), and what it finds is compared with what the mouth network sent.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.mouth.evaluation.predictors import GAP, WIDTH, Mouth, speak
from models.mouth.evaluation.rendered import rendered
from renderer.audio import load_sound
from renderer.avatar import open_avatar
from renderer.mouth import MouthNetwork
from renderer.package import manifest
from renderer.resources import mouth_network
from renderer.settings import ANALYSIS_RATE
from renderer.types import MouthFrame

MOVED = 0.05
"""Typical deviations from rest below which nothing was sent, and any tracker's trembling is all there is."""


class Agreement(NamedTuple):
    """How like what was sent the lips in the pictures move."""

    gap: float
    width: float
    """Pearson's correlation of the lip gap, and of the mouth's width, -1 to 1."""

    opening: float
    """How far the lips open, times what was sent."""


def main(avatar: Path, sounds: list[Path]) -> None:
    """Print the agreement over each sound."""
    network = MouthNetwork.open(mouth_network())
    with open_avatar(avatar) as opened:
        for path in sounds:
            samples = load_sound(path, ANALYSIS_RATE)
            frames, _ = speak(network, samples)
            sent = limited(frames, opened.manifest.mouth)
            found = compare(sent, rendered(opened, samples, ANALYSIS_RATE))
            print(
                f"{avatar.name} {path.name}: correlation with what was sent, gap {found.gap:.3f}, "
                f"width {found.width:.3f}; opens {found.opening:.2f} times as far"
            )


def limited(frames: Iterable[MouthFrame], mouth: manifest.Mouth) -> Mouth:
    """What the lips are to show: weights as renderer/lips.py takes them, faded by presence."""
    gain, low, high = (np.array(part, np.float32) for part in (mouth.gain, mouth.low, mouth.high))
    return np.stack([np.clip(f.weights * gain, low, high) * np.float32(f.presence) for f in frames])


def compare(sent: Mouth, seen: Mouth) -> Agreement:
    """Over the frames in which lips were sent anywhere but to rest, and the face was found.

    Frames at the end that only one of the two has are left out. Raises ValueError where fewer than two count.
    """
    frames = min(len(sent), len(seen))
    sent, seen = sent[:frames], seen[:frames]
    there = (np.abs(sent).max(axis=1) > MOVED) & np.isfinite(seen).all(axis=1)
    if there.sum() < 2:
        raise ValueError(f"{there.sum()} frames with moving lips; at least 2 are needed, use a longer sound")
    sent, seen = sent[there], seen[there]
    gap, width = (float(np.corrcoef(sent[:, k], seen[:, k])[0, 1]) for k in (GAP, WIDTH))
    return Agreement(gap, width, float(np.polyfit(sent[:, GAP], seen[:, GAP], 1)[0]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
