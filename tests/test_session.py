"""A session is a pipeline with a thread: the same pictures, in time, interruptible, and it ends."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sessions import HELLO, heard, until_spoken

from renderer.audio import load_sound
from renderer.avatar import Avatar, open_avatar
from renderer.easing import CLOSING
from renderer.errors import SessionClosed
from renderer.settings import Settings
from renderer.types import Cue, Samples, State


@pytest.mark.parametrize("size", [160, 640, 1000, 16_000])
def test_session_draws_what_render_draws(avatar: Avatar, speech: Samples, size: int) -> None:
    with avatar.session() as session:
        for at in range(0, len(speech), size):
            session.push(speech[at : at + size], 16_000)
        session.finish()
        frames = until_spoken(session)
        assert session.statistics.waits == 0
    first = next(i for i, frame in enumerate(frames) if frame.state is State.SPEAKING)
    film = list(avatar.render(speech, 16_000, before=first / 25))
    for live, drawn in zip(frames, film, strict=True):
        assert np.array_equal(live.pixels, drawn.pixels)
        assert np.array_equal(live.sound, drawn.sound)
        assert live.index == drawn.index


def test_sound_that_comes_late_is_waited_for_and_none_is_lost(avatar: Avatar, speech: Samples) -> None:
    with avatar.session(sound_rate=16_000) as session:
        session.push(speech[:8000], 16_000)
        before = list(islice(session, 40))  # half a second of speech: the rest is waiting, mouth closed
        session.push(speech[8000:16_000], 16_000)
        session.finish()
        after = until_spoken(session)
        assert session.statistics.waits >= 10
    sound = heard([frame for frame in before + after if frame.sound.any()])
    assert np.array_equal(sound[np.flatnonzero(sound)], speech[:16_000][np.flatnonzero(speech[:16_000])])


def test_an_interruption_silences_everything_not_yet_shown(avatar: Avatar, speech: Samples) -> None:
    with avatar.session() as session:
        session.push(speech, 16_000)
        shown = list(islice(session, 25))
        session.interrupt()
        frames = list(islice(session, 30))
    assert heard(shown).any()
    assert not heard(frames).any()
    assert frames[-1].state is State.LISTENING
    assert [frame.index for frame in shown + frames] == list(range(55))


def test_the_mouth_is_closed_soon_after_an_interruption(
    avatar: Avatar, speech: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    draw = avatar._lips.draw

    def counted(*args: Any) -> Any:
        drawn.append(len(args))
        return draw(*args)

    monkeypatch.setattr(avatar._lips, "draw", counted)
    with avatar.session() as session:
        session.push(speech, 16_000)
        list(islice(session, 25))
        before = len(drawn)
        session.interrupt()
        list(islice(session, CLOSING + 1))
        closed = len(drawn)
        list(islice(session, 40))
    assert before > 0
    # the worker may have been drawing one more frame of the utterance when it was cut
    assert closed - before <= CLOSING + 1
    assert len(drawn) == closed, "once the mouth is closed no network runs"


def test_an_interrupted_session_speaks_again(avatar: Avatar, speech: Samples) -> None:
    with avatar.session(sound_rate=16_000) as session:
        session.push(speech, 16_000)
        next(session)
        session.interrupt()
        session.push(speech[:6400], 16_000)
        session.finish()
        frames = [frame for frame in until_spoken(session) if frame.sound.any()]
    assert np.array_equal(heard(frames)[: len(speech[:6400])].nonzero(), speech[:6400].nonzero())


def test_a_call_shows_in_the_very_next_frame(avatar: Avatar, speech: Samples) -> None:
    with avatar.session() as session:
        list(islice(session, 5))
        session.think()
        assert next(session).state is State.THINKING
        session.interrupt()
        assert next(session).state is State.LISTENING
        session.push(speech, 16_000)
        frame = next(frame for frame in session if frame.utterance)
        session.interrupt()
        frame = next(session)
        assert frame.utterance is None
        assert not frame.sound.any()
        assert session.statistics.redrawn > 0


def test_a_paused_word_goes_on_where_it_was_held(avatar: Avatar, speech: Samples) -> None:
    told: list[str] = []
    with avatar.session(sound_rate=16_000) as session:
        session.on("speech_started", lambda: told.append("started"))
        session.on("speech_ended", lambda **_: told.append("ended"))
        session.push(speech[:16_000], 16_000)
        session.finish()
        frames = [next(session) for _ in range(12)]
        session.pause()
        held = [next(session) for _ in range(30)]
        session.resume()
        frames += until_spoken(session)
    assert not heard(held).any()
    assert held[-1].state is State.LISTENING
    assert {frame.utterance for frame in held} == {1}
    spoken = heard([frame for frame in frames if frame.utterance])
    assert np.array_equal(spoken, speech[:16_000])
    assert told == ["started", "ended"]


def test_a_gesture_nobody_recorded_is_refused(avatar: Avatar, speech: Samples) -> None:
    with avatar.session() as session:
        assert session.gestures == ("nod",)
        with pytest.raises(ValueError, match="this avatar has nod"):
            session.gesture("bow")
        with pytest.raises(ValueError, match="'now' or 'next'"):
            session.gesture("nod", when="later")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="no gesture 'bow'"):
            session.push(speech, 16_000, [Cue(0, gesture="bow")])
        with pytest.raises(ValueError, match="must lie in the sound"):
            session.push(speech[:100], 16_000, [Cue(101, word="late")])


def test_the_volume_changes_without_a_click(avatar: Avatar) -> None:
    loud = np.full(32_000, 0.5, np.float32)
    with avatar.session(sound_rate=16_000) as session:
        session.push(loud, 16_000)
        spoken = [next(frame for frame in session if frame.utterance)]
        session.set_volume(0.0)
        spoken += islice(session, 2)
        session.set_volume(0.5)
        spoken += islice(session, 2)
    sound = heard(spoken)
    assert np.abs(np.diff(sound)).max() < 0.001
    assert (sound[:640] == 0.5).all()
    assert not sound[1280:1920].any()
    assert (sound[2560:] == 0.25).all()


def test_a_mouth_chosen_while_it_listens_is_that_of_the_settings(avatar: Avatar, speech: Samples) -> None:
    with avatar.session() as session:
        session.set_mouth(gain=1.6)
        session.set_mouth(articulation=1.3)
        session.push(speech, 16_000)
        session.finish()
        frames = [frame for frame in until_spoken(session) if frame.utterance]
    first = frames[0].index / 25
    film = avatar.render(speech, 16_000, Settings(mouth_gain=1.6, articulation=1.3), before=first)
    drawn = [frame for frame in film if frame.utterance]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(frames, drawn, strict=True))


def test_a_mouth_chosen_in_mid_speech_gets_there_within_half_a_second(
    avatar: Avatar, speech: Samples
) -> None:
    with avatar.session() as session:
        session.push(speech, 16_000)
        session.finish()
        next(frame for frame in session if frame.utterance)
        shown = [next(session) for _ in range(11)]
        session.set_mouth(gain=2.0)
        shown += [frame for frame in until_spoken(session) if frame.utterance]
    live = {frame.index: frame.pixels for frame in shown}
    first = shown[0].index - 1
    film = list(avatar.render(speech, 16_000, Settings(mouth_gain=2.0), before=first / 25))
    plain = list(avatar.render(speech, 16_000, before=first / 25))
    for frame in plain[first + 1 : first + 12]:
        assert np.array_equal(live[frame.index], frame.pixels), "what was shown before the choice"
    for frame in film[first + 12 + 13 : shown[-1].index + 1]:
        assert np.array_equal(live[frame.index], frame.pixels), "half a second after it"


@pytest.mark.parametrize(
    ("gain", "articulation"), [(2.1, None), (-0.1, None), (None, 0.4), (float("nan"), 1.0)]
)
def test_a_mouth_outside_its_limits_is_refused_and_nothing_changes(
    avatar: Avatar, gain: float | None, articulation: float | None
) -> None:
    with avatar.session(mouth_gain=1.5) as session:
        with pytest.raises(ValueError, match="expected"):
            session.set_mouth(gain, articulation)
        session.set_mouth()
        next(session)


def test_a_single_word_is_spoken_whole(avatar: Avatar, speech: Samples) -> None:
    word = speech[4000:7200]  # 200 ms
    with avatar.session(sound_rate=16_000) as session:
        session.push(word, 16_000)
        session.finish()
        frames = until_spoken(session)
    spoken = [frame for frame in frames if frame.utterance]
    assert np.array_equal(heard(spoken), word)


def test_two_sessions_on_one_avatar_share_no_state(avatar: Avatar, speech: Samples) -> None:
    other = load_sound(HELLO, 16_000)[40_000:60_000]
    with avatar.session() as one, avatar.session() as two:
        for session, sound in ((one, speech), (two, other)):
            session.push(sound, 16_000)
            session.finish()
        pairs = list(islice(zip(one, two, strict=False), 30))
    for live, sound in (
        ([pair[0] for pair in pairs], speech),
        ([pair[1] for pair in pairs], other),
    ):
        first = next(i for i, frame in enumerate(live) if frame.state is State.SPEAKING)
        film = list(islice(avatar.render(sound, 16_000, before=first / 25), 30))
        assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(live, film, strict=False))


def test_sound_of_a_wrong_kind_is_refused_where_it_is_pushed(avatar: Avatar, speech: Samples) -> None:
    with avatar.session() as session:
        session.push(speech[:1600], 16_000)
        with pytest.raises(ValueError, match="begun at 16000"):
            session.push(speech[:1600], 24_000)
        with pytest.raises(ValueError, match="int16"):
            session.push(np.zeros(100, np.uint8), 16_000)
        with pytest.raises(ValueError, match="0 samples a second"):
            session.push(speech[:100], 0)
        session.finish()
        session.push(speech[:2400], 24_000)
        session.finish()
        assert next(session).index == 0


def test_a_closed_avatar_says_so(tiny_avatar: Path) -> None:
    with open_avatar(tiny_avatar) as closed:
        pass
    with pytest.raises(SessionClosed, match="open_avatar"):
        closed.session()
