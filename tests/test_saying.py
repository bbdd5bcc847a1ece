"""A session says texts in turn, beside all else, until it is interrupted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

from renderer import saying
from renderer.avatar import Avatar
from renderer.errors import SessionClosed, TextError, VoiceError
from renderer.session import Session
from renderer.settings import FPS
from renderer.types import Cue, VideoFrame
from renderer.voices.function import Sound
from renderer.voices.voice import Piece, Sentence

RATE = 16_000


def hum(text: str) -> Sound:
    """40 ms a letter, so a frame a letter."""
    return (0.3 * np.sin(np.arange(640 * len(text)) / 20)).astype(np.float32), RATE


class Asked:
    """A voice that notes what it was asked for, and waits for its permit before each sentence."""

    def __init__(self, permits: int = 1000) -> None:
        self.sentences: list[str] = []
        self.permits = threading.Semaphore(permits)
        self.is_asked = threading.Event()

    def __call__(self, text: str) -> Sound:
        self.sentences.append(text)
        self.is_asked.set()
        assert self.permits.acquire(timeout=20)
        return hum(text)


def frames_until_said(session: Session, utterances: int) -> list[VideoFrame]:
    """Frames until so many utterances have ended."""
    ended: list[bool] = []
    session.on("speech_ended", lambda interrupted: ended.append(interrupted))
    frames: list[VideoFrame] = []
    for frame in islice(session, 5000):
        if len(ended) == utterances:
            return frames
        frames.append(frame)
    raise AssertionError(f"{len(ended)} utterances ended")


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "avatar-voice"]


def test_what_is_said_is_what_would_be_pushed(avatar: Avatar) -> None:
    with avatar.session(sound_rate=RATE) as session:
        session.say("Hello there.", hum)
        frames = [frame for frame in frames_until_said(session, 1) if frame.utterance]
    sound, rate = hum("Hello there.")
    heard = np.concatenate([frame.sound for frame in frames])
    assert np.array_equal(heard[: len(sound)], sound)
    cues = [Cue(0, word="Hello"), Cue(5 * len(sound) // 10, word="there")]
    with avatar.session(sound_rate=RATE) as session:
        session.push(sound, rate, cues)
        session.finish()
        pushed = [frame for frame in frames_until_said(session, 1) if frame.utterance]
    words = [[word.text for frame in film for word in frame.words] for film in (frames, pushed)]
    assert words == [["Hello", "there"]] * 2
    assert len(frames) == len(pushed)


def test_texts_are_said_in_turn_each_an_utterance(avatar: Avatar) -> None:
    with avatar.session() as session:
        session.say("One two three. Four.", hum)
        session.say("Five.", lambda text: (hum(text)[0], 22_050))
        frames = frames_until_said(session, 2)
    words = [(frame.utterance, word.text) for frame in frames for word in frame.words]
    assert words == [(1, "One"), (1, "two"), (1, "three"), (1, "Four"), (2, "Five")]


def test_nothing_of_an_interrupted_text_is_made_or_heard_any_more(avatar: Avatar) -> None:
    voice = Asked(permits=1)
    with avatar.session(queue_seconds=0.5) as session:
        session.say("First. Second. Third.", voice)
        session.say("Never asked for.", voice)
        assert any(frame.sound.any() for frame in islice(session, 2000))
        session.interrupt()
        voice.permits.release(10)  # the sentence it was at is made, and thrown away
        session.say("After.", hum)
        frames = frames_until_said(session, 2)
    assert voice.sentences in (["First."], ["First.", "Second."])
    assert [word.text for frame in frames for word in frame.words] == ["After"]


def test_an_interruption_frees_a_voice_that_waits_for_room(avatar: Avatar) -> None:
    with avatar.session(queue_seconds=0.2) as session:
        session.say("A sentence. " * 50, hum)
        next(session)
        session.interrupt()
        session.say("Short.", hum)
        frames = frames_until_said(session, 1)
        assert "Short" in [word.text for frame in frames for word in frame.words]


def test_gestures_begin_at_their_words(avatar: Avatar) -> None:
    name = avatar.gestures[0]
    with avatar.session() as session:
        begun: list[float] = []
        words: dict[str, float] = {}
        session.on("gesture_started", lambda time, **_: begun.append(time))
        session.on("word", lambda text, time: words.update({text: time}))
        session.say(f'One two three four <insert-action type="{name}"/>five six seven eight nine ten.', hum)
        frames_until_said(session, 1)
    assert len(begun) == 1
    since = begun[0] - words["five"]
    assert -1 / FPS < since <= 1.0, "with the frame that the word begins in, at the earliest"


def test_a_gesture_the_avatar_does_not_have_is_told_at_once(avatar: Avatar) -> None:
    with avatar.session() as session, pytest.raises(TextError, match=r"'fly'; .* of the gestures nod"):
        session.say('<insert-action type="fly"/>Hello', hum)
    with pytest.raises(TextError, match="'fly'"):
        avatar.render_text('<insert-action type="fly"/>Hello', hum)


def test_what_a_voice_raises_is_told_and_the_session_goes_on(avatar: Avatar) -> None:
    def stumble(text: str) -> Sound:
        if text == "Bad.":
            raise OSError("the voice is gone")
        return hum(text)

    with avatar.session() as session:
        errors: list[Exception] = []
        session.on("error", lambda error: errors.append(error))
        session.say("Good. Bad. Unsaid.", stumble)
        session.say("Again.", stumble)
        frames = frames_until_said(session, 2)
    assert [str(error) for error in errors] == ["the voice is gone"]
    assert [word.text for frame in frames for word in frame.words] == ["Good", "Again"]


def test_an_error_nobody_listens_to_is_raised_where_frames_are_taken(avatar: Avatar) -> None:
    with avatar.session() as session:
        session.say("Hello.", lambda _text: None)  # type: ignore[arg-type, return-value]
        with pytest.raises(VoiceError, match="gave NoneType"):
            list(islice(session, 500))
        next(session)


@pytest.mark.parametrize("permits", [0, 1])
def test_close_ends_the_voices_thread(avatar: Avatar, permits: int) -> None:
    voice = Asked(permits)
    session = avatar.session(queue_seconds=0.1)
    session.say("One. Two. Three.", voice)
    next(session)
    threading.Timer(0.05, voice.permits.release, [10]).start()  # the sentence it is at comes to its end
    session.close()
    assert threads() == []
    with pytest.raises(SessionClosed):
        session.say("Four.", voice)


def test_a_voice_that_is_stuck_is_told_when_the_session_closes(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saying, "GOODBYE", 0.05)
    voice = Asked(permits=0)
    session = avatar.session()
    session.say("One.", voice)
    assert voice.is_asked.wait(20)
    with pytest.raises(RuntimeError, match="it is stuck"):
        session.close()
    voice.permits.release()
    for thread in threading.enumerate():
        if thread.name == "avatar-voice":
            thread.join(10)
    assert threads() == []


def test_the_thread_lives_only_while_there_is_something_to_say(avatar: Avatar) -> None:
    with avatar.session() as session:
        assert threads() == []
        session.say("One.", hum)
        frames_until_said(session, 1)
        for thread in threading.enumerate():
            if thread.name == "avatar-voice":
                thread.join(10)
        assert threads() == []
        session.say("Two.", hum)
        frames_until_said(session, 1)


def test_nothing_to_say_is_no_utterance(avatar: Avatar) -> None:
    with avatar.session() as session:
        session.say("  ", hum)
        session.say("One.", hum)
        frames = frames_until_said(session, 1)
    assert {frame.utterance for frame in frames} - {None} == {1}


def test_asyncio_says_it_too(avatar: Avatar) -> None:
    async def scene() -> list[str]:
        async with avatar.async_session() as session:
            await session.say("One two.", hum)
            words: list[str] = []
            async for frame in session:
                words += [word.text for word in frame.words]
                if len(words) == 2 or frame.index > 2000:
                    return words
        return []

    assert asyncio.run(scene()) == ["One", "two"]


def test_a_film_of_a_text_is_the_film_of_its_sound(avatar: Avatar) -> None:
    film = list(avatar.render_text("Hello there.", hum, before=0.2, after=0.2))
    sound, rate = hum("Hello there.")
    other = list(avatar.render(sound, rate, before=0.2, after=0.2))
    assert [word.text for frame in film for word in frame.words] == ["Hello", "there"]
    assert len(film) == len(other)
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(film, other, strict=True))


def test_whatever_is_called_when_texts_stay_in_order(avatar: Avatar) -> None:
    """Random says and interruptions: what is heard in the end is the last thing said."""
    choice = np.random.default_rng(3)
    with avatar.session() as session:
        for number in range(300):
            session.say(f"A{number}.", hum)
            if choice.random() < 0.5:
                session.interrupt()
            if choice.random() < 0.3:
                next(session)
        session.interrupt()
        session.say("Last.", hum)
        words: list[str] = []
        for frame in islice(session, 3000):
            words += [word.text for word in frame.words]
            if "Last" in words and frame.utterance is None:
                break
    assert words[-1] == "Last"
    spoken = [int(word[1:]) for word in words[:-1]]
    assert spoken == sorted(spoken)
    assert threads() == []


class Slow:
    """A voice that takes for ever, and can be stopped."""

    def __init__(self) -> None:
        self.is_asked = threading.Event()
        self.stopped: set[int] = set()
        self.change = threading.Condition()

    def speak(self, sentence: Sentence) -> Iterator[Piece]:
        with self.change:
            self.is_asked.set()
            self.change.wait_for(lambda: threading.get_ident() in self.stopped, timeout=20)
            if threading.get_ident() not in self.stopped:
                yield Piece(*hum(sentence.text))
        raise RuntimeError("stopped")

    def stop(self, thread: int) -> None:
        with self.change:
            self.stopped.add(thread)
            self.change.notify_all()


def test_an_interruption_stops_a_slow_voice(avatar: Avatar) -> None:
    """It used to be waited for, though nobody wanted the clause it was making."""
    slow = Slow()
    with avatar.session() as session:
        errors: list[Exception] = []
        session.on("error", lambda error: errors.append(error))
        session.say("For ever.", slow)
        assert slow.is_asked.wait(20)
        session.interrupt()
        session.say("After.", hum)
        frames = frames_until_said(session, 1)
    assert [word.text for frame in frames for word in frame.words] == ["After"]
    assert errors == [], "a voice that was stopped has done nothing wrong"


class SlowFunction:
    """An engine of one's own that is called like a function, and can be broken off."""

    def __init__(self) -> None:
        self.is_asked, self.is_over = threading.Event(), threading.Event()

    def __call__(self, _: str) -> Sound:
        self.is_asked.set()
        assert self.is_over.wait(20)
        raise ConnectionError("closed")

    def stop(self, _: int) -> None:
        self.is_over.set()


