"""From filmed speech to mouth weights: python -m models.mouth.corpus.measure [--deviations]."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from renderer.settings import FPS
from renderer.studio import mouthspace
from renderer.studio.landmarks import find_faces

from .parts import parts
from .recordings import DATA, FILMED, WORK, Recording, filmed, picture_times, pictures

Pictures = Iterable[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A filmed mouth, one row per tick of 40 ms."""

    recording: Recording
    weights: NDArray[np.float32]
    """Shape (n, 10), NaN where no face was found."""


def landmarks(
    recording: Recording, work: Path, watch: Callable[[Pictures], Pictures] = iter
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Points (n, 478, 3) and times (n,) in seconds of a filmed recording, measured once and then kept.

    Whoever wants to show how far the measuring is may `watch` the pictures go by.
    """
    kept = _place(recording, work)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        points, found = find_faces(watch(pictures(recording.path)))
        times = picture_times(recording.path)
        half = kept.with_suffix(".part.npz")
        np.savez(half, points=points, found=found, times=times, fps=np.float64(FPS))
        half.replace(kept)
    with np.load(kept) as arrays:
        times = arrays["times"].astype(np.float64)
        return arrays["points"], times - times[0]


def with_landmarks(recordings: list[Recording], work: Path) -> list[Recording]:
    """Those whose landmarks were found before."""
    return [one for one in recordings if _place(one, work).exists()]


def measure(recordings: list[Recording], work: Path) -> list[Measured]:
    """Mouth weights of recordings at 25 a second; one speaker's recordings share one rest.

    In a recording that is cut, every part has a rest of its own: another person may be in it.
    """
    speakers: dict[str, list[Recording]] = {}
    for recording in recordings:
        speakers.setdefault(recording.speaker, []).append(recording)
    measured: list[Measured] = []
    for theirs in speakers.values():
        if len(theirs) == 1:
            measured.append(Measured(theirs[0], _in_parts(*landmarks(theirs[0], work))))
            continue
        rows = [_distances(recording, work) for recording in theirs]
        rest = np.concatenate([distances[resting] for distances, _, resting, _ in rows])
        width = np.nanmedian(np.concatenate([widths[resting] for _, widths, resting, _ in rows]))
        at_rest = np.nanmedian(rest, axis=0)
        for recording, (distances, _, _, times) in zip(theirs, rows, strict=True):
            weights = (distances - at_rest) / width / mouthspace.DEVIATION
            measured.append(Measured(recording, _per_tick(weights, times)))
    return measured


def typical(measured: list[Measured]) -> list[Measured]:
    """The same mouths moving as strongly as the typical speaker's: each weight's deviation is 1.

    For speakers with much speech measured. How strongly a person articulates is the avatar's matter.
    """
    spread = np.nanstd(np.concatenate([one.weights for one in measured]), axis=0)
    return [Measured(one.recording, one.weights / spread) for one in measured]


def deviations(measured: list[Measured]) -> NDArray[np.float64]:
    """Median over the speakers of each distance's standard deviation, in widths of the resting mouth."""
    speakers: dict[str, list[NDArray[np.float32]]] = {}
    for one in measured:
        speakers.setdefault(one.recording.speaker, []).append(one.weights)
    spread = [np.nanstd(np.concatenate(rows), axis=0) for rows in speakers.values()]
    return np.asarray(np.median(spread, axis=0) * mouthspace.DEVIATION)


def _place(recording: Recording, work: Path) -> Path:
    return work / "landmarks" / f"{recording.name}.npz"


def _distances(
    recording: Recording, work: Path
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    points, times = landmarks(recording, work)
    face = mouthspace.without_pose(points)
    return mouthspace.distances(face), mouthspace.mouth_width(face), mouthspace.resting(face), times


def _in_parts(points: NDArray[np.float32], times: NDArray[np.float64]) -> NDArray[np.float32]:
    weights = np.full((len(points), len(mouthspace.WEIGHTS)), np.nan)
    for part in parts(points):
        weights[part] = mouthspace.to_weights(points[part])
    return _per_tick(weights, times)


def _per_tick(weights: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rows at 0, 40, 80 ms …, between the pictures where those come at another rate."""
    ticks = np.arange(int(times[-1] * FPS + 0.5) + 1) / FPS
    if len(ticks) == len(times) and np.abs(ticks - times).max() < 0.25 / FPS:
        return weights.astype(np.float32)
    return np.stack([np.interp(ticks, times, column) for column in weights.T], axis=1).astype(np.float32)


def main() -> None:
    """Find the landmarks of every filmed recording; a second run continues where the first stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--limit", type=int, default=1000, help="recordings of grid_s1 to measure")
    parser.add_argument("--deviations", action="store_true", help="print mouth space's typical deviations")
    options = parser.parse_args()
    recordings = [one for group in FILMED for one in filmed(options.data, group)[: options.limit]]
    for recording in track(recordings, "finding landmarks", console=Console(stderr=True)):
        landmarks(recording, options.work)
    if options.deviations:
        for name, value in zip(
            mouthspace.WEIGHTS, deviations(measure(recordings, options.work)), strict=True
        ):
            print(f"{name:18} {value:.3f}")


if __name__ == "__main__":
    main()
