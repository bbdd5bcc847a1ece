"""A person at the microphone drives the avatar, or talks with it; a recording stands for the person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from renderer.audio import load_sound
from renderer.avatar import Avatar
from renderer.errors import DeviceError, DeviceLost
from renderer.listening import Listener, Puppet
from renderer.sources.recording import RecordingSource
from renderer.types import Samples, State, VideoFrame
from renderer.voices.function import Sound

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


class Person:
    """A source that gives a tick of its sound for every frame taken."""

    name = "a person"

    def __init__(self, sound: Samples) -> None:
        self._sound = np.concatenate([sound, np.zeros(-len(sound) % 640, np.float32)])
        self._at = 0
        self._frames = threading.Semaphore(0)
        self._is_closed = False

    def goes_on(self) -> None:
        self._frames.release()

    def read(self) -> Samples | None:
        self._frames.acquire()
        tick = self._sound[self._at : self._at + 640]
        self._at += 640
        return None if self._is_closed or not len(tick) else tick

    def close(self) -> None:
        self._is_closed = True
        self._frames.release()


@pytest.fixture
def hello() -> Samples:
    """A second of quiet, a sentence, two seconds of quiet."""
    quiet = (0.0005 * np.random.default_rng(0).standard_normal(48_000)).astype(np.float32)
    return np.concatenate([quiet[:16_000], load_sound(HELLO, 16_000)[:32_000], quiet[:32_000]])


def hum(text: str) -> Sound:
    return (0.3 * np.sin(np.arange(640 * len(text)) / 20)).astype(np.float32), 16_000


def until(
    frames: Listener | Puppet, wanted: Callable[[VideoFrame], bool], person: Person | None = None
) -> list[VideoFrame]:
    """The frames up to the first of which it holds, while the person goes on."""
    taken: list[VideoFrame] = []
    for frame in islice(frames, 3000):
        taken.append(frame)
        if wanted(frame):
            return taken
        if person is not None:
            person.goes_on()
    raise AssertionError("it never came")


def test_ones_own_voice_drives_the_avatar(avatar: Avatar, hello: Samples) -> None:
    person = Person(hello)
    with avatar.session(sound_rate=16_000) as session, Puppet(session, person) as puppet:
        first = until(puppet, lambda frame: frame.utterance is not None, person)[-1]
        frames = until(puppet, lambda frame: frame.utterance is None, person)
    spoken = [frame.sound for frame in (first, *frames) if frame.sound.any()]  # less waiting
    said = np.concatenate(spoken)
    begin = next(at for at in range(0, len(hello), 640) if np.array_equal(hello[at : at + 640], said[:640]))
    length = 640 * (len(spoken) - 2)  # the last ticks are filled up, and not spoken
    assert length > 10_000
    assert np.array_equal(said[:length], hello[begin : begin + length])


def test_a_person_breaks_in_and_gets_an_answer(avatar: Avatar, hello: Samples) -> None:
    person = Person(hello)
    told: list[bool] = []
    understood: list[Samples] = []

    def answer(sound: Samples, rate: int) -> str:
        assert rate == 16_000
        understood.append(sound)
        return "Indeed."

    with avatar.session(random_gestures=False) as session:
        ended: list[bool] = []
        session.on("speech_ended", lambda interrupted: ended.append(interrupted))
        session.set_volume(0.0)  # headphones
        with Listener(session, person, answer, hum, told.append) as listener:
            session.say("A very long speech about nothing at all. " * 20, hum)
            until(listener, lambda frame: frame.utterance is not None)
            frames = until(listener, lambda _frame: ended == [True], person)
            assert frames[-1].state is State.LISTENING
            frames = until(listener, lambda frame: bool(frame.words), person)
            assert [word.text for word in frames[-1].words] == ["Indeed"]
    assert told == [True, False]
    assert len(understood) == 1
    assert 20_000 < len(understood[0]) < 60_000


def test_an_answer_comes_too_late_when_the_person_has_gone_on(avatar: Avatar, hello: Samples) -> None:
    person = Person(np.concatenate([hello, hello]))
    may_answer = threading.Event()
    answers = ["Second.", "First."]

    def answer(_sound: Samples, _rate: int) -> str:
        text = answers.pop()
        if text == "First.":
            assert may_answer.wait(60)
        return text

    with avatar.session() as session, Listener(session, person, answer, hum) as listener:
        until(listener, lambda frame: frame.state is State.THINKING, person)
        until(listener, lambda frame: frame.state is State.LISTENING, person)
        may_answer.set()
        frames = until(listener, lambda frame: bool(frame.words), person)
        assert frames[-1].words[0].text == "Second"


def test_nothing_to_answer_ends_the_thinking(avatar: Avatar, hello: Samples) -> None:
    person = Person(hello)
    is_seen = threading.Event()

    def answer(_sound: Samples, _rate: int) -> None:
        assert is_seen.wait(60)

    with avatar.session() as session, Listener(session, person, answer) as listener:
        until(listener, lambda frame: frame.state is State.THINKING, person)
        is_seen.set()
        until(listener, lambda frame: frame.state is State.LISTENING)


def test_what_an_answer_raises_is_told_where_frames_are_taken(avatar: Avatar, hello: Samples) -> None:
    def fail(_sound: Samples, _rate: int) -> str:
        raise ValueError("no words found")

    person = Person(hello)
    with avatar.session() as session, Listener(session, person, fail, hum) as listener:
        with pytest.raises(ValueError, match="no words found"):
            until(listener, lambda _frame: False, person)
        next(listener)


def test_a_lost_microphone_is_told_once_and_the_avatar_goes_on(avatar: Avatar) -> None:
    class Lost(Person):
        def read(self) -> Samples | None:
            raise DeviceError("the microphone is gone")

    with avatar.session() as session, Puppet(session, Lost(np.zeros(0, np.float32))) as puppet:
        with pytest.raises(DeviceError, match="gone"):
            until(puppet, lambda _frame: False)
        assert next(puppet).state is State.LISTENING
        assert puppet.is_over


def test_a_microphone_found_again_drives_it_again(avatar: Avatar, hello: Samples) -> None:
    class Loose(Person):
        """Its plug falls out in the middle of the sentence, once."""

        def __init__(self, sound: Samples) -> None:
            super().__init__(sound)
            self.ticks = 0

        def read(self) -> Samples | None:
            self.ticks += 1
            if self.ticks == 40:
                raise DeviceLost("the microphone is gone")
            return super().read()

    person = Loose(np.concatenate([hello, hello]))
    with avatar.session(sound_rate=16_000) as session, Puppet(session, person) as puppet:
        with pytest.raises(DeviceLost, match="gone"):
            until(puppet, lambda _frame: False, person)
        until(puppet, lambda frame: frame.utterance is None, person)
        spoken = until(puppet, lambda frame: frame.utterance is not None, person)
        assert (spoken[-1].utterance or 0) > 1
        assert not puppet.is_over


def test_no_thread_survives(avatar: Avatar) -> None:
    before = set(threading.enumerate())
    source = RecordingSource(HELLO)
    with avatar.session() as session, Listener(session, source, lambda *_: "x", hum) as listener:
        next(listener)
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before
