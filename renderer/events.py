"""What a session tells its host: noticed from one frame to the next that is given out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args

from .clock import Clock
from .outbox import Drawn
from .settings import FPS
from .types import State

Event = Literal[
    "ready",
    "first_frame",
    "speech_started",
    "speech_ended",
    "state_changed",
    "gesture_started",
    "gesture_ended",
    "word",
    "underrun",
    "error",
]
EVENTS = get_args(Event)

Told = tuple[Event, dict[str, Any]]


class Events:
    """The callbacks of one session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._callbacks: dict[str, list[Callable[..., None]]] = {}
        self._before: Drawn | None = None

    def on(self, event: Event, callback: Callable[..., None]) -> None:
        """See `Session.on`."""
        if event not in EVENTS:
            raise ValueError(f"no event {event!r}; {', '.join(EVENTS)} expected")
        self._callbacks.setdefault(event, []).append(callback)

    def clear(self) -> None:
        """Forget the callbacks, and what they hold."""
        self._callbacks.clear()
        self._before = None

    def tell(self, drawn: Drawn) -> None:
        """Call back about everything that happens with this frame. Once, even if a callback raises."""
        told = list(self._happening(drawn, self._before))
        self._before = drawn
        for event, facts in told:
            callbacks = self._callbacks.get(event, ())
            if event == "error" and not callbacks:
                raise facts["error"]
            for callback in callbacks:
                callback(**facts)

    def _happening(self, drawn: Drawn, before: Drawn | None) -> Iterator[Told]:
        frame, last = drawn.frame, before.frame if before else None
        time = frame.index / FPS
        spoken = last.utterance if last else None
        if before is None:
            yield "ready", {}
        for fault in drawn.faults:
            yield "error", {"error": fault}
        if spoken is not None and (frame.utterance != spoken or drawn.was_cut):
            yield "speech_ended", {"interrupted": drawn.was_cut}
        if frame.utterance is not None and (frame.utterance != spoken or drawn.was_cut):
            yield "speech_started", {}
        if drawn.pushed is not None:
            yield "first_frame", {"seconds": self._clock.now() - drawn.pushed}
        if frame.state is not (last.state if last else State.LISTENING):
            yield "state_changed", {"state": frame.state}
        if frame.gesture != (last.gesture if last else None):
            if last and last.gesture:
                yield "gesture_ended", {"name": last.gesture, "time": time}
            if frame.gesture:
                yield "gesture_started", {"name": frame.gesture, "time": time}
        for word in frame.words:
            yield "word", {"text": word.text, "time": word.time}
        if drawn.is_wait and not (before and before.is_wait):
            yield "underrun", {}
