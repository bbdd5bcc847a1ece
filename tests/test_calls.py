"""Whatever is called, in whatever order: no sound is lost or said twice, and no frame jumps."""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from renderer.avatar import Avatar
from renderer.director import Shot
from renderer.outbox import GIVEN
from renderer.session import Session
from renderer.settings import Settings
from renderer.stance import ClipFrame
from renderer.types import MouthFrame, Picture, Samples, VideoFrame

EXAMPLES = int(os.environ.get("CALL_SEQUENCES", "60"))
RATE = 16_000


class Calls(RuleBasedStateMachine):
    """Calls a session at random and checks every frame it gives out."""

    avatar: Avatar
    speech: Samples

    def __init__(self) -> None:
        super().__init__()
        self.shots: dict[int, tuple[Shot, MouthFrame | None]] = {}
        chosen = Settings(sound_rate=RATE, queue_seconds=1e6)
        pipeline = self.avatar._pipeline(chosen, recent=5)
        draw = pipeline.face.draw

        def watched(shot: Shot, mouth: MouthFrame | None, index: int, out: Picture) -> None:
            self.shots[index] = shot, mouth
            draw(shot, mouth, index, out)

        pipeline.face.draw = watched  # type: ignore[method-assign]
        self.session = Session(pipeline, chosen)
        self.last: tuple[VideoFrame, Shot, MouthFrame | None] | None = None
        self.said = self.heard = 0  # samples pushed, and given out or interrupted
        self.is_paused = False
        self.seen: deque[tuple[tuple[VideoFrame, Shot, MouthFrame | None], int, int]] = deque(maxlen=GIVEN)

    @rule(samples=st.integers(1, 6000))
    def push(self, samples: int) -> None:
        self.session.push(self.words(self.said, samples), RATE)
        self.said += samples

    @rule()
    def finish(self) -> None:
        self.session.finish()

    @rule()
    def interrupt(self) -> None:
        self.session.interrupt()
        self.heard = self.said

    @rule()
    def pause(self) -> None:
        self.session.pause()
        self.is_paused = True

    @rule()
    def resume(self) -> None:
        self.session.resume()
        self.is_paused = False

    @rule(when=st.sampled_from(["now", "next"]))
    def gesture(self, when: Any) -> None:
        self.session.gesture("nod", when)

    @rule()
    def think(self) -> None:
        self.session.think()

    @rule(volume=st.sampled_from([0.0, 1.0]))
    def background(self, volume: float) -> None:
        self.session.set_background("#102030" if volume else None)

    @rule(gain=st.sampled_from([0.0, 1.0, 2.0]))
    def mouth(self, gain: float) -> None:
        self.session.set_mouth(gain)

    @rule(count=st.integers(1, 40))
    def take(self, count: int) -> None:
        for frame in islice(self.session, count):
            self.check(frame)

    @precondition(lambda self: not self.is_paused)
    @rule()
    def say_all(self) -> None:
        """Whatever was pushed and not interrupted is heard in the end."""
        self.session.finish()
        frames = self.said // 640 + 200
        for frame in islice(self.session, frames):
            self.check(frame)
            if self.heard == self.said and frame.utterance is None:
                return
        raise AssertionError(f"{self.said - self.heard} samples were never heard")

    @rule(count=st.integers(1, GIVEN - 1))
    def throw_away(self, count: int) -> None:
        """As a player does with its queue: the last frames were never seen."""
        unseen = [self.seen.pop() for _ in range(min(count, len(self.seen) - 1))]
        if unseen:
            self.last = self.seen[-1][0]
            self.heard -= sum(samples for _, samples, cuts in unseen if cuts == self.session.interruptions)
            self.session.take_back(after=self.last[0].index)

    def check(self, frame: VideoFrame) -> None:
        shot, mouth = self.shots[frame.index]
        sound = frame.sound[frame.sound != 0]
        if len(sound):
            assert not self.is_paused
            assert np.array_equal(sound, self.words(self.heard, len(sound)))
            self.heard += len(sound)
        if self.last is not None:
            before, was, mouth_before = self.last
            assert frame.index == before.index + 1
            follows(was, shot)
            opened = (mouth.presence if mouth else 0.0) - (mouth_before.presence if mouth_before else 0.0)
            assert opened > -0.67, "rising and easing together"
            begins = mouth is not None and mouth.index == 0
            assert opened < 0.67 or begins, "only an utterance's own beginning opens the mouth at once"
        self.last = frame, shot, mouth
        self.seen.append((self.last, len(sound), self.session.interruptions))

    def words(self, first: int, count: int) -> Samples:
        """The speech, said again and again, without a sample that could be taken for silence."""
        sound = np.take(self.speech, np.arange(first, first + count), mode="wrap")
        return np.where(sound == 0, np.float32(1e-7), sound)

    def teardown(self) -> None:
        self.session.close()


def follows(was: Shot, shot: Shot) -> None:
    """A frame plays on in its clip, or begins a fade over the clip that plays on."""
    lengths = {"listening": 14, "speaking": 18, "nod": 10}

    def plays_on(a: ClipFrame, b: ClipFrame) -> bool:
        held = a.clip == "nod" and a.frame == b.frame == lengths["nod"] - 1
        return a.clip == b.clip and (b.frame == (a.frame + 1) % lengths[a.clip] or held)

    if shot.before is not None and was.before is None:
        assert shot.share < 0.5
        assert plays_on(was.now, shot.before)
        return
    assert plays_on(was.now, shot.now)
    if shot.before is not None and was.before is not None:
        assert plays_on(was.before, shot.before)
        assert 0 < shot.share - was.share < 0.2
    elif was.before is not None:
        assert was.share > 0.8


def test_any_sequence_of_calls(cut_out: Avatar, speech: Samples) -> None:
    Calls.avatar, Calls.speech = cut_out, speech
    run_state_machine_as_test(
        Calls,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
