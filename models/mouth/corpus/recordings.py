"""The recordings the network learns from, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from renderer.settings import ANALYSIS_RATE

DATA = Path("../shared/data")
WORK = Path("../mouth-work")
"""Where measurements and checkpoints go unless told otherwise: outside the checkout."""

FILMED = ("grid_s1", "grid_other", "talk")
READ = ("en_kathleen", "de_kerstin", "zh_aishell", "en_many_voices")


@dataclass(frozen=True, slots=True)
class Recording:
    """One file of speech, with or without a picture."""

    group: str
    path: Path

    @property
    def name(self) -> str:
        """Unique among all recordings, and usable as a file name."""
        return f"{self.group}__{self.path.stem}"

    @property
    def speaker(self) -> str:
        """Whoever shares this word shares a face and its rest."""
        return self.group if self.group == "grid_s1" else self.name


def filmed(data: Path, group: str) -> list[Recording]:
    """Recordings with a talking face, in the order of their names."""
    found = sorted(path for path in (data / "av" / group).glob("*") if path.suffix in (".mp4", ".avi"))
    return [Recording(group, path) for path in found]


def spoken(data: Path, group: str) -> list[Recording]:
    """Recordings without a picture, in the order of their names."""
    return [Recording(group, path) for path in sorted((data / "speech" / group).rglob("*.opus"))]


def transcripts(data: Path, group: str) -> dict[str, str]:
    """What is said, by the stem of the file; empty where nobody wrote it down."""
    if group == "grid_s1":
        words: dict[str, list[str]] = {}
        for line in (data / "av" / group / "words.tsv").read_text().splitlines():
            clip, *_, word = line.split("\t")
            if word not in ("sil", "sp", "word"):
                words.setdefault(clip, []).append(word)
        return {clip: " ".join(said) for clip, said in words.items()}
    table = data / "speech" / group / "transcripts.tsv"
    if not table.exists():
        return {}
    return dict(line.split("\t", 1) for line in table.read_text().splitlines() if "\t" in line)


def spoken_ticks(data: Path, group: str) -> dict[str, tuple[float, float]]:
    """Where the first word begins and the last one ends, in ticks, by the stem of the file (grid_s1 only)."""
    found: dict[str, tuple[float, float]] = {}
    if group == "grid_s1":
        for line in (data / "av" / group / "words.tsv").read_text().splitlines():
            clip, start, end, word = line.split("\t")
            if start.isdecimal() and word not in ("sil", "sp"):
                first = found.get(clip, (float(start) / 1000, 0.0))[0]
                found[clip] = (first, float(end) / 1000)  # the corpus counts in 1/25000 s
    return found


def judged(names: list[str]) -> set[str]:
    """Of one speaker's measured sentences, the tenth that nobody trains on."""
    return set(sorted(names)[::10])


def sound(path: Path, rate: int = ANALYSIS_RATE) -> NDArray[np.float32]:
    """The whole sound, mono, at `rate`; its first sample belongs to the first picture's time."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", rate)
        parts = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        parts += resampler.resample(None)
        picture = container.streams.video[0].start_time if container.streams.video else None
        base = container.streams.video[0].time_base if container.streams.video else None
    first = float(parts[0].time or 0.0) if parts else 0.0
    if picture is not None and base is not None:
        first -= float(picture * base)
    samples = np.concatenate([part.to_ndarray()[0] for part in parts]) if parts else np.zeros(0, np.float32)
    ahead = round(first * rate)
    if ahead > 0:
        samples = np.concatenate([np.zeros(ahead, np.float32), samples])
    return samples[max(0, -ahead) :].astype(np.float32)


def pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Every picture, RGB."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def picture_times(path: Path) -> NDArray[np.float64]:
    """When each picture is shown, in seconds from the first."""
    with av.open(str(path)) as container:
        times = np.array([float(frame.time or 0.0) for frame in container.decode(video=0)])
    return times - times[0] if len(times) else times
