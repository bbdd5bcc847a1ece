"""models/mouth/robust.py and quiet.py"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.mouth.din.sounds import band
from models.mouth.quiet import LEVELS, SHUT, at_level, drawn_gap, judge, said, share, sounds
from models.mouth.robust import WAYS
from renderer.audio import load_sound
from renderer.mouth import MouthNetwork
from renderer.resources import mouth_network
from renderer.types import Samples


def chirps(seconds: float = 2.0) -> Samples:
    """Noise within a telephone's band, four syllables a second."""
    n = round(seconds * 16_000)
    noise = band(np.random.default_rng(5).standard_normal(n), 500, 2500)
    return np.asarray(0.05 * np.sin(2 * np.pi * 2 * np.arange(n) / 16_000) ** 2 * noise, np.float32)


@pytest.mark.parametrize("way", WAYS)
def test_a_disguise_keeps_length_and_timing(way: str) -> None:
    speech = chirps()
    heard = WAYS[way](speech, np.random.default_rng(0))
    assert heard.shape == speech.shape
    assert heard.dtype == np.float32
    size = 2 * len(speech)
    both = np.fft.irfft(np.fft.rfft(heard, size) * np.fft.rfft(speech, size).conj(), size)
    assert int(np.argmax(both)) == pytest.approx(0, abs=16)  # a millisecond


@pytest.mark.parametrize("decibels", [-40, -20, -3])
def test_peaks_are_where_they_are_asked_for(decibels: int) -> None:
    heard = WAYS[f"peaks at {decibels} dB"](chirps(), np.random.default_rng(0))
    assert 20 * np.log10(np.abs(heard).max()) == pytest.approx(decibels, abs=0.01)


def test_a_sound_too_peaked_for_its_level_is_not_cut_off() -> None:
    click = np.zeros(16_000, np.float32)
    click[100] = 0.5
    assert np.abs(at_level(click, -12)).max() == 1.0


def test_every_minute_asked_for_is_judged() -> None:
    made = list(sounds(1.0))
    assert sum(len(samples) for _, _, samples in made) == pytest.approx(60 * 16_000, rel=0.01)
    assert {level for _, level, _ in made} == set(LEVELS)


def test_the_same_sounds_give_the_same_figures() -> None:
    network = MouthNetwork.open(mouth_network())
    one, two = judge(network, 0.5), judge(network, 0.5)
    assert one == two
    assert 0 <= share(one) <= 1


def test_speech_that_goes_before_is_not_judged() -> None:
    network = MouthNetwork.open(mouth_network())
    speech = load_sound(Path(__file__).parents[2] / "examples" / "hello.opus", 16_000)[:40_000]
    assert (drawn_gap(said(network, speech)) > SHUT).mean() > 0.5
    soft = [cell for cell in judge(network, 5.0, speech) if cell.level == LEVELS[0]]
    assert share(soft) > 0.9
