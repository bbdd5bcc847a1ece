"""What a large speech recogniser hears in a recording: its encoder's picture of each 40 ms.

Whisper (Radford and others 2022, MIT; the size `base`, 74 M weights) learned from 680,000 hours of speech in
a hundred languages, so its encoder tells sounds apart whoever speaks them. It only listens while the mouth
network is made; models.mouth.distil.fetch brings its weights.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renderer.settings import ANALYSIS_RATE

from ..recordings import Recording, sound

WINDOW = 30 * ANALYSIS_RATE
"""Samples the encoder takes at a time."""

GAP = int(0.4 * ANALYSIS_RATE)
"""Samples of silence between two recordings in a window."""

MARGIN = 3 * ANALYSIS_RATE
"""Samples heard around each piece of a recording too long for one window."""

FRAME = 320
"""Samples in one frame of the encoder: 20 ms."""

SIZE = 1024
"""Numbers a tick: two frames of 512."""

BANDS, TRANSFORM, HOP = 80, 400, 160
LOUDEST = 8.0
"""Recordings are made louder by this much at most, up to half of full scale."""


class Listener:
    """The encoder."""

    def __init__(self, model: Path) -> None:
        import ctranslate2

        self._storage = ctranslate2.StorageView
        self._network = ctranslate2.models.Whisper(
            str(model), device="cpu", compute_type="float32", intra_threads=1, inter_threads=1
        )
        self._filters = mel_filters()

    def frames(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape (1500, 512): what is heard in one window of samples (480000,)."""
        mel = log_mel(samples, self._filters)
        view = self._storage.from_array(np.ascontiguousarray(mel[None, :, : WINDOW // HOP]))
        heard: NDArray[np.float32] = np.array(self._network.encode(view, to_cpu=True))[0]
        return heard


def listen(group: str, recordings: list[Recording], work: Path) -> dict[str, NDArray[np.float16]]:
    """Shape (n, 1024) a recording, a row a tick, by its name; heard once and then kept in `work`."""
    kept = work / "heard" / f"{group}.npz"
    if not kept.exists():
        heard = _listen(group, recordings, Listener(work / "listener"))
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".part.npz")
        np.savez(half, **heard)
        half.replace(kept)
    with np.load(kept) as arrays:
        return {name: _ticks(arrays[name]) for name in arrays.files}


def log_mel(samples: NDArray[np.float32], filters: NDArray[np.float32]) -> NDArray[np.float32]:
    """The encoder's own features (80, n / 160): log power over mel bands, 8 decades under the loudest."""
    padded = np.pad(samples, TRANSFORM // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, TRANSFORM)[::HOP][:-1]
    hann = np.hanning(TRANSFORM + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(windows * hann, axis=1)) ** 2
    mel = np.log10(np.maximum(filters @ power.T, 1e-10))
    return np.asarray((np.maximum(mel, mel.max() - 8.0) + 4.0) / 4.0, np.float32)


def mel_filters() -> NDArray[np.float32]:
    """Triangles of equal area on Slaney's mel scale (Auditory Toolbox, 1998), shape (80, 201)."""

    def hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))

    top = 15 + np.log(ANALYSIS_RATE / 2 / 1000) / (np.log(6.4) / 27)
    edges = hertz(np.linspace(0, top, BANDS + 2))
    at = np.linspace(0, ANALYSIS_RATE / 2, TRANSFORM // 2 + 1)
    rising = (at[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - at[None]) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return np.asarray(triangles, np.float32)


def _listen(group: str, recordings: list[Recording], listener: Listener) -> dict[str, NDArray[np.float16]]:
    """Short recordings share a window, long ones are cut with a margin around each piece."""
    heard: dict[str, list[NDArray[np.float16]]] = {}
    window, spans, free = np.zeros(WINDOW, np.float32), list[tuple[str, int, int]](), 0

    def hear() -> None:
        nonlocal window, spans, free
        if spans:
            frames = listener.frames(window)
            for name, first, last in spans:
                heard.setdefault(name, []).append(frames[first // FRAME : last // FRAME].astype(np.float16))
        window, spans, free = np.zeros(WINDOW, np.float32), [], 0

    for number, recording in enumerate(recordings, 1):
        samples = sound(recording.path)
        samples = samples * min(LOUDEST, 0.5 / (float(np.abs(samples).max()) + 1e-6))
        whole = -(-len(samples) // FRAME) * FRAME
        if whole <= WINDOW - 2 * MARGIN:
            if free + whole > WINDOW:
                hear()
            window[free : free + len(samples)] = samples
            spans.append((recording.name, free, free + whole))
            free += whole + GAP
        else:
            step = WINDOW - 2 * MARGIN
            for first in range(0, whole, step):
                hear()
                before = max(0, first - MARGIN)
                piece = samples[before : first + step + MARGIN]
                window[: len(piece)] = piece
                spans = [(recording.name, first - before, min(first + step, whole) - before)]
            hear()
        print(f"\rlistening to {group}: {number}/{len(recordings)}", end="", file=sys.stderr)
    hear()
    print(file=sys.stderr)
    return {name: np.concatenate(parts) for name, parts in heard.items()}


def _ticks(frames: NDArray[np.float16]) -> NDArray[np.float16]:
    whole = len(frames) // 2
    return frames[: 2 * whole].reshape(whole, SIZE)
