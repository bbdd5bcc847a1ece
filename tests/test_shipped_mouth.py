"""models/mouth/mouth.onnx, through renderer/mouth.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from renderer.audio import load_sound
from renderer.features import FeatureExtractor
from renderer.mouth import MouthNetwork, MouthStream
from renderer.resources import mouth_network
from renderer.settings import ANALYSIS_RATE, TICK
from renderer.types import AudioChunk, MouthFrame, Samples

LOOK_AHEAD = 3
HELLO = Path(__file__).parents[1] / "examples" / "hello.opus"
SHARED = Path(__file__).parents[1].parent / "shared"


def spoken(network: MouthNetwork, sound: Samples, sizes: Sequence[int] = (16_000,)) -> list[MouthFrame]:
    extractor, stream = FeatureExtractor(), MouthStream(network)
    frames: list[MouthFrame] = []
    at = 0
    while at < len(sound):
        chunk = AudioChunk(sound[at : at + sizes[at % len(sizes)]], at)
        frames += (frame for one in extractor.push(chunk) for frame in stream.push(one))
        at += len(chunk.samples)
    frames += (frame for one in extractor.flush() for frame in stream.push(one))
    return [*frames, *stream.flush()]


def voice(seconds: float, seed: int = 0) -> Samples:
    """A buzz of 120 Hz through two wandering resonances, four syllables a second: speech, to a network."""
    random = np.random.default_rng(seed)
    n = int(seconds * ANALYSIS_RATE)
    time = np.arange(n) / ANALYSIS_RATE
    syllable = np.clip(np.sin(2 * np.pi * 2 * time) ** 2 * 1.3 - 0.15, 0, 1)
    steps = np.repeat(random.uniform(0, 1, (2, int(seconds * 4) + 1)), ANALYSIS_RATE // 4, axis=1)[:, :n]
    first, second = 300 + 500 * steps[0], 900 + 1400 * steps[1]
    sound = np.zeros(n)
    for harmonic in range(1, 40):
        hertz = 120.0 * harmonic
        heard = 1 / (1 + ((hertz - first) / 90) ** 2) + 0.5 / (1 + ((hertz - second) / 120) ** 2)
        sound += heard * np.sin(2 * np.pi * hertz * time)
    return np.asarray(0.15 * syllable * sound / np.abs(sound).max() * 3, np.float32)


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * ANALYSIS_RATE), np.float32)


@pytest.fixture(scope="module")
def shipped() -> MouthNetwork:
    return MouthNetwork.open(mouth_network())


def test_shipped_network_keeps_its_budget(shipped: MouthNetwork) -> None:
    assert mouth_network().stat().st_size <= 1_500_000
    assert shipped.look_ahead <= 2  # the first mouth is known after 120 ms of sound
    assert shipped.weights == 10


@pytest.mark.parametrize("sizes", [(160,), (640,), (1000,), (16_000,), (1, 7, 333)])
def test_streaming_equals_offline(shipped: MouthNetwork, sizes: tuple[int, ...]) -> None:
    sound = np.concatenate([quiet(0.5), voice(2), quiet(2), voice(1, seed=1)])
    whole, pieces = spoken(shipped, sound, (len(sound),)), spoken(shipped, sound, sizes)
    assert len(whole) == len(pieces) == -(-len(sound) // TICK)
    for one, other in zip(whole, pieces, strict=True):
        assert one.weights.tobytes() == other.weights.tobytes()
        assert one.presence == other.presence


def test_speech_opens_the_mouth_and_silence_shuts_it(shipped: MouthNetwork) -> None:
    frames = spoken(shipped, np.concatenate([quiet(1), voice(2), quiet(2)]))
    speaking = frames[27:73]
    assert np.mean([frame.presence for frame in speaking]) > 0.8
    assert max(frame.weights[1] for frame in speaking) > 0.7
    for frame in (*frames[:20], *frames[-20:]):
        assert frame.presence == 0
        assert np.abs(frame.weights).max() < 0.2


@pytest.mark.parametrize("decibels", [-70, -55, -45, -35])
def test_noise_alone_keeps_the_mouth_shut(shipped: MouthNetwork, decibels: int) -> None:
    random = np.random.default_rng(1)
    sound = np.asarray(10 ** (decibels / 20) * random.standard_normal(8 * ANALYSIS_RATE), np.float32)
    drawn = [np.abs(frame.weights).max() * frame.presence for frame in spoken(shipped, sound)]
    assert max(drawn) < 0.5


@pytest.fixture(scope="module")
def greeting() -> Samples:
    """examples/hello.opus, flite's voice; its first word begins in the fourth tick."""
    return load_sound(HELLO, ANALYSIS_RATE)


