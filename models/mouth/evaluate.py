"""Judge a mouth network the way it runs in an avatar: python -m models.mouth.evaluate [--plot DIR].

The sound of every filmed recording goes through renderer.features and renderer.mouth; what comes out is
compared with what was filmed, next to what loudness alone would have said.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renderer.features import FeatureExtractor
from renderer.mouth import MouthNetwork, MouthStream
from renderer.resources import mouth_network
from renderer.settings import ANALYSIS_RATE
from renderer.types import AudioChunk, MouthFrame, Samples

from .measure import measure, with_landmarks
from .recordings import DATA, FILMED, WORK, filmed, judged, sound
from .scores import best_lag, closure_recall, correlation, loudness
from .speech import voice

GAP, WIDTH = 1, 3


@dataclass(frozen=True, slots=True)
class Score:
    """One recording's figures."""

    name: str
    gap: float
    width: float
    lag: int
    """Ticks the picture is behind the sound."""

    loudness: float
    """What loudness alone reaches."""

    speaking: float
    """As gap, but only from shortly before the sound to shortly after it: breaths do not count."""

    closures: tuple[int, int]
    strength: float
    """Deviation of the said gap over that of the filmed one."""


def speak(network: MouthNetwork, samples: Samples) -> tuple[list[MouthFrame], NDArray[np.float32]]:
    """The mouth of a recording, a frame per tick, and the level of every tick."""
    extractor, stream = FeatureExtractor(), MouthStream(network)
    ticks = [*extractor.push(AudioChunk(samples, 0)), *extractor.flush()]
    frames = [frame for tick in ticks for frame in stream.push(tick)]
    return [*frames, *stream.flush()], np.array([tick.level for tick in ticks], np.float32)


def drawn(frames: Iterable[MouthFrame]) -> NDArray[np.float32]:
    """Weights as they are seen: faded by presence, shape (n, 10)."""
    return np.stack([frame.weights * np.float32(frame.presence) for frame in frames])


def score(
    name: str, said: NDArray[np.float32], level: NDArray[np.float32], weights: NDArray[np.float32]
) -> Score:
    """Compare what was said with what was filmed, at the lag where they agree best."""
    n = min(len(said), len(weights))
    said, weights, level = said[:n], weights[:n], level[:n]
    lag, gap = best_lag(said[:, GAP], weights[:, GAP])
    early = np.roll(weights[:, GAP], -lag)[: n - max(0, lag)]
    return Score(
        name,
        gap,
        correlation(said[:, WIDTH], weights[:, WIDTH], lag),
        lag,
        best_lag(loudness(level), weights[:, GAP])[1],
        correlation(said[:, GAP], np.where(near_speech(level), weights[:, GAP], np.nan), lag),
        closure_recall(said[: len(early), GAP], early),
        float(said[:, GAP].std() / np.nanstd(weights[:, GAP])),
    )


def near_speech(level: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Ticks from four before speech to four after it."""
    return np.asarray(np.convolve(voice(level), np.ones(9), "same") > 0)


def stillness(network: MouthNetwork) -> dict[str, float]:
    """Largest weight drawn, in deviations, in ten seconds of silence and of noise that never speaks."""
    random = np.random.default_rng(0)
    found = {}
    for decibels in (None, -60, -45, -30):
        samples = np.zeros(10 * ANALYSIS_RATE, np.float32)
        if decibels is not None:
            samples += (10 ** (decibels / 20) * random.standard_normal(len(samples))).astype(np.float32)
        frames, _ = speak(network, samples)
        name = "digital silence" if decibels is None else f"noise at {decibels} dB"
        found[name] = float(np.abs(drawn(frames)).max())
    return found


def plot(
    path: Path, title: str, said: NDArray[np.float32], filmed: NDArray[np.float32], frames: list[MouthFrame]
) -> None:
    """Draw said and filmed gap and width under each other."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 1, figsize=(16, 7), sharex=True)
    for axis, weight, name in zip(axes, (GAP, WIDTH), ("lip_gap", "width"), strict=True):
        axis.plot(filmed[:400, weight], "k", label="filmed")
        axis.plot(said[:400, weight], "r", label="said")
        axis.plot([frame.presence for frame in frames[:400]], "g", linewidth=0.7, label="presence")
        axis.set_ylabel(name)
    axes[0].set_title(title)
    axes[0].legend()
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    pyplot.close(figure)


def main() -> None:
    """Print a table per recording and group."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--network", type=Path, default=mouth_network())
    parser.add_argument("--plot", type=Path, help="folder for a picture per recording")
    options = parser.parse_args()
    network = MouthNetwork.open(options.network)
    for group in FILMED:
        recordings = filmed(options.data, group)
        if group == "grid_s1":
            recordings = with_landmarks(recordings, options.work)
        rows = measure(recordings, options.work)
        if group == "grid_s1":
            unheard = judged([row.recording.name for row in rows])
            rows = [row for row in rows if row.recording.name in unheard]
        if not rows:
            print(f"{group:14} nothing measured; run models.mouth.measure first\n")
            continue
        scores = []
        for row in rows:
            frames, level = speak(network, sound(row.recording.path))
            said = drawn(frames)
            one = score(row.recording.name, said, level, row.weights)
            scores.append(one)
            if group != "grid_s1":
                print(
                    f"{one.name:28} gap {one.gap:5.2f}  width {one.width:5.2f}  lag {one.lag:2d}  "
                    f"speaking {one.speaking:5.2f}  loudness {one.loudness:5.2f}  "
                    f"strength {one.strength:4.2f}"
                )
            if options.plot and (group != "grid_s1" or len(scores) <= 4):
                title = f"{one.name}: gap {one.gap:.2f} at lag {one.lag}, width {one.width:.2f}"
                shifted = np.roll(row.weights, -one.lag, axis=0)
                plot(options.plot / f"{one.name}.png", title, said, shifted, frames)
        found, every = np.sum([one.closures for one in scores], axis=0)
        print(
            f"{group:14} {len(scores)} recordings, medians: "
            f"gap {np.median([one.gap for one in scores]):.2f}  "
            f"speaking {np.median([one.speaking for one in scores]):.2f}  "
            f"width {np.median([one.width for one in scores]):.2f}  "
            f"loudness {np.median([one.loudness for one in scores]):.2f}  closures {found}/{every}\n"
        )
    for name, weight in stillness(network).items():
        print(f"{name:18} largest drawn weight {weight:.3f}")


if __name__ == "__main__":
    main()
