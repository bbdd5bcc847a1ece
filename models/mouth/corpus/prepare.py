"""From recordings to what the network is trained on: features, weights and speech sounds per tick."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from renderer.features import BANDS, COLUMNS, extract
from renderer.settings import ANALYSIS_RATE

from . import synthetic
from .blendshapes import DRAWN, blendshapes
from .measure import measure, typical, with_landmarks
from .orders import ORDERED, orders
from .phones import PHONES, align, shares
from .recordings import FILMED, Recording, filmed, sound, spoken, spoken_ticks, transcripts
from .speech import rest_in_silence, voice

SPEEDS = (1.0, 0.86, 1.0, 1.15)
"""Each recording is heard four times: as it is, slower and lower, in a room, faster and higher."""

IN_A_ROOM = (False, True, True, False)


@dataclass(slots=True)
class Example:
    """One hearing of one recording."""

    name: str
    group: str
    mel: NDArray[np.float32]
    """Shape (n, 320)."""

    level: NDArray[np.float32]
    """Shape (n,), dB."""

    weights: NDArray[np.float32]
    """Shape (n, 10); NaN where unknown."""

    phones: NDArray[np.float32]
    """Shape (n, 40), shares; all NaN where unknown."""

    voice: NDArray[np.float32]
    """Shape (n,): 1 while speech is heard."""


def examples(group: str, data: Path, work: Path, hearings: int = len(SPEEDS)) -> list[Example]:
    """All hearings of a group's recordings, computed once and then kept in `work`."""
    kept = work / "prepared" / f"{group}-{hearings}.npz"
    if kept.exists():
        return _load(kept, group)
    rows: dict[str, NDArray[np.float32]] = {}
    if group in FILMED:
        recordings = with_landmarks(filmed(data, group), work)
        measured = measure(recordings, work)
        rows = {
            one.recording.name: one.weights for one in (typical(measured) if one_speaker(group) else measured)
        }
    elif group in synthetic.GROUPS:
        recordings = []
    else:
        recordings = spoken(data, group)
        rows = {one.name: weights for one in recordings if (weights := blendshapes(one.path)) is not None}
    aligned = _phones(group, recordings, data, work)
    between = spoken_ticks(data, group)
    made: list[Example] = []
    for recording in track(recordings, f"hearing {group}", console=Console(stderr=True)):
        made += _hear(
            recording,
            sound(recording.path),
            rows.get(recording.name),
            aligned.get(recording.name),
            between.get(recording.path.stem),
            hearings,
        )
    if group in synthetic.GROUPS:
        for name, read, spans in synthetic.sentences(group, data):
            made += _hear(Recording(group, Path(name)), read, None, spans, None, hearings)
    kept.parent.mkdir(parents=True, exist_ok=True)
    _save(kept, made)
    return made


def one_speaker(group: str) -> bool:
    """Whether one person speaks all of the group, long enough to know how strongly."""
    return group == "grid_s1"


def english(group: str) -> bool:
    """Whether the group's words are English, and known."""
    return group in ("grid_s1", "en_kathleen", ORDERED)


def listened(group: str, work: Path) -> Path:
    """Where models.mouth.listener leaves the sounds of a group that pocketsphinx does not understand."""
    return work / f"phones_{group}.json"


def _phones(group: str, recordings: list[Recording], data: Path, work: Path) -> dict[str, list[list[float]]]:
    if english(group):
        texts = orders(recordings, work / "orders.json") if group == ORDERED else transcripts(data, group)
        return align(recordings, texts, work / f"phones_{group}.json")
    if listened(group, work).exists():
        found: dict[str, list[list[float]]] = json.loads(listened(group, work).read_text())
        return found
    return {}


def _hear(
    recording: Recording,
    dry: NDArray[np.float32],
    weights: NDArray[np.float32] | None,
    spans: list[list[float]] | None,
    between: tuple[float, float] | None,
    hearings: int,
) -> Iterable[Example]:
    _, level = extract(dry)
    n = len(level) if weights is None else min(len(level), len(weights))
    share = np.full((n, len(PHONES)), np.nan, np.float32) if not spans else shares(spans, n, level)
    heard = voice(level)[:n]
    if between:
        ticks = np.arange(n)
        silent = (ticks < between[0] - 1) | (ticks > between[1])
        heard[silent] = 0.0
        share[silent] = np.where(np.isnan(share[silent]), np.nan, np.eye(1, len(PHONES)))
    target = np.full((n, 10), np.nan, np.float32) if weights is None else weights[:n]
    if weights is not None and recording.group != DRAWN:
        target = rest_in_silence(target, heard)
    random = np.random.default_rng(abs(hash_of(recording.name)))
    for speed, room in list(zip(SPEEDS, IN_A_ROOM, strict=True))[:hearings]:
        samples = dry if speed == 1 else soxr.resample(dry, ANALYSIS_RATE * speed, ANALYSIS_RATE)
        mel, loudness = extract(_in_a_room(samples, random) if room else samples)
        m = min(len(mel), int(n / speed))
        at = (np.arange(m) + 0.5) * speed - 0.5

        def moved(rows: NDArray[np.float32], at: NDArray[np.float64] = at) -> NDArray[np.float32]:
            before = np.clip(np.floor(at).astype(int), 0, len(rows) - 1)
            part = np.clip(at - before, 0, 1).astype(np.float32)[:, None]
            after = np.minimum(before + 1, len(rows) - 1)
            return np.asarray(rows[before] * (1 - part) + rows[after] * part, np.float32)

        yield Example(
            recording.name,
            recording.group,
            mel[:m].reshape(m, COLUMNS * BANDS),
            loudness[:m],
            moved(target),
            moved(share),
            (moved(heard[:, None])[:, 0] > 0.5).astype(np.float32),
        )


def hash_of(name: str) -> int:
    """The same number for the same name on every run."""
    return int.from_bytes(name.encode()[-6:], "big")


def _in_a_room(samples: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Sound with the echo of a room: noise that decays by 60 dB in 0.2 to 0.8 s."""
    time = np.arange(int(0.5 * ANALYSIS_RATE)) / ANALYSIS_RATE
    echo = random.standard_normal(len(time)) * np.exp(-6.9 * time / random.uniform(0.2, 0.8))
    echo[: int(0.002 * ANALYSIS_RATE)] = 0.0
    echo *= random.uniform(0.2, 0.7) / np.sqrt((echo**2).sum())
    echo[0] = 1.0
    size = len(samples) + len(echo)
    both = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echo, size), size)[: len(samples)]
    return np.asarray(both, np.float32)


def _save(path: Path, made: list[Example]) -> None:
    half = path.with_suffix(".part.npz")
    np.savez(
        half,
        names=np.array([one.name for one in made]),
        lengths=np.array([len(one.mel) for one in made]),
        mel=np.concatenate([one.mel for one in made]).astype(np.float16),
        level=np.concatenate([one.level for one in made]),
        weights=np.concatenate([one.weights for one in made]),
        phones=np.concatenate([one.phones for one in made]).astype(np.float16),
        voice=np.concatenate([one.voice for one in made]),
    )
    half.replace(path)


def _load(path: Path, group: str) -> list[Example]:
    with np.load(path) as arrays:
        names = arrays["names"]
        cuts = np.cumsum(arrays["lengths"])[:-1]
        columns = [
            np.split(arrays[key].astype(np.float32), cuts)
            for key in ("mel", "level", "weights", "phones", "voice")
        ]
    return [Example(str(name), group, *row) for name, *row in zip(names, *columns, strict=True)]
