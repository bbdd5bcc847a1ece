"""A live session: sound goes in as it comes, frames come out as they are asked for.

One worker thread draws. It takes from a bounded inbox of sound and puts into a bounded outbox of frames, so
neither a fast speaker nor a slow viewer fills the memory. An utterance number travels with everything:
`interrupt` raises it, and whatever bears an older one is dropped wherever it is found.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Literal, get_args

from numpy.typing import NDArray

from .audio import check_rate, to_mono
from .errors import SessionClosed
from .pipeline import Pipeline
from .settings import Settings
from .types import Samples, State, VideoFrame

Event = Literal["speech_started", "speech_ended", "state_changed"]
EVENTS = get_args(Event)


@dataclass(slots=True)
class Statistics:
    """What a session has counted."""

    frames: int = 0
    """Frames given out."""

    waits: int = 0
    """Frames given out with a closed mouth since an utterance's sound came too late."""

    dropped: int = 0
    """Finished frames thrown away by interruptions."""


@dataclass(frozen=True, slots=True)
class _Sound:
    """What the inbox holds: sound, or the end of an utterance where `samples` is None."""

    samples: Samples | None
    sample_rate: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Finished:
    """What the outbox holds."""

    frame: VideoFrame
    utterance: int | None
    """Number of the utterance the frame belongs to; None while nothing is said."""

    was_cut: bool
    """Whether it is the first frame after an interruption."""