@pytest.mark.parametrize("ticks_long", [5, 8, 12])
def test_a_short_word_moves_the_lips_from_its_first_sound(
    shipped: MouthNetwork, greeting: Samples, ticks_long: int
) -> None:
    word = greeting[3 * TICK : (3 + ticks_long) * TICK]
    frames = spoken(shipped, np.concatenate([quiet(1), word, quiet(1)]))
    appears = next(frame.index for frame in frames if frame.presence)
    assert 22 <= appears <= 26  # the word begins with frame 25
    assert max(frame.weights[1] for frame in frames[26 : 25 + ticks_long]) > 0.7
    assert not any(frame.presence for frame in frames[:22])
    after = frames[25 + ticks_long + 12 :]
    assert max(frame.weights[1] * frame.presence for frame in after) < 0.1  # lips that nobody sees part
    assert after[8].presence == 0


def test_the_last_word_is_spoken_to_its_end(shipped: MouthNetwork, greeting: Samples) -> None:
    """Where the recording breaks off in the middle of a vowel."""
    frames = spoken(shipped, greeting[: 32 * TICK])
    assert all(frame.presence == 1 and frame.weights[1] > 0.3 for frame in frames[24:30])
    assert frames[-1].presence == 0


@pytest.mark.parametrize("peak", [-40, -20, -3])
def test_soft_and_loud_speech_move_the_lips_alike(
    shipped: MouthNetwork, greeting: Samples, peak: int
) -> None:
    gaps = [
        [frame.weights[1] * frame.presence for frame in spoken(shipped, sound)]
        for sound in (greeting, greeting * np.float32(10 ** (peak / 20) / np.abs(greeting).max()))
    ]
    assert np.corrcoef(gaps)[0, 1] > 0.7
    assert np.std(gaps[1]) > 0.6 * np.std(gaps[0])


def test_streams_share_a_network_but_no_state(shipped: MouthNetwork) -> None:
    sounds = voice(1.5), voice(1.5, seed=3)
    alone = [spoken(shipped, sound) for sound in sounds]
    extractors = FeatureExtractor(), FeatureExtractor()
    streams = MouthStream(shipped), MouthStream(shipped)
    together: list[list[MouthFrame]] = [[], []]
    for at in range(0, len(sounds[0]), TICK):
        for sound, extractor, stream, frames in zip(sounds, extractors, streams, together, strict=True):
            for feature in extractor.push(AudioChunk(sound[at : at + TICK], at)):
                frames += stream.push(feature)
    for one, both in zip(alone, together, strict=True):
        assert len(both) > 30
        for expected, frame in zip(one, both, strict=False):
            assert expected.weights.tobytes() == frame.weights.tobytes()


@pytest.mark.data
@pytest.mark.studio
@pytest.mark.parametrize("group", ["grid_other", "talk"])
def test_the_shipped_network_beats_loudness(shipped: MouthNetwork, group: str, tmp_path: Path) -> None:
    if not (SHARED / "data" / "av" / group).is_dir():
        pytest.skip("no recordings in ../shared/data/av")
    pytest.importorskip("mediapipe")
    pytest.importorskip("pocketsphinx")
    from models.mouth.corpus.recordings import filmed
    from models.mouth.evaluation.clips import Clip, Group, clips
    from models.mouth.evaluation.judge import score
    from models.mouth.evaluation.predictors import drawn, speak

    short = [one for one in filmed(SHARED / "data", group) if one.path.stat().st_size < 1_500_000]
    ours, loudness = [], []
    for clip in clips(Group(group, short, tmp_path), tmp_path):
        assert isinstance(clip, Clip)
        said = drawn(speak(shipped, clip.samples)[0])
        ours.append(score(said, clip.filmed, clip.level, clip.offset))
        loudness.append(score(clip.said["loudness"], clip.filmed, clip.level, clip.offset))
    assert np.median([one.gap for one in ours]) > np.median([one.gap for one in loudness]) + 0.05
    assert np.median([one.width for one in ours]) > 0.2
