"""A session is a pipeline with a thread: the same pictures, in time, interruptible, and it ends."""

from __future__ import annotations

import contextlib
import gc
import threading
import weakref
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renderer.audio import load_sound
from renderer.avatar import Avatar, open_avatar
from renderer.easing import CLOSING
from renderer.errors import SessionClosed
from renderer.pipeline import Pipeline
from renderer.session import Session
from renderer.settings import Settings
from renderer.types import Cue, Samples, State, VideoFrame

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


def until_spoken(session: Session) -> list[VideoFrame]:
    """Frames until an utterance has been said to its end."""
    over = threading.Event()
    session.on("speech_ended", lambda interrupted: None if interrupted else over.set())
    frames: list[VideoFrame] = []
    for frame in islice(session, 2000):
        if over.is_set():
            return frames
        frames.append(frame)
    raise AssertionError("the utterance never ended")


def heard(frames: list[VideoFrame]) -> Samples:
    return np.concatenate([frame.sound for frame in frames])


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


def test_a_faulty_utterance_is_told_and_the_next_one_is_spoken(
    avatar: Avatar, speech: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong with one utterance used to end the session."""
    told: list[Exception] = []
    pipeline = avatar._pipeline(Settings())
    with Session(pipeline, Settings()) as session:
        analyse = pipeline.speech._mouth.push

        def fail(_: Any) -> Any:
            raise ValueError("no such sound")

        monkeypatch.setattr(pipeline.speech._mouth, "push", fail)
        session.on("error", lambda error: told.append(error))
        session.push(speech, 16_000)
        session.finish()
        while not told:
            next(session)
        monkeypatch.setattr(pipeline.speech._mouth, "push", analyse)
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
        monkeypatch.setattr(pipeline.speech._mouth, "push", fail)
        session.push(speech, 16_000)
        with pytest.raises(ValueError, match="no such sound"):
            list(islice(session, 200))
        next(session)


def test_a_single_word_is_spoken_whole(avatar: Avatar, speech: Samples) -> None:
    word = speech[4000:7200]  # 200 ms
    with avatar.session(sound_rate=16_000) as session:
        session.push(word, 16_000)
        session.finish()
        frames = until_spoken(session)
    spoken = [frame for frame in frames if frame.utterance]
    assert np.array_equal(heard(spoken), word)


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


def test_a_closed_avatar_says_so(tiny_avatar: Path) -> None:
    with open_avatar(tiny_avatar) as closed:
        pass
    with pytest.raises(SessionClosed, match="open_avatar"):
        closed.session()


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
