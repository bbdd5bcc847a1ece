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


def test_steady_noise_becomes_the_floor() -> None:
    said = judged([-40.0] * 200)
    assert not any(said[WINDOW + HANG :])


def test_speech_over_that_noise_is_still_heard() -> None:
    assert judged([-40.0] * 200 + [-25.0])[-1]


def test_noise_that_flickers_does_not_chatter() -> None:
    random = np.random.default_rng(0)
    said = judged([float(level) for level in random.normal(-45.0, 1.5, 2000)])
    assert not any(said[WINDOW + HANG :])


def test_reset_forgets_the_place() -> None:
    activity = SpeechActivity()
    for _ in range(200):
        activity.push(-40.0)
    activity.reset()
    assert activity.push(-40.0)
