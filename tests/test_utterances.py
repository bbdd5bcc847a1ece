"""Words and gestures come in the frame in which they are heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from renderer.avatar import Avatar
from renderer.settings import Settings
from renderer.types import Cue, Samples
from renderer.utterances import Tick, Utterances


def speech_of(avatar: Avatar) -> Utterances:
    return avatar._pipeline(replace(Settings())).speech


def said(heard: Utterances, sound: Samples, cues: list[Cue], size: int) -> list[Tick]:
    ticks: list[Tick] = []
    for first in range(0, len(sound), size):
        own = [replace(cue, at=cue.at - first) for cue in cues if first <= cue.at < first + size]
        ticks += heard.push(sound[first : first + size], 16_000, own)
    return [*ticks, *heard.finish()]


@pytest.mark.parametrize("size", [160, 640, 1000, 16_000])
def test_cues_fall_into_their_frames_whatever_the_portions(
    avatar: Avatar, speech: Samples, size: int
) -> None:
    cues = [Cue(0, word="I"), Cue(639, word="am"), Cue(640, word="Milo"), Cue(9000, gesture="nod")]
    ticks = said(speech_of(avatar), speech[:16_000], cues, size)
    found = [(index, cue.word or cue.gesture) for index, tick in enumerate(ticks) for _, cue in tick.cues]
    assert found == [(0, "I"), (0, "am"), (1, "Milo"), (14, "nod")]
    after = [seconds for tick in ticks for seconds, _ in tick.cues]
    assert after == pytest.approx([0, 639 / 16_000, 0, 9000 / 16_000 - 14 * 0.04])


def test_a_cue_behind_the_last_sample_belongs_to_the_last_frame(avatar: Avatar, speech: Samples) -> None:
    heard = speech_of(avatar)
    ticks = [*heard.push(speech[:6400], 16_000, [Cue(6400, gesture="nod")]), *heard.finish()]
    assert len(ticks) == 10
    assert [bool(tick.cues) for tick in ticks] == [False] * 9 + [True]


def test_ticks_are_numbered_by_utterance(avatar: Avatar, speech: Samples) -> None:
    heard = speech_of(avatar)
    for number in (1, 2, 3):
        ticks = said(heard, speech[:3200], [], 3200)
        assert {tick.utterance for tick in ticks} == {number}
        assert [tick.mouth.index for tick in ticks] == list(range(5))
        assert heard.utterance is None


def test_what_is_forgotten_is_not_heard_again(avatar: Avatar, speech: Samples) -> None:
    heard = speech_of(avatar)
    list(heard.push(speech, 16_000, [Cue(31_000, word="late")]))
    heard.forget()
    ticks = said(heard, speech[:3200], [], 640)
    assert len(ticks) == 5
    assert not any(tick.cues for tick in ticks)
