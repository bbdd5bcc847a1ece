"""What a session tells its host, and with which frame."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from sessions import until_spoken

from renderer.avatar import Avatar
from renderer.session import Session
from renderer.settings import Settings
from renderer.types import Cue, Samples, State, VideoFrame


def test_a_gesture_is_made_and_told(avatar: Avatar) -> None:
    told: list[tuple[str, str, float]] = []
    with avatar.session() as session:
        session.on("gesture_started", lambda name, time: told.append(("started", name, time)))
        session.on("gesture_ended", lambda name, time: told.append(("ended", name, time)))
        session.gesture("nod")
        frames = list(islice(session, 60))
    made = [frame.index for frame in frames if frame.gesture == "nod"]
    assert made == list(range(made[0], made[0] + len(made)))
    assert told == [("started", "nod", made[0] / 25), ("ended", "nod", (made[-1] + 1) / 25)]


def test_words_and_gestures_come_with_their_sound(avatar: Avatar, speech: Samples) -> None:
    told: list[tuple[str, float]] = []
    with avatar.session(random_gestures=False) as session:
        session.on("word", lambda text, time: told.append((text, time)))
        session.push(speech[:16_000], 16_000, [Cue(0, word="Hello"), Cue(8000, word="Milo")])
        session.push(speech[16_000:], 16_000, [Cue(800, word="here", gesture="nod")])
        session.finish()
        frames = list(islice(session, 100))
    start = next(frame.index for frame in frames if frame.utterance) / 25
    assert [text for text, _ in told] == ["Hello", "Milo", "here"]
    assert [time - start for _, time in told] == pytest.approx([0.0, 0.5, 1.05])
    assert any(frame.gesture == "nod" for frame in frames)


def test_a_faulty_utterance_is_told_and_the_next_one_is_spoken(
    avatar: Avatar, speech: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong with one utterance used to end the session."""
    told: list[Exception] = []
    pipeline = avatar._pipeline(Settings())
    with Session(pipeline, Settings()) as session:
        analyse = pipeline.speech._mouth.hear

        def fail(_: Any) -> Any:
            raise ValueError("no such sound")

        monkeypatch.setattr(pipeline.speech._mouth, "hear", fail)
        session.on("error", lambda error: told.append(error))
        session.push(speech, 16_000)
        session.finish()
        while not told:
            next(session)
        monkeypatch.setattr(pipeline.speech._mouth, "hear", analyse)
        session.push(speech[:3200], 16_000)
        session.finish()
        assert sum(frame.utterance is not None for frame in islice(session, 40)) == 5
    assert [str(error) for error in told] == ["no such sound"]


def test_an_error_nobody_listens_to_is_raised(
    avatar: Avatar, speech: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Any) -> Any:
        raise ValueError("no such sound")

    pipeline = avatar._pipeline(Settings())
    with Session(pipeline, Settings()) as session:
        monkeypatch.setattr(pipeline.speech._mouth, "hear", fail)
        session.push(speech, 16_000)
        with pytest.raises(ValueError, match="no such sound"):
            list(islice(session, 200))
        next(session)


def test_late_sound_is_told_once_a_stretch(avatar: Avatar, speech: Samples) -> None:
    told: list[None] = []
    with avatar.session() as session:
        session.on("underrun", lambda: told.append(None))
        for part in (speech[:8000], speech[8000:16_000]):
            session.push(part, 16_000)
            list(islice(session, 40))
        session.finish()
        until_spoken(session)
        assert session.statistics.underruns == len(told) == 2


def test_events_come_in_order_with_the_frames_they_belong_to(avatar: Avatar, speech: Samples) -> None:
    told: list[tuple[str, Any]] = []
    with avatar.session() as session:
        session.on("speech_started", lambda: told.append(("started", session.statistics.frames)))
        session.on("speech_ended", lambda interrupted: told.append(("ended", interrupted)))
        session.on("state_changed", lambda state: told.append(("state", state)))
        session.push(speech[:6400], 16_000)
        session.finish()
        list(islice(session, 60))
    kinds = [kind for kind, _ in told]
    assert kinds == ["started", "state", "ended", "state"]
    assert told[2][1] is False
    assert [state for kind, state in told if kind == "state"] == [State.SPEAKING, State.LISTENING]


def test_two_utterances_in_a_row_are_told_apart(avatar: Avatar, speech: Samples) -> None:
    told: list[str] = []
    with avatar.session() as session:
        session.on("speech_started", lambda: told.append("started"))
        session.on("speech_ended", lambda **_: told.append("ended"))
        for _ in range(2):
            session.push(speech[:3200], 16_000)
            session.finish()
        list(islice(session, 40))
    assert told == ["started", "ended", "started", "ended"]


def test_an_interruption_is_told_though_new_speech_follows_in_small_portions(
    avatar: Avatar, speech: Samples
) -> None:
    told: list[bool] = []
    with avatar.session() as session:
        session.on("speech_ended", lambda interrupted: told.append(interrupted))
        session.push(speech, 16_000)
        next(frame for frame in session if frame.state is State.SPEAKING)
        session.interrupt()
        for at in range(0, 9600, 320):
            session.push(speech[at : at + 320], 16_000)
        session.finish()
        list(islice(session, 60))
    assert told == [True, False]


def test_a_failing_callback_costs_no_frame_and_is_told_once(avatar: Avatar, speech: Samples) -> None:
    told: list[str] = []

    def fail() -> None:
        told.append("started")
        raise RuntimeError("the host's own mistake")

    with avatar.session() as session:
        session.on("speech_started", fail)
        session.push(speech[:6400], 16_000)
        session.finish()
        frames: list[VideoFrame] = []
        while len(frames) < 30:
            try:
                frames.append(next(session))
            except RuntimeError:
                told.append("raised")
    assert told == ["started", "raised"]
    assert [frame.index for frame in frames] == list(range(30))
    assert np.count_nonzero([frame.sound.any() for frame in frames]) == 10


def test_an_event_that_does_not_exist_is_refused(avatar: Avatar) -> None:
    with avatar.session() as session, pytest.raises(ValueError, match="speech_started"):
        session.on("speech_start", print)  # type: ignore[arg-type]
