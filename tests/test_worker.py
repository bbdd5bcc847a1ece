"""The drawing thread takes back what nobody has seen, fails aloud, and ends."""

from __future__ import annotations

import contextlib
import gc
import threading
import weakref
from itertools import islice
from typing import Any

import numpy as np
import pytest
from sessions import heard, until_spoken

from renderer.avatar import Avatar
from renderer.errors import SessionClosed
from renderer.pipeline import Pipeline
from renderer.session import Session
from renderer.settings import Settings
from renderer.types import Samples, State, VideoFrame


def test_sound_goes_before_silence_that_was_drawn_ahead(avatar: Avatar, speech: Samples) -> None:
    """Three silent frames used to stand in the queue before every answer."""
    with avatar.session() as session:
        next(session)
        told = session._worker.change
        session.push(speech, 16_000)
        with told:
            assert told.wait_for(lambda: session._worker.redrawn > 0, timeout=10)
        assert next(session).utterance == 1
        assert session.statistics.latency > 0


def test_close_ends_a_full_session_and_its_thread(avatar: Avatar, speech: Samples) -> None:
    before = threading.active_count()
    session = avatar.session()
    session.push(speech, 16_000)
    next(session)
    session.close()
    session.close()
    assert threading.active_count() == before
    assert list(session) == []
    with pytest.raises(SessionClosed, match=r"avatar\.session"):
        session.push(speech, 16_000)


def test_a_full_inbox_blocks_until_an_interruption(avatar: Avatar, speech: Samples) -> None:
    with avatar.session(queue_seconds=0.5) as session:
        feeder = threading.Thread(target=session.push, args=(np.tile(speech, 10), 16_000))
        feeder.start()
        next(frame for frame in session if frame.state is State.SPEAKING)
        assert feeder.is_alive()
        session.interrupt()
        feeder.join(timeout=10)
        assert not feeder.is_alive()


def test_a_failing_stage_reaches_the_viewer(
    avatar: Avatar, speech: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = avatar._pipeline(Settings())

    def fail(*_: Any, **__: Any) -> VideoFrame:
        raise RuntimeError("the decoder is gone")

    monkeypatch.setattr(pipeline, "draw", fail)
    session = Session(pipeline, Settings())
    with pytest.raises(RuntimeError, match="the decoder is gone"):
        next(session)
    with pytest.raises(RuntimeError, match="the decoder is gone"):
        session.push(speech, 16_000)
    session.close()


def test_several_threads_may_push_and_each_push_stays_whole(avatar: Avatar, speech: Samples) -> None:
    def say(rate: int) -> None:
        with contextlib.suppress(
            ValueError
        ):  # another thread's utterance has another rate: refused, not mixed
            session.push(speech[:4800], rate)
            session.finish()

    with avatar.session(queue_seconds=0.2) as session:
        threads = [threading.Thread(target=say, args=(rate,)) for rate in (16_000, 24_000, 8_000) * 3]
        for thread in threads:
            thread.start()
        list(islice(session, 300))
        for thread in threads:
            thread.join(timeout=10)
        assert not any(thread.is_alive() for thread in threads)
        next(session)


def test_frames_thrown_away_by_a_player_are_drawn_anew(avatar: Avatar, speech: Samples) -> None:
    with avatar.session(sound_rate=16_000) as session:
        session.push(speech, 16_000)
        shown = [next(frame for frame in session if frame.utterance)]
        shown += islice(session, 9)
        queued = list(islice(session, 3))
        session.take_back(after=shown[-1].index)
        again = list(islice(session, 3))
        assert [frame.index for frame in again] == [frame.index for frame in queued]
        assert np.array_equal(heard(again), heard(queued))
        session.interrupt()
        session.take_back(after=shown[-1].index)
        silent = list(islice(session, 3))
        assert [frame.index for frame in silent] == [frame.index for frame in queued]
        assert not heard(silent).any(), "what was interrupted is not said again"
        assert silent[0].state is State.LISTENING, "and the interruption still holds"
        session.push(speech[:6400], 16_000)
        session.finish()
        frames = [frame for frame in until_spoken(session) if frame.utterance]
        assert np.array_equal(heard(frames), speech[:6400])


def test_a_closed_session_gives_its_memory_back_at_once(avatar: Avatar, speech: Samples) -> None:
    """Whoever holds it: hosts' rings of references kept decoders and pictures, some hundred megabytes."""
    kept = []

    def talk() -> weakref.ref[Pipeline]:
        pipeline = avatar._pipeline(Settings(), recent=5)
        session = Session(pipeline, Settings())
        session.on("speech_started", lambda: session.gesture("nod"))
        session.push(speech, 16_000)
        list(islice(session, 20))
        session.take_back(after=15)
        session.interrupt()
        next(session)
        session.close()
        kept.append(session)
        return weakref.ref(pipeline)

    gc.collect()
    gc.disable()
    try:
        assert talk()() is None
        assert kept
    finally:
        gc.enable()
