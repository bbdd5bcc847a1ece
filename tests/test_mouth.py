"""renderer/mouth.py, and models/mouth/mouth.onnx through it"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from renderer.audio import load_sound
from renderer.errors import NetworkError
from renderer.features import SILENT_MEL, FeatureExtractor
from renderer.mouth import MURMUR, PRE_ROLL, SLEEP_AFTER, Array, MouthNetwork, MouthStream
from renderer.presence import LIKELY, SURE
from renderer.resources import mouth_network
from renderer.settings import ANALYSIS_RATE, TICK
from renderer.types import AudioChunk, Features, MouthFrame, Samples

LOOK_AHEAD = 3
HELLO = Path(__file__).parents[1] / "examples" / "hello.opus"
SHARED = Path(__file__).parents[1].parent / "shared"


class Loud(MouthNetwork):
    """Says what the trained network would in an ideal world: open and voiced where it was loud.

    Its ten weights are the loudness three ticks ago; its voice is heard from three ticks before the sound.
    """

    def __init__(self) -> None:
        self.look_ahead = LOOK_AHEAD
        self.weights = 10
        self.steps = 0

    def start(self) -> Array:
        return np.full((1, LOOK_AHEAD + 1), SILENT_MEL, np.float32)

    def step(self, mel: Array, state: Array) -> tuple[Array, float, Array]:
        self.steps += 1
        after = np.append(state[:, 1:], [[mel.mean()]], axis=1).astype(np.float32)
        opened = np.repeat(after[0, :1] - SILENT_MEL, self.weights)
        return opened, float(after.max() > SILENT_MEL), after


def tick(index: int, loud: bool) -> Features:
    value = 1.0 if loud else float(SILENT_MEL)
    return Features(np.full((4, 80), value, np.float32), -20.0 if loud else -120.0, index)


def ticks(*spans: tuple[int, bool]) -> list[Features]:
    flat = [loud for length, loud in spans for _ in range(length)]
    return [tick(index, loud) for index, loud in enumerate(flat)]


def said(network: MouthNetwork, features: Iterable[Features]) -> list[MouthFrame]:
    stream = MouthStream(network)
    return [*(frame for one in features for frame in stream.push(one)), *stream.flush()]


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


# What the stream makes of any network


def test_every_tick_gets_one_frame() -> None:
    for length in (0, 1, 2, 3, 4, 50):
        assert [frame.index for frame in said(Loud(), ticks((length, True)))] == list(range(length))


def test_a_frame_comes_as_soon_as_its_look_ahead_is_heard() -> None:
    stream = MouthStream(Loud())
    counts = [len(list(stream.push(one))) for one in ticks((6, True))]
    assert counts == [0, 0, 0, 1, 1, 1]


def test_in_silence_the_network_is_not_run_at_all() -> None:
    network = Loud()
    frames = said(network, ticks((500, False)))
    assert network.steps == 0
    assert all(frame.presence == 0 and not frame.weights.any() for frame in frames)


def test_after_speech_the_network_goes_to_sleep() -> None:
    network = Loud()
    said(network, ticks((20, True), (500, False)))
    assert network.steps < 20 + SURE.linger + 5 + SLEEP_AFTER + 15


def test_the_mouth_is_there_when_the_sound_begins() -> None:
    frames = said(Loud(), ticks((50, False), (30, True), (50, False)))
    presence = [frame.presence for frame in frames]
    assert presence[47] == 0
    assert 0 < presence[48] < presence[49] == presence[50] == 1


def test_a_click_of_one_tick_is_no_speech() -> None:
    class Startled(Loud):
        def step(self, mel: Array, state: Array) -> tuple[Array, float, Array]:
            weights, _, after = super().step(mel, state)
            return weights, float(after[0, 0] > SILENT_MEL), after

    clicks = ticks((20, False), *[(1, True), (5, False)] * 10)
    assert not any(frame.presence for frame in said(Startled(), clicks))


def test_speech_from_the_first_sample_is_there_from_the_first_frame() -> None:
    assert said(Loud(), ticks((30, True)))[0].presence == 1


def test_presence_fades_in_five_frames_and_stays_gone() -> None:
    presence = [frame.presence for frame in said(Loud(), ticks((30, True), (60, False)))]
    last_full = max(index for index, value in enumerate(presence) if value == 1)
    fall = presence[last_full : last_full + 6]
    np.testing.assert_allclose(fall, [1, 0.8, 0.6, 0.4, 0.2, 0], atol=1e-6)
    assert not any(presence[last_full + 5 :])


@pytest.mark.parametrize(("gap", "moves"), [(0.8 * MURMUR, False), (2.0, True)])
def test_where_speech_is_only_likely_a_murmur_moves_no_lips(gap: float, moves: bool) -> None:
    class Unsure(Loud):
        def step(self, mel: Array, state: Array) -> tuple[Array, float, Array]:
            _, voice, after = super().step(mel, state)
            return np.full(10, gap, np.float32), voice * (LIKELY.over + SURE.over) / 2, after

    frames = said(Unsure(), ticks((20, False), (30, True)))[25:-LOOK_AHEAD]
    assert any(frame.presence and frame.weights.any() for frame in frames) == moves


def test_an_articulation_of_one_drives_the_movements_of_the_network() -> None:
    features = ticks((30, True), (2, False), (30, True))
    said_by, drawn = Loud(), said(Loud(), features)
    state, network = said_by.start(), []
    for one in features:
        weights, _, state = said_by.step(one.mel, state)
        network.append(weights)
    assert np.std([frame.weights for frame in drawn[5:50]]) > 1.2 * np.std(
        network[5 + LOOK_AHEAD : 50 + LOOK_AHEAD]
    )


def test_a_short_pause_keeps_the_mouth() -> None:
    presence = [frame.presence for frame in said(Loud(), ticks((20, True), (5, False), (20, True)))]
    assert min(presence[5:-LOOK_AHEAD]) == 1


def test_weights_ease_to_rest_with_presence() -> None:
    class Stuck(Loud):
        def step(self, mel: Array, state: Array) -> tuple[Array, float, Array]:
            _, voice, after = super().step(mel, state)
            return np.ones(10, np.float32), voice, after

    frames = said(Stuck(), ticks((30, True), (60, False)))
    falling = [frame for frame in frames[20:-LOOK_AHEAD] if 0 < frame.presence < 1]
    np.testing.assert_allclose(
        [frame.weights[0] for frame in falling], [frame.presence for frame in falling], atol=0.03
    )


def test_flush_ends_with_a_closed_mouth() -> None:
    frames = said(Loud(), ticks((40, True)))
    assert frames[-1].presence == 0
    assert not frames[-1].weights.any()
    assert 1 > frames[-2].presence > 0


def test_the_last_sound_is_open_until_two_frames_before_its_end() -> None:
    frames = said(Loud(), ticks((40, True)))
    assert all(frame.presence == 1 and frame.weights[1] > 1 for frame in frames[10:-2])


def test_waking_up_depends_on_the_pre_roll_alone() -> None:
    speech = (25, True), (40, False)
    short = said(Loud(), ticks((100, False), *speech))[100 - PRE_ROLL :]
    long = said(Loud(), ticks((10, True), (190, False), *speech))[200 - PRE_ROLL :]
    assert [frame.weights.tobytes() for frame in short] == [frame.weights.tobytes() for frame in long]
    assert [frame.presence for frame in short] == [frame.presence for frame in long]


def test_gain_scales_the_weights() -> None:
    features = ticks((20, True))
    one, two = MouthStream(Loud(), gain=1.0), MouthStream(Loud(), gain=1.5)
    for feature in features:
        for plain, wide in zip(one.push(feature), two.push(feature), strict=True):
            np.testing.assert_allclose(wide.weights, 1.5 * plain.weights, rtol=1e-6)


def test_a_gain_chosen_while_speaking_holds_from_the_next_frame() -> None:
    stream, other, features = MouthStream(Loud()), MouthStream(Loud()), ticks((20, True))
    frames = [frame for one in features[:10] for frame in stream.push(one)]
    stream.express(gain=0.5, articulation=1.0)
    frames += [frame for one in features[10:] for frame in stream.push(one)]
    plain = [frame for one in features for frame in other.push(one)]
    shares = [float(frame.weights[1] / one.weights[1]) for frame, one in zip(frames, plain, strict=True)]
    assert shares == [1.0] * 7 + [0.5] * 10


def test_reset_forgets_the_utterance() -> None:
    stream = MouthStream(Loud())
    features = ticks((20, True), (10, False))
    first = [frame for one in features for frame in stream.push(one)]
    stream.reset()
    again = [frame for one in features for frame in stream.push(one)]
    assert [frame.index for frame in first] == [frame.index for frame in again]
    assert [frame.presence for frame in first] == [frame.presence for frame in again]


# The network that ships


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
    assert frames[25 + ticks_long + 15].presence == 0


def test_the_last_word_is_spoken_to_its_end(shipped: MouthNetwork, greeting: Samples) -> None:
    """Where the recording breaks off in the middle of a vowel."""
    frames = spoken(shipped, greeting[: 32 * TICK])
    assert all(frame.presence == 1 and frame.weights[1] > 0.4 for frame in frames[24:30])
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


# Files that are no mouth network


def write(path: Path, state: int = 4, after: int = 4, mel: int = 80, **notes: str) -> Path:
    helper = pytest.importorskip("onnx.helper")
    onnx = pytest.importorskip("onnx")

    def tensor(name: str, *shape: int) -> object:
        return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, list(shape))

    nodes = [
        helper.make_node("ReduceMean", ["mel"], ["mean"], keepdims=1),
        helper.make_node("Reshape", ["mean", "shape"], ["voice"]),
        helper.make_node("Expand", ["voice", "ten"], ["weights"]),
        helper.make_node("Expand", ["voice", "after"], ["next_state"]),
        helper.make_node("ReduceSum", ["state"], ["unused"]),
    ]
    constants = [
        helper.make_tensor(name, onnx.TensorProto.INT64, [2], [1, size])
        for name, size in (("shape", 1), ("ten", 10), ("after", after))
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [tensor("mel", 1, 4, mel), tensor("state", 1, state)],
        [tensor("weights", 1, 10), tensor("voice", 1, 1), tensor("next_state", 1, after)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, notes)
    onnx.save(model, str(path))
    return path


def test_a_network_says_its_look_ahead_itself(tmp_path: Path) -> None:
    network = MouthNetwork.open(write(tmp_path / "x.onnx", look_ahead="2", mouth_space="1"))
    assert network.look_ahead == 2
    assert network.weights == 10


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ({"mouth_space": "1"}, "look_ahead is missing, expected 0 to 3"),
        ({"mouth_space": "1", "look_ahead": "9"}, "look_ahead is 9, expected 0 to 3"),
        ({"mouth_space": "2", "look_ahead": "3"}, "mouth_space is 2, expected 1"),
        ({"mouth_space": "1", "look_ahead": "3", "after": 5}, "state of 4 numbers becomes 5"),
        ({"mouth_space": "1", "look_ahead": "3", "mel": 40}, r"'mel' is tensor\(float\) \[1, 4, 40\]"),
    ],
)
def test_a_wrong_network_gives_one_clear_error(
    tmp_path: Path, found: dict[str, str | int], message: str
) -> None:
    path = write(tmp_path / "wrong.onnx", **found)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match=message) as caught:
        MouthNetwork.open(path)
    assert "wrong.onnx" in str(caught.value)


def test_a_file_that_is_no_network_gives_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "empty.onnx"
    path.write_bytes(b"")
    with pytest.raises(NetworkError, match=r"empty\.onnx is not a network"):
        MouthNetwork.open(path)


# Against people


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
