"""Do the lips stay shut when nobody speaks? python -m models.mouth.quiet [--minutes 10] [--after speech.wav].

Noise, music, breath, keyboards and more (noises.py), at five levels, go through renderer.features and
renderer.mouth as an avatar hears them. Their seeds are none that training uses, and some kinds training
never hears at all. Every sound begins at once and at full strength in a fresh stream: the hardest case.
With --after somebody has spoken in that stream until then: a breath may part the lips, others should not.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renderer.audio import load_sound
from renderer.features import FeatureExtractor
from renderer.mouth import MouthNetwork, MouthStream
from renderer.resources import mouth_network
from renderer.settings import ANALYSIS_RATE, FPS, TICK
from renderer.types import AudioChunk, MouthFrame, Samples

from .din.noises import HELD_OUT, KINDS, make

LEVELS = (-60, -48, -36, -24, -12)
"""Root mean square of a whole sound in dB of full scale. Sounds with gaps are louder than that between
them, and turned down as far as their peaks need to fit."""

SHUT = 0.1
"""Drawn lip_gap, in typical deviations, under which nobody sees the lips part: 0.008 mouth widths, which is
half a pixel of a mouth 64 pixels wide. That is a head and shoulders at 720p."""

GAP = 1

SETTLED = 0.6
"""Seconds after speech from which on lips are to be shut."""

NOTHING = np.zeros(0, np.float32)

SEED = 0x5117
"""First of the seeds, far from those of training, which counts from 0."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One sound at one level."""

    kind: str
    level: int
    shut: float
    """Share of the frames with the lips shut."""

    widest: float
    """The largest lip_gap drawn."""


def said(network: MouthNetwork, samples: Samples) -> list[MouthFrame]:
    """What the mouth does to a sound at 16 kHz, a frame per tick."""
    extractor, stream = FeatureExtractor(), MouthStream(network)
    ticks = [*extractor.push(AudioChunk(samples, 0)), *extractor.flush()]
    return [*(frame for tick in ticks for frame in stream.push(tick)), *stream.flush()]


def drawn_gap(frames: list[MouthFrame]) -> NDArray[np.float32]:
    """lip_gap as it is seen, faded by presence, shape (n,)."""
    return np.array([frame.weights[GAP] * frame.presence for frame in frames], np.float32)


def at_level(samples: Samples, level: float) -> Samples:
    """The sound with this root mean square in dB, or as near to it as its peaks allow."""
    now = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
    gain = min(10 ** (level / 20) / max(now, 1e-9), 1 / max(float(np.abs(samples).max()), 1e-9))
    return np.asarray(samples * np.float32(gain), np.float32)


def sounds(minutes: float) -> Iterator[tuple[str, int, Samples]]:
    """Every kind at every level, all equally long, so many minutes together."""
    kinds = (*KINDS, *HELD_OUT)
    seconds = length(minutes)
    for number, kind in enumerate(kinds):
        for level in LEVELS:
            random = np.random.default_rng((SEED, number, -level))
            yield kind, level, at_level(make(kind, seconds, random), level)


def length(minutes: float) -> float:
    """Seconds of each sound."""
    return minutes * 60 / len((*KINDS, *HELD_OUT)) / len(LEVELS)


def judge(network: MouthNetwork, minutes: float, before: Samples = NOTHING) -> list[Cell]:
    """How the mouth does in every sound, with this speech at 16 kHz before it."""
    cells = []
    first = len(before) // TICK + (round(SETTLED * FPS) if len(before) else 0)
    for kind, level, samples in sounds(minutes):
        gap = drawn_gap(said(network, np.concatenate([before, samples])))[first:]
        cells.append(Cell(kind, level, float((gap < SHUT).mean()), float(gap.max())))
    return cells


def share(cells: list[Cell]) -> float:
    """Share of all frames with the lips shut."""
    return float(np.mean([cell.shut for cell in cells]))


def main() -> None:
    """Print a table of kinds and levels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--network", type=Path, default=mouth_network())
    parser.add_argument("--after", type=Path, help="a recording heard before each sound, not judged")
    options = parser.parse_args()
    if options.after and length(options.minutes) <= SETTLED:
        parser.error(
            f"--minutes {options.minutes:g}: sounds of {length(options.minutes):.1f} s; over {SETTLED:g} "
            "expected with --after, since what comes before is not judged; ask for more minutes"
        )
    before = NOTHING if options.after is None else load_sound(options.after, ANALYSIS_RATE)
    cells = judge(MouthNetwork.open(options.network), options.minutes, before)
    print("frames with the lips shut, in percent, by RMS in dB of full scale\n")
    print(f"{'kind':12}" + "".join(f"{level:7d}" for level in LEVELS) + "    all   widest gap")
    for kind in (*KINDS, *HELD_OUT):
        row = [cell for cell in cells if cell.kind == kind]
        print(
            f"{kind + ('*' if kind in HELD_OUT else ''):12}"
            + "".join(f"{100 * cell.shut:7.1f}" for cell in row)
            + f"{100 * share(row):7.1f}{max(cell.widest for cell in row):9.2f}"
        )
    columns = [share([cell for cell in cells if cell.level == level]) for level in LEVELS]
    print(f"{'all':12}" + "".join(f"{100 * part:7.1f}" for part in columns) + f"{100 * share(cells):7.1f}")
    unheard = share([cell for cell in cells if cell.kind in HELD_OUT])
    print(f"\n* never heard in training: {100 * unheard:.1f}")


if __name__ == "__main__":
    main()
