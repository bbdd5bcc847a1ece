"""From recordings to what the network is trained on: what an avatar hears, and the teacher's mouths."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from renderer.features import BANDS, COLUMNS, extract
from renderer.settings import ANALYSIS_RATE

from ..recordings import FILMED, READ_BY_MACHINE, Recording, filmed, judged, sound, spoken
from ..speech import rest_in_silence, voice
from . import teacher
from .listener import SIZE, listen
from .network import HEARD

HEARINGS = ((0.88, True), (1.12, False), (1.0, True), (0.94, False), (1.18, True))
"""Each recording is heard as it is, and once more: so much faster and higher, or in a room, in turn."""


@dataclass(slots=True)
class Example:
    """One hearing of one recording, a row a tick."""

    name: str
    group: str
    mel: NDArray[np.float16]
    """Shape (n, 320)."""

    voice: NDArray[np.float32]
    """Shape (n,): 1 while speech is heard."""

    weights: NDArray[np.float32]
    """Shape (n, 10)."""

    heard: NDArray[np.float16]
    """Shape (n, HEARD)."""


def recordings_of(group: str, data: Path, work: Path) -> list[Recording]:
    """A group's recordings, without the sentences of grid_s1 that judge."""
    if group == READ_BY_MACHINE:
        return [Recording(group, path) for path in sorted((work / "read").glob("*.flac"))]
    if group not in FILMED:
        return spoken(data, group)
    found = filmed(data, group)
    kept = judged([one.name for one in found]) if group == "grid_s1" else set()
    return [one for one in found if one.name not in kept]


def examples(group: str, data: Path, work: Path, members: list[teacher.Teacher]) -> list[Example]:
    """Two hearings of each of a group's recordings; their sound is computed once and kept in `work`."""
    recordings = recordings_of(group, data, work)
    everything = filmed(data, group) if group in FILMED else recordings
    heard = listen(group, everything, work)
    kept = work / "prepared" / f"{group}.npz"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _prepare(recordings, kept)
    basis = directions(work, heard)
    made = []
    with np.load(kept) as arrays:
        mel, talks, speeds = arrays["mel"], arrays["voice"], arrays["speeds"]
        cuts, names = np.cumsum(arrays["lengths"])[:-1], [str(name) for name in arrays["names"]]
    rows = zip(names, np.split(mel, cuts), np.split(talks, cuts), speeds, strict=True)
    said: dict[str, NDArray[np.float32]] = {}
    for name, sounds, talking, speed in rows:
        if name not in heard:
            continue
        if name not in said:
            said = {name: teacher.say(members, heard[name])}
        n = min(len(sounds), int(len(heard[name]) / speed))
        mouth = rest_in_silence(stretched(said[name], n, speed), talking[:n], breath=2, closing=4)
        directed = ((heard[name].astype(np.float32) - basis[0]) @ basis[1:].T).astype(np.float32)
        made.append(
            Example(
                name, group, sounds[:n], talking[:n], mouth, stretched(directed, n, speed).astype(np.float16)
            )
        )
    return made


def directions(work: Path, heard: dict[str, NDArray[np.float16]]) -> NDArray[np.float32]:
    """Mean and main directions of what is heard, scaled to a deviation of 1: shape (1 + HEARD, 1024).

    Found from the first group asked for, and then kept in `work`.
    """
    kept = work / "prepared" / "directions.npy"
    if not kept.exists():
        rows = np.concatenate([*heard.values()])[::3].astype(np.float64)
        mean = rows.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov((rows - mean).T))
        best = np.argsort(values)[::-1][:HEARD]
        scaled = (vectors[:, best] / np.sqrt(values[best])).T
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, np.concatenate([mean[None], scaled]).astype(np.float32))
    basis: NDArray[np.float32] = np.load(kept)
    if basis.shape != (1 + HEARD, SIZE):
        raise SystemExit(f"{kept}: shape {basis.shape}, expected {(1 + HEARD, SIZE)}; delete it")
    return basis


def stretched(rows: NDArray[np.float32], ticks: int, speed: float) -> NDArray[np.float32]:
    """Rows of a recording as they come when it is played `speed` times as fast, shape (ticks, …)."""
    at = (np.arange(ticks) + 0.5) * speed - 0.5
    before = np.clip(np.floor(at).astype(int), 0, len(rows) - 1)
    part = np.clip(at - before, 0, 1).astype(np.float32)[:, None]
    after = np.minimum(before + 1, len(rows) - 1)
    return np.asarray(rows[before] * (1 - part) + rows[after] * part, np.float32)


def _prepare(recordings: list[Recording], kept: Path) -> None:
    names, lengths, speeds, mels, talks = [], [], [], [], []
    for number, recording in enumerate(recordings, 1):
        dry = sound(recording.path)
        random = np.random.default_rng(number)
        talking = voice(extract(dry)[1])
        for speed, room in ((1.0, False), HEARINGS[number % len(HEARINGS)]):
            samples = dry if speed == 1 else soxr.resample(dry, ANALYSIS_RATE * speed, ANALYSIS_RATE)
            mel, _ = extract(in_a_room(samples, random) if room else samples)
            names.append(recording.name)
            lengths.append(len(mel))
            speeds.append(speed)
            mels.append(mel.reshape(len(mel), COLUMNS * BANDS).astype(np.float16))
            talks.append((stretched(talking[:, None], len(mel), speed)[:, 0] > 0.5).astype(np.float32))
        print(f"\r{recording.group}: {number}/{len(recordings)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    half = kept.with_suffix(".part.npz")
    np.savez(
        half, names=np.array(names), lengths=np.array(lengths), speeds=np.array(speeds),
        mel=np.concatenate(mels), voice=np.concatenate(talks),
    )  # fmt: skip
    half.replace(kept)


def in_a_room(samples: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Sound with the echo of a room: noise that decays by 60 dB in 0.2 to 0.8 s."""
    time = np.arange(int(0.5 * ANALYSIS_RATE)) / ANALYSIS_RATE
    echo = random.standard_normal(len(time)) * np.exp(-6.9 * time / random.uniform(0.2, 0.8))
    echo[: int(0.002 * ANALYSIS_RATE)] = 0.0
    echo *= random.uniform(0.2, 0.7) / np.sqrt((echo**2).sum())
    echo[0] = 1.0
    size = len(samples) + len(echo)
    both = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echo, size), size)[: len(samples)]
    return np.asarray(both, np.float32)
