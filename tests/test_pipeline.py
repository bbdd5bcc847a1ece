"""What comes out depends on what was said, never on the portions in which it was pushed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from renderer.audio import load_sound
from renderer.avatar import Avatar
from renderer.easing import CLOSING
from renderer.pipeline import Pipeline
from renderer.settings import Settings
from renderer.stance import REST_AFTER
from renderer.types import Samples, State, VideoFrame

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


def pipeline(avatar: Avatar, **changes: object) -> Pipeline:
    return avatar._pipeline(replace(Settings(), **changes))  # type: ignore[arg-type]


def said(pipeline: Pipeline, sound: Samples, size: int, rate: int = 16_000) -> list[VideoFrame]:
    frames = [f for at in range(0, len(sound), size) for f in pipeline.push(sound[at : at + size], rate)]
    return [*frames, *pipeline.finish()]


def same(one: list[VideoFrame], other: list[VideoFrame]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(a.pixels, b.pixels)
        and np.array_equal(a.sound, b.sound)
        and (a.index, a.state) == (b.index, b.state)
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("size", [160, 640, 1000, 16_000])
def test_streaming_equals_offline_bit_for_bit(avatar: Avatar, speech: Samples, size: int) -> None:
    offline = list(avatar.render(speech, 16_000))
    assert same(said(pipeline(avatar), speech, size), offline)


def test_one_sample_at_a_time_equals_offline(avatar: Avatar, speech: Samples) -> None:
    short = speech[3000:6000]
    assert same(said(pipeline(avatar), short, 1), list(avatar.render(short, 16_000)))


@pytest.mark.parametrize("rate", [8_000, 22_050, 24_000, 44_100])
def test_streaming_equals_offline_at_any_rate(avatar: Avatar, rate: int) -> None:
    sound = load_sound(HELLO, rate)[: rate // 2]
    assert same(said(pipeline(avatar), sound, 333, rate), list(avatar.render(sound, rate)))


@pytest.mark.parametrize("samples", [1, 639, 640, 641, 5000, 32_000])
def test_there_are_as_many_frames_as_the_sound_needs(avatar: Avatar, speech: Samples, samples: int) -> None:
    frames = list(avatar.render(speech[:samples], 16_000))
    assert len(frames) == -(-samples // 640)
    assert [frame.index for frame in frames] == list(range(len(frames)))


def test_the_frames_carry_the_whole_sound_and_nothing_else(avatar: Avatar) -> None:
    sound = load_sound(HELLO, 48_000)[:50_000]
    frames = list(avatar.render(sound, 48_000))
    heard = np.concatenate([frame.sound for frame in frames])
    assert np.array_equal(heard[: len(sound)], sound)
    assert not heard[len(sound) :].any()
    assert {len(frame.sound) for frame in frames} == {1920}


def test_a_listening_avatar_shows_its_clip_and_nothing_else(avatar: Avatar) -> None:
    listening = [pipeline.idle() for pipeline in [pipeline(avatar)] for _ in range(14)]
    quiet = list(avatar.render(np.zeros(14 * 640, np.float32), 16_000))
    assert all(not frame.sound.any() for frame in listening)
    assert {frame.state for frame in listening} == {State.LISTENING}
    assert np.array_equal(listening[0].pixels, quiet[0].pixels), "silence must not move the mouth"


def test_speech_moves_the_mouth_and_only_the_mouth(avatar: Avatar, speech: Samples) -> None:
    spoken = list(avatar.render(speech, 16_000))
    silent = list(avatar.render(np.zeros_like(speech), 16_000))
    moved = [np.abs(a.pixels.astype(int) - b.pixels).max(axis=2) for a, b in zip(spoken, silent, strict=True)]
    assert sum(difference.max() > 8 for difference in moved) > len(moved) / 3
    still = np.stack(moved).max(axis=0) == 0
    assert still.mean() > 0.5, "most of the picture is the clip's own"


def test_the_mouth_closes_when_the_sound_is_over(avatar: Avatar, speech: Samples) -> None:
    cut_short = speech[: 640 * 30]  # in the middle of a word
    talking, quiet = pipeline(avatar), pipeline(avatar)
    said(talking, cut_short, 640)
    said(quiet, np.zeros_like(cut_short), 640)
    after = [(talking.idle(), quiet.idle()) for _ in range(CLOSING + 3)]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in after[CLOSING:])


def test_an_interruption_forgets_the_sound_and_closes_the_mouth(avatar: Avatar, speech: Samples) -> None:
    talking, quiet = pipeline(avatar), pipeline(avatar)
    shown = len(list(talking.push(speech, 16_000)))
    list(quiet.push(np.zeros_like(speech), 16_000))
    talking.interrupt()
    quiet.interrupt()
    assert shown > 40
    after = [(talking.idle(), quiet.idle()) for _ in range(CLOSING + 1)]
    assert all(not frame.sound.any() for frame, _ in after)
    assert np.array_equal(after[-1][0].pixels, after[-1][1].pixels)
    assert list(talking.finish()) == []


def test_the_state_is_speaking_until_the_pause_is_long_enough(avatar: Avatar, speech: Samples) -> None:
    frames = list(avatar.render(speech, 16_000, before=0.2, after=1.0))
    states = [frame.state for frame in frames]
    assert states[:5] == [State.LISTENING] * 5
    assert states[5 : 55 + REST_AFTER - 1] == [State.SPEAKING] * (50 + REST_AFTER - 1)
    assert states[-1] is State.LISTENING


@pytest.mark.parametrize("order", ["rgb", "bgr", "bgra"])
def test_pixels_come_in_the_order_asked_for(avatar: Avatar, order: str) -> None:
    frame = pipeline(avatar, pixels=order).idle()
    bgra = pipeline(avatar, pixels="bgra").idle().pixels
    wanted = {"rgb": bgra[..., 2::-1], "bgr": bgra[..., :3], "bgra": bgra}[order]
    assert np.array_equal(frame.pixels, wanted)


def test_frames_given_out_are_never_drawn_over(avatar: Avatar, speech: Samples) -> None:
    frames, kept = [], []
    for frame in avatar.render(speech[:16_000], 16_000, Settings(pixels="bgra")):
        frames.append(frame.pixels)
        kept.append(frame.pixels.copy())
    assert all(np.array_equal(a, b) for a, b in zip(frames, kept, strict=True))


def test_an_utterance_keeps_one_sample_rate(avatar: Avatar, speech: Samples) -> None:
    talking = pipeline(avatar)
    list(talking.push(speech[:1000], 16_000))
    with pytest.raises(ValueError, match="begun at 16000"):
        list(talking.push(speech[:1000], 24_000))


def test_no_mouth_gain_no_movement(avatar: Avatar, speech: Samples) -> None:
    still = list(avatar.render(speech, 16_000, Settings(mouth_gain=0.0)))
    assert len(still) == 50
