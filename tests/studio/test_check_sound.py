"""Decay, offset and clipping are measured as they were made."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from needs import studio
from numpy.typing import NDArray

from renderer.studio.check.reverberation import clarity, decay_times
from renderer.studio.check.sound import listen
from renderer.studio.check.sync import FARTHEST, offsets

pytestmark = studio


def talking(seed: int, count: int = 300) -> NDArray[np.float64]:
    """How far a mouth opens that talks, 25 times a second."""
    chance = np.random.default_rng(seed)
    return np.convolve(chance.normal(0, 1, count), np.hanning(5), mode="same") + 1.0


@pytest.mark.parametrize("frames", [-FARTHEST + 1, -3, 0, 2, 7])
def test_the_offset_is_found(frames: int) -> None:
    lips = talking(1)
    found = offsets(np.roll(lips, frames), 0.0, lips)
    assert [one.is_sure for one in found] == [True]
    assert found[0].frames == pytest.approx(frames, abs=0.5)


def test_a_sound_track_that_begins_later_is_no_offset() -> None:
    lips = talking(1)
    assert offsets(lips[10:], 10 / 25, lips)[0].frames == pytest.approx(0, abs=0.5)


def test_lips_of_another_are_not_believed() -> None:
    assert not any(one.is_sure for one in offsets(talking(1), 0.0, talking(2)))


def test_an_offset_that_grows_shows_in_every_stretch() -> None:
    lips = talking(3, 1500)
    late = np.interp(np.arange(1500) * 0.996, np.arange(1500), lips)
    found = [one.frames for one in offsets(late, 0.0, lips)]
    assert len(found) == 3
    assert found[0] < found[1] < found[2]


def test_frames_without_a_face_do_not_count() -> None:
    lips = talking(1)
    seen = lips.copy()
    seen[100:160] = np.nan
    assert offsets(np.roll(lips, 2), 0.0, seen)[0].frames == pytest.approx(2, abs=0.5)


@pytest.mark.parametrize("seconds", [0.3, 0.6, 1.2])
def test_a_decay_is_measured(seconds: float) -> None:
    time = np.arange(0, 1.5, 0.01)
    word = np.where(time < 0.3, -20.0, -20.0 - 60 / seconds * (time - 0.3))
    level = np.maximum(np.tile(word, 6), -75.0) + np.random.default_rng(1).normal(0, 0.2, 6 * len(time))
    times = decay_times(level[:, None])
    assert len(times) >= 5
    assert np.median(times) == pytest.approx(seconds, rel=0.15)


def test_clarity_is_that_of_an_exponential_decay() -> None:
    # half of the energy comes in the first 50 ms where it halves in 50 ms: 60 dB in 996 ms
    assert clarity(0.05 * 6 / np.log10(2)) == pytest.approx(0.0, abs=0.01)
    assert clarity(0.2) > clarity(0.4) > clarity(0.8)


def test_clipped_samples_are_counted_where_they_are(tmp_path: Path) -> None:
    sound = 0.3 * np.sin(np.arange(96_000) / 30)
    sound[40_000:45_000] = np.clip(9 * sound[40_000:45_000], -1, 1)
    path = tmp_path / "loud.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray((32767 * sound).astype(np.int16)[None], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    *_, heard = listen(path, 0.0)
    assert heard is not None
    ticks = np.flatnonzero(heard.clipped)
    assert (ticks[0], ticks[-1]) == (40_000 // 1920, 44_999 // 1920)
    assert heard.clipped.sum() == (np.abs(sound) >= 0.985).sum()
    assert heard.seconds == pytest.approx(2.0, abs=0.05)
