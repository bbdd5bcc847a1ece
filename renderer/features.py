"""What the mouth network hears: log-mel energies of each tick of sound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .settings import ANALYSIS_RATE, TICK
from .types import AudioChunk, Features, Samples

BANDS = 80
COLUMNS = 4
HOP = TICK // COLUMNS
"""Samples between two windows: 10 ms."""

WINDOW = 400
"""Samples in a window: 25 ms."""

TRANSFORM = 512
PAST = WINDOW - HOP
"""Samples from before a tick that its first window looks at; its last window ends with the tick."""

FLOOR = 1e-9
"""Power under which a band counts as silent: -90 dB relative to full scale."""

MEL_CENTRE = -60.0
MEL_SPREAD = 20.0
"""The fixed normalisation: mel = (dB - MEL_CENTRE) / MEL_SPREAD, which is 0 ± 1 over read speech."""

SILENT_MEL = np.float32((10 * np.log10(FLOOR) - MEL_CENTRE) / MEL_SPREAD)
"""The value of every band in digital silence."""

SILENT_LEVEL = -120.0


class FeatureExtractor:
    """Cuts sound into ticks of 640 samples at 16 kHz and measures each.

    Nothing after a tick's last sample enters its features, and every tick is computed by itself, so the
    sizes of the chunks leave no trace in the numbers.
    """

    def __init__(self) -> None:
        self._filters = mel_filters()
        # Divided by the sum of the window, a sine of full scale has the power 1/4 whatever its frequency
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(WINDOW) + 0.5) / WINDOW)
        self._taper = hann / hann.sum()
        self._sound = np.zeros(PAST + TICK)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._sound, WINDOW)[::HOP]
        self._heard = 0
        self._index = 0

    def push(self, chunk: AudioChunk) -> Iterator[Features]:
        """Features of every tick that `chunk` completes. Chunks must follow one another."""
        samples = chunk.samples
        at = 0
        while at < len(samples):
            taken = min(TICK - self._heard, len(samples) - at)
            begin = PAST + self._heard
            self._sound[begin : begin + taken] = samples[at : at + taken]
            self._heard += taken
            at += taken
            if self._heard == TICK:
                yield self._measure()

    def flush(self) -> Iterator[Features]:
        """Features of the last, incomplete tick, as if silence followed it."""
        if self._heard:
            self._sound[PAST + self._heard :] = 0.0
            yield self._measure()

    def reset(self) -> None:
        """Forget everything heard; the next sample is the first of an utterance."""
        self._sound[:] = 0.0
        self._heard = 0
        self._index = 0

    def _measure(self) -> Features:
        spectrum = np.fft.rfft(self._windows * self._taper, TRANSFORM)
        power = spectrum.real**2 + spectrum.imag**2
        decibels = 10.0 * np.log10(np.maximum(power @ self._filters, FLOOR))
        tick = self._sound[PAST:]
        square = float(tick @ tick) / TICK
        features = Features(
            mel=((decibels - MEL_CENTRE) / MEL_SPREAD).astype(np.float32),
            level=max(SILENT_LEVEL, 10.0 * float(np.log10(square))) if square > 0 else SILENT_LEVEL,
            index=self._index,
        )
        self._sound[:PAST] = self._sound[TICK:].copy()
        self._heard = 0
        self._index += 1
        return features


def extract(samples: Samples) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Features of a whole recording at 16 kHz: mel (n, 4, 80) and level (n,) in dB."""
    extractor = FeatureExtractor()
    ticks = [*extractor.push(AudioChunk(samples, 0)), *extractor.flush()]
    mel = np.stack([tick.mel for tick in ticks]) if ticks else np.zeros((0, COLUMNS, BANDS), np.float32)
    return mel, np.array([tick.level for tick in ticks], np.float32)


def silent_features(index: int) -> Features:
    """What a tick of digital silence looks like."""
    return Features(np.full((COLUMNS, BANDS), SILENT_MEL, np.float32), SILENT_LEVEL, index)


def mel_filters() -> NDArray[np.float64]:
    """Weights of the spectrum's bins in each band, shape (257, 80).

    Triangles of height 1 on Slaney's mel scale (linear to 1 kHz, logarithmic above; Auditory Toolbox,
    1998) from 0 to 8 kHz.
    """
    linear = 200.0 / 3.0
    bend = 1000.0 / linear
    step = np.log(6.4) / 27.0
    top = bend + np.log(ANALYSIS_RATE / 2 / 1000.0) / step
    mels = np.linspace(0.0, top, BANDS + 2)
    edges = np.where(mels < bend, mels * linear, 1000.0 * np.exp(step * (mels - bend)))
    bins = np.fft.rfftfreq(TRANSFORM, 1 / ANALYSIS_RATE)
    rising = (bins[:, None] - edges[None, :-2]) / np.diff(edges)[None, :-1]
    falling = (edges[None, 2:] - bins[:, None]) / np.diff(edges)[None, 1:]
    return np.ascontiguousarray(np.maximum(0.0, np.minimum(rising, falling)))
