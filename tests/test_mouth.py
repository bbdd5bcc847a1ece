"""What renderer/mouth.py makes of any network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from renderer.features import SILENT_MEL
from renderer.mouth import MURMUR, PRE_ROLL, SLEEP_AFTER, Array, MouthNetwork, MouthStream
from renderer.presence import LIKELY, SURE
from renderer.types import Features, MouthFrame

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
    assert presence[48] == 0
    assert 0 < presence[49] < presence[50] == 1


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


def test_lips_that_part_while_speech_was_likely_for_long_come_no_faster_than_speech() -> None:
    class Waking(Loud):
        def step(self, mel: Array, state: Array) -> tuple[Array, float, Array]:
            _, voice, after = super().step(mel, state)
            gap = 2.0 if self.steps > 60 else 0.0
            return np.full(10, gap, np.float32), voice * (LIKELY.over + SURE.over) / 2, after

    presence = np.array([frame.presence for frame in said(Waking(), ticks((20, False), (60, True)))])
    assert presence.max() == 1
    assert np.diff(presence).max() <= 0.5


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