def test_an_interruption_stops_a_callable_that_can_be_stopped(avatar: Avatar) -> None:
    slow = SlowFunction()
    with avatar.session() as session:
        session.say("For ever.", slow)
        assert slow.is_asked.wait(20)
        session.interrupt()
        session.say("After.", hum)
        frames = frames_until_said(session, 1)
    assert [word.text for frame in frames for word in frame.words] == ["After"]


def test_close_stops_a_slow_voice(avatar: Avatar) -> None:
    slow = Slow()
    with avatar.session() as session:
        session.say("For ever.", slow)
        assert slow.is_asked.wait(20)
    assert slow.stopped
    assert threads() == []


def test_closing_on_asyncio_stops_the_voice_and_leaves_the_loop_free(avatar: Avatar) -> None:
    async def scene(voice: Asked | Slow) -> int:
        session = avatar.async_session()
        await session.say("For ever.", voice)
        while not voice.is_asked.is_set():
            await asyncio.sleep(0.001)
        closing = asyncio.create_task(session.close())
        turns = 0
        while not closing.done():
            await asyncio.sleep(0)
            turns += 1
            if turns == 100 and isinstance(voice, Asked):
                voice.permits.release()  # one that cannot be stopped ends its sentence some time later
        await closing
        return turns

    assert asyncio.run(scene(Slow())) > 1
    assert asyncio.run(scene(Asked(permits=0))) > 100
    assert threads() == []
