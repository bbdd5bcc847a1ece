"""renderer/features.py"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from renderer.features import (
    BANDS,
    COLUMNS,
    MEL_CENTRE,
    MEL_SPREAD,
    SILENT_LEVEL,
    SILENT_MEL,
    FeatureExtractor,
    extract,
    mel_filters,
    silent_features,
)
from renderer.settings import ANALYSIS_RATE, TICK
from renderer.types import AudioChunk, Features, Samples


def noise(samples: int, seed: int = 0) -> Samples:
    return (np.random.default_rng(seed).standard_normal(samples) * 0.1).astype(np.float32)


def tone(hertz: float, samples: int, amplitude: float = 1.0) -> Samples:
    wave = np.sin(2 * np.pi * hertz * np.arange(samples) / ANALYSIS_RATE)
    return np.asarray(amplitude * wave, np.float32)


def heard(sound: Samples, sizes: Sequence[int]) -> list[Features]:
    extractor = FeatureExtractor()
    ticks: list[Features] = []
    at = 0
    while at < len(sound):
        size = sizes[at % len(sizes)]
        ticks += extractor.push(AudioChunk(sound[at : at + size], at))
        at += size
    return [*ticks, *extractor.flush()]


@pytest.mark.parametrize("sizes", [(1,), (160,), (640,), (1000,), (16_000,), (7, 333, 1281)])
def test_chunk_sizes_leave_no_trace(sizes: tuple[int, ...]) -> None:
    sound = noise(5 * TICK + 123)
    whole, pieces = heard(sound, (len(sound),)), heard(sound, sizes)
    assert [tick.index for tick in pieces] == list(range(6))
    for one, other in zip(whole, pieces, strict=True):
        assert one.mel.tobytes() == other.mel.tobytes()
        assert one.level == other.level


def test_a_tick_hears_nothing_of_what_follows_it() -> None:
    sound = noise(4 * TICK)
    other = sound.copy()
    other[2 * TICK :] = noise(2 * TICK, seed=1)
    mel, changed = extract(sound)[0], extract(other)[0]
    np.testing.assert_array_equal(mel[:2], changed[:2])
    assert (mel[2] != changed[2]).any()


def test_flush_completes_the_last_tick_with_silence() -> None:
    sound = noise(TICK + 10)
    padded = np.concatenate([sound, np.zeros(TICK - 10, np.float32)])
    np.testing.assert_array_equal(extract(sound)[0], extract(padded)[0])
    assert len(extract(noise(2 * TICK))[0]) == 2


def test_reset_forgets_the_sound_before() -> None:
    extractor = FeatureExtractor()
    list(extractor.push(AudioChunk(noise(3 * TICK + 100), 0)))
    extractor.reset()
    again = list(extractor.push(AudioChunk(noise(TICK, seed=2), 0)))
    fresh = heard(noise(TICK, seed=2), (TICK,))
    assert again[0].index == 0
    np.testing.assert_array_equal(again[0].mel, fresh[0].mel)


def test_silence_is_the_floor() -> None:
    mel, level = extract(np.zeros(TICK, np.float32))
    np.testing.assert_array_equal(mel, np.full((1, COLUMNS, BANDS), SILENT_MEL))
    np.testing.assert_array_equal(mel[0], silent_features(0).mel)
    assert level[0] == SILENT_LEVEL


def test_level_is_root_mean_square_in_decibels() -> None:
    _, level = extract(tone(1000, TICK, amplitude=0.5))
    assert level[0] == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=1e-3)


@pytest.mark.parametrize("hertz", [200, 1000, 4000])
def test_a_tone_of_full_scale_lights_its_band(hertz: int) -> None:
    mel, _ = extract(tone(hertz, 2 * TICK))
    last = mel[-1, -1] * MEL_SPREAD + MEL_CENTRE
    centre = mel_filters()[:, int(last.argmax())].argmax() * ANALYSIS_RATE / 512
    assert centre == pytest.approx(hertz, rel=0.1)
    assert last.max() == pytest.approx(-6, abs=3)  # amplitude 1 has power 1/4 on each side of the spectrum


def test_every_bin_in_range_reaches_some_band_and_every_band_hears() -> None:
    filters = mel_filters()
    assert filters.shape == (257, BANDS)
    assert (filters.sum(axis=0) > 1).all()
    assert (filters[2:250].sum(axis=1) > 0.5).all()


def test_an_empty_recording_has_no_ticks() -> None:
    mel, level = extract(np.zeros(0, np.float32))
    assert mel.shape == (0, COLUMNS, BANDS)
    assert level.shape == (0,)
