"""renderer/activity.py"""

from __future__ import annotations

import numpy as np

from renderer.activity import HANG, WINDOW, SpeechActivity


def judged(levels: list[float]) -> list[bool]:
    activity = SpeechActivity()
    return [activity.push(level) for level in levels]


def test_digital_silence_is_never_speech() -> None:
    assert not any(judged([-120.0] * 200))


def test_speech_may_begin_with_the_first_tick() -> None:
    assert judged([-25.0])[0]


def test_a_whisper_above_a_silent_room_is_speech() -> None:
    assert judged([-90.0] * 100 + [-50.0])[-1]


def test_speech_ends_after_the_hang_and_not_before() -> None:
    said = judged([-25.0] * 20 + [-90.0] * (HANG + 5))
    assert all(said[: 20 + HANG - 1])
    assert not any(said[20 + HANG - 1 :])


def test_the_closure_of_a_stop_does_not_end_speech() -> None:
    assert all(judged([-25.0] * 10 + [-70.0] * (HANG - 1) + [-25.0] * 10))


def test_speech_of_a_microphone_turned_far_down_is_heard() -> None:
    """Peaks of -40 dB: vowels of -50, consonants of -64, in a room of -75. A quarter was missed once."""
    words = [-50.0, -52.0, -58.0, -64.0, -60.0, -55.0, -75.0, -75.0] * 25
    assert all(judged([-75.0] * 50 + words)[50 : 50 + len(words)])


def test_speech_in_noise_is_heard() -> None:
    """10 dB over it at the loudest, and hardly at all between."""
    random = np.random.default_rng(1)
    speech = np.tile([-30.0, -32.0, -36.0, -30.0, -33.0, -39.0, -39.0, -34.0], 20) + random.normal(0, 1, 160)
    assert np.mean(judged([-40.0] * 100 + speech.tolist())[100:]) > 0.97


def test_steady_noise_becomes_the_floor() -> None:
    said = judged([-40.0] * 200)
    assert not any(said[WINDOW + HANG :])


def test_speech_over_that_noise_is_still_heard() -> None:
    assert judged([-40.0] * 200 + [-25.0])[-1]


def test_noise_that_flickers_does_not_chatter() -> None:
    random = np.random.default_rng(0)
    said = judged([float(level) for level in random.normal(-45.0, 1.5, 2000)])
    assert not any(said[2 * WINDOW :])


def test_reset_forgets_the_place() -> None:
    activity = SpeechActivity()
    for _ in range(200):
        activity.push(-40.0)
    activity.reset()
    assert activity.push(-40.0)