class Session:
    """One avatar, one listener. Iterate over it for frames; it never ends by itself.

    Pushing, interrupting and iterating may happen in different threads.
    """

    def __init__(self, pipeline: Pipeline, settings: Settings) -> None:
        self.statistics = Statistics()
        self._pipeline, self._settings = pipeline, settings
        self._change = threading.Condition()
        self._speaking = threading.Lock()  # one push or finish at a time, each whole
        self._inbox: deque[_Sound] = deque()
        self._outbox: deque[_Finished] = deque()
        self._utterance = 0  # raised by interrupt
        self._rate: int | None = None  # of the utterance being pushed
        self._cut = False  # an interruption the worker has yet to pass on to the pipeline
        self._tell_cut = False  # an interruption no frame given out has told of; the worker's own
        self._is_open = True
        self._failure: BaseException | None = None
        self._trace: TracebackType | None = None
        self._narrator = _Narrator()
        self._callbacks: dict[str, list[Callable[..., None]]] = {}
        self._worker = threading.Thread(target=self._work, name="avatar-session", daemon=True)
        self._worker.start()

    # -- the speaker's side

    def push(self, pcm: NDArray[Any], sample_rate: int) -> None:
        """Say more: sound of shape (n,) or (n, channels), int16, int32 or float in [-1, 1], any rate.

        The sound is copied. Blocks while more than `Settings.queue_seconds` of it wait; an interruption
        frees it. Raises ValueError for sound of another kind, or where one utterance changes its rate.
        """
        rate = check_rate(sample_rate)
        samples = to_mono(pcm)
        with self._speaking:
            with self._change:
                self._check()
                if self._rate not in (None, rate):
                    raise ValueError(
                        f"sound of {rate} samples a second in an utterance begun at {self._rate}; "
                        "finish() it first"
                    )
                self._rate = rate
                utterance = self._utterance
            for first in range(0, len(samples), rate):
                piece = samples[first : first + rate]
                self._put(_Sound(piece, rate, len(piece) / rate), utterance)

    def finish(self) -> None:
        """End the utterance: its last sounds get their frames, then the mouth closes."""
        with self._speaking:
            with self._change:
                self._check()
                self._rate = None
                utterance = self._utterance
            self._put(_Sound(None, 0, 0.0), utterance)

    def interrupt(self) -> None:
        """Stop talking now: sound and frames not yet given out are dropped, the mouth closes."""
        with self._change:
            self._check()
            self._utterance += 1
            self._rate = None
            self._cut = True
            self.statistics.dropped += len(self._outbox)
            self._inbox.clear()
            self._outbox.clear()
            self._change.notify_all()

    def on(self, event: Event, callback: Callable[..., None]) -> None:
        """Call back when the frame in which something happens is given out, in the viewer's thread.

        `speech_started()`, `speech_ended(interrupted=bool)`, `state_changed(state=State)`. What a callback
        raises is raised where the frame was asked for; the frame comes with the next call. Raises
        ValueError for another event.
        """
        if event not in EVENTS:
            raise ValueError(f"no event {event!r}; {', '.join(EVENTS)} expected")
        self._callbacks.setdefault(event, []).append(callback)

    # -- the viewer's side

    def __iter__(self) -> Iterator[VideoFrame]:
        return self

    def __next__(self) -> VideoFrame:
        """The next frame, drawn ahead. Raises what the worker failed with; ends once closed."""
        with self._change:
            self._change.wait_for(lambda: self._outbox or self._failure or not self._is_open)
            self._raise_failure()
            if not self._outbox:
                raise StopIteration
            finished = self._outbox.popleft()
            self._change.notify_all()
        try:
            for event, facts in self._narrator.events(finished):
                for callback in self._callbacks.get(event, ()):
                    callback(**facts)
        except BaseException:
            with self._change:
                self._outbox.appendleft(finished)
            raise
        number = self.statistics.frames
        self.statistics.frames += 1
        return replace(finished.frame, index=number)

    def close(self) -> None:
        """End the session and its thread. Safe to call twice, and in any state."""
        with self._change:
            self._is_open = False
            self._inbox.clear()
            self._outbox.clear()
            self._change.notify_all()
        if threading.current_thread() is not self._worker:
            self._worker.join()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- the worker's side

    def _work(self) -> None:
        try:
            self._draw_until_closed()
        except BaseException as error:  # the viewer must learn of it, whatever it is
            with self._change:
                self._failure, self._trace = error, error.__traceback__
                self._change.notify_all()
        finally:
            self._pipeline.close()

    def _draw_until_closed(self) -> None:
        while (task := self._next_task()) is not None:
            utterance, sound, was_cut = task
            if was_cut:
                self._pipeline.interrupt()
                self._tell_cut = True
            is_wait = sound is None and self._pipeline.is_speaking
            for frame in self._frames_of(sound):
                told = _Finished(frame, self._pipeline.utterance, self._tell_cut)
                if not self._give(told, utterance, is_wait):
                    break
                self._tell_cut = False

    def _frames_of(self, sound: _Sound | None) -> Iterator[VideoFrame]:
        if sound is None:
            yield self._pipeline.idle()
        elif sound.samples is None:
            yield from self._pipeline.finish()
        else:
            yield from self._pipeline.push(sound.samples, sound.sample_rate)

    def _next_task(self) -> tuple[int, _Sound | None, bool] | None:
        """Sound as soon as there is some; nothing to say as soon as a frame is wanted; None at the end."""
        with self._change:
            self._change.wait_for(lambda: not self._is_open or self._inbox or self._wants_idle())
            if not self._is_open:
                return None
            cut, self._cut = self._cut, False
            sound = self._inbox.popleft() if self._inbox else None
            self._change.notify_all()
            return self._utterance, sound, cut

    def _wants_idle(self) -> bool:
        """In an utterance, wait for its sound as long as finished frames last."""
        if self._pipeline.is_speaking and not self._cut:
            return not self._outbox
        return not self._is_full()

    def _give(self, finished: _Finished, utterance: int, is_wait: bool) -> bool:
        """Put a frame into the outbox when there is room; False if it is no longer wanted."""
        with self._change:
            self._change.wait_for(
                lambda: not self._is_open or utterance != self._utterance or not self._is_full()
            )
            if not self._is_open or utterance != self._utterance:
                return False
            self._outbox.append(finished)
            self.statistics.waits += is_wait
            self._change.notify_all()
            return True

    def _put(self, sound: _Sound, utterance: int) -> None:
        """Put sound into the inbox when there is room, unless it is interrupted before."""
        with self._change:
            self._check()
            self._change.wait_for(
                lambda: (
                    not self._is_open
                    or utterance != self._utterance
                    or self._failure is not None
                    or self._seconds_waiting() < self._settings.queue_seconds
                )
            )
            self._check()
            if utterance == self._utterance:
                self._inbox.append(sound)
                self._change.notify_all()

    def _seconds_waiting(self) -> float:
        return sum(sound.seconds for sound in self._inbox)

    def _is_full(self) -> bool:
        return len(self._outbox) >= self._settings.queue_frames

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure.with_traceback(self._trace)  # raising adds to it, time and again

    def _check(self) -> None:
        self._raise_failure()
        if not self._is_open:
            raise SessionClosed("this session is closed; open another with avatar.session()")


class _Narrator:
    """Notices what happens from one frame to the next that is given out."""

    def __init__(self) -> None:
        self._utterance: int | None = None
        self._state = State.LISTENING

    def events(self, finished: _Finished) -> list[tuple[Event, dict[str, object]]]:
        told: list[tuple[Event, dict[str, object]]] = []
        if finished.utterance != self._utterance:
            if self._utterance is not None:
                told.append(("speech_ended", {"interrupted": finished.was_cut}))
            if finished.utterance is not None:
                told.append(("speech_started", {}))
        if finished.frame.state is not self._state:
            told.append(("state_changed", {"state": finished.frame.state}))
        self._utterance, self._state = finished.utterance, finished.frame.state
        return told
