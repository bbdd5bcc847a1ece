"""Sound arrives the same however it is cut, stored or sampled."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from renderer.audio import Resampler, load_sound, read_sound, sound_seconds, to_mono
from renderer.errors import MediaError
from renderer.types import Samples

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


def tone(seconds: float, rate: int, pitch_hz: float = 440.0) -> Samples:
    wave = 0.5 * np.sin(2 * np.pi * pitch_hz * np.arange(round(seconds * rate)) / rate)
    return np.asarray(wave, np.float32)


def in_chunks(resampler: Resampler, sound: Samples, size: int) -> Samples:
    pieces = [resampler.push(sound[at : at + size]) for at in range(0, len(sound), size)]
    return np.concatenate([*pieces, resampler.flush()])


@pytest.mark.parametrize("rates", [(24_000, 16_000), (44_100, 48_000), (8_000, 16_000), (16_000, 16_000)])
@pytest.mark.parametrize("size", [1, 160, 640, 1000, 16_000])
def test_chunks_do_not_change_what_is_heard(rates: tuple[int, int], size: int) -> None:
    sound = tone(0.2 if size == 1 else 1.5, rates[0])
    whole = in_chunks(Resampler(*rates), sound, len(sound))
    assert np.array_equal(in_chunks(Resampler(*rates), sound, size), whole)


@pytest.mark.parametrize("samples", [0, 1, 2, 441, 44_100, 50_001])
def test_resampled_sound_lasts_as_long_as_it_did(samples: int) -> None:
    out = in_chunks(Resampler(44_100, 16_000), np.ones(samples, np.float32), 512)
    assert len(out) == -(-samples * 16_000 // 44_100)


def test_a_flushed_resampler_begins_anew() -> None:
    resampler = Resampler(24_000, 16_000)
    first = in_chunks(resampler, tone(0.5, 24_000), 480)
    assert np.array_equal(in_chunks(resampler, tone(0.5, 24_000), 480), first)


def test_a_tone_keeps_its_pitch_and_place() -> None:
    out = in_chunks(Resampler(24_000, 16_000), tone(1.0, 24_000), 160)
    assert np.abs(out - tone(1.0, 16_000))[200:-200].max() < 1e-3


@pytest.mark.parametrize(
    "pcm",
    [
        np.array([0, 16384, -32768], np.int16),
        np.array([0, 2**30, -(2**31)], np.int32),
        np.array([0.0, 0.5, -1.0], np.float64),
        np.array([[0.0, 0.0], [0.25, 0.75], [-1.0, -1.0]], np.float32),
    ],
    ids=["int16", "int32", "float64", "stereo"],
)
def test_every_usual_kind_of_pcm_is_the_same_sound(pcm: NDArray[Any]) -> None:
    assert np.allclose(to_mono(pcm), [0.0, 0.5, -1.0], atol=1e-4)


def test_broken_samples_become_silence_and_loud_ones_are_limited() -> None:
    pcm = np.array([np.nan, np.inf, 3.0, 0.25], np.float32)
    assert to_mono(pcm).tolist() == [0.0, 0.0, 1.0, 0.25]


def test_pcm_of_another_type_is_refused_with_what_is_expected() -> None:
    with pytest.raises(ValueError, match="uint8; int16"):
        to_mono(np.zeros(4, np.uint8))
    with pytest.raises(ValueError, match="channels"):
        to_mono(np.zeros((2, 2, 2), np.float32))


def test_a_file_is_read_at_the_rate_asked_for() -> None:
    at_16, at_48 = load_sound(HELLO, 16_000), load_sound(HELLO, 48_000)
    assert len(at_48) == pytest.approx(3 * len(at_16), abs=100)
    assert sound_seconds(HELLO) == pytest.approx(len(at_16) / 16_000, abs=0.1)
    assert np.abs(at_16).max() > 0.1


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "flac", "ogg", "mka"])
def test_any_usual_container_gives_its_sound(tmp_path: Path, suffix: str) -> None:
    codec = {"wav": "pcm_s16le", "mp3": "mp3", "m4a": "aac", "flac": "flac", "ogg": "libopus", "mka": "ac3"}
    path = tmp_path / f"tone.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec[suffix], rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.stack([tone(1.0, 48_000)] * 2), format="fltp", layout="stereo")
        frame.sample_rate = 48_000
        resampler = av.AudioResampler(
            stream.codec_context.format, "stereo", 48_000, stream.frame_size or 1024
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    sound = load_sound(path, 16_000)
    assert len(sound) == pytest.approx(16_000, abs=2500)  # coders pad their first and last frames
    spectrum = np.abs(np.fft.rfft(sound))
    assert np.fft.rfftfreq(len(sound), 1 / 16_000)[spectrum.argmax()] == pytest.approx(440, abs=3)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"speech\.wav: no such file"):
        list(read_sound(tmp_path / "speech.wav", 16_000))


def test_a_file_that_is_no_recording_says_what_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("not a recording")
    with pytest.raises(MediaError, match="expected a recording"):
        list(read_sound(path, 16_000))
    assert sound_seconds(path) == 0


def test_a_film_without_sound_says_so(tiny_avatar: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tiny_avatar) as package:
        name = next(name for name in package.namelist() if name.endswith(".mp4"))
        package.extract(name, tmp_path)
    with pytest.raises(MediaError, match="no sound in this file"):
        list(read_sound(tmp_path / name, 16_000))
