"""The session for programs that run on asyncio: the same calls, `push` and `finish` to be awaited."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Literal

from numpy.typing import NDArray

from .backdrop import Background
from .events import Event
from .saying import GOODBYE, LOOK
from .session import Session, Statistics
from .types import Cue, VideoFrame
from .voices.choosing import VoiceChoice


class AsyncSession:
    """A `Session` whose waits leave the event loop free. To be used in one event loop.

    Every call means what it means there; events are told in the task that iterates.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.settings = session.settings
        self._worker = session._worker
        self._speaking = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changes: set[asyncio.Event] = set()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its frames."""
        return self._session.size

    @property
    def gestures(self) -> tuple[str, ...]:
        """Names of the gestures this avatar has."""
        return self._session.gestures

    @property
    def statistics(self) -> Statistics:
        """What has been counted so far: a copy."""
        return self._session.statistics

    async def push(self, pcm: NDArray[Any], sample_rate: int, cues: Sequence[Cue] = ()) -> None:
        """See `Session.push`; waits while too much sound waits."""
        sounds = self._session._pieces(pcm, sample_rate, cues)
        async with self._speaking:
            cuts = self._session._begin(sounds)
            for sound in sounds:
                await self._until(partial(self._worker.offer, sound, cuts))

    async def finish(self) -> None:
        """See `Session.finish`."""
        async with self._speaking:
            self._session.finish()

    async def say(self, text: str, voice: VoiceChoice = None) -> None:
        """See `Session.say`; the voice is opened beside the event loop."""
        await asyncio.to_thread(self._session.say, text, voice)

    def interrupt(self) -> None:
        """See `Session.interrupt`."""
        self._session.interrupt()

    def pause(self) -> None:
        """See `Session.pause`."""
        self._session.pause()

    def resume(self) -> None:
        """See `Session.resume`."""
        self._session.resume()

    def think(self) -> None:
        """See `Session.think`."""
        self._session.think()

    def gesture(self, name: str, when: Literal["now", "next"] = "now") -> None:
        """See `Session.gesture`."""
        self._session.gesture(name, when)

    def set_background(self, background: Background | None) -> None:
        """See `Session.set_background`."""
        self._session.set_background(background)

    def set_mouth(self, gain: float | None = None, articulation: float | None = None) -> None:
        """See `Session.set_mouth`."""
        self._session.set_mouth(gain, articulation)

    def set_volume(self, volume: float) -> None:
        """See `Session.set_volume`."""
        self._session.set_volume(volume)

    def on(self, event: Event, callback: Callable[..., None]) -> None:
        """See `Session.on`."""
        self._session.on(event, callback)

    def __aiter__(self) -> AsyncIterator[VideoFrame]:
        return self

    async def __anext__(self) -> VideoFrame:
        """The next frame, drawn ahead. Raises what the worker failed with; ends once closed."""
        drawn = await self._until(lambda: self._worker.take(wait=False) or not self._worker.is_open)
        if drawn is True:
            raise StopAsyncIteration
        return self._session._given(drawn)

    async def close(self) -> None:
        """See `Session.close`; the loop stays free meanwhile."""
        self._session._end()
        self._wake()
        gives_up = time.monotonic() + GOODBYE
        while not self._session._has_ended() and time.monotonic() < gives_up:
            await asyncio.sleep(LOOK)
        self._session.close()

    async def __aenter__(self) -> AsyncSession:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _until(self, attempt: Callable[[], Any]) -> Any:
        """What `attempt` gives as soon as that is something; it is made again whenever the worker moves."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._worker.listeners.append(self._notice)
        change = asyncio.Event()
        self._changes.add(change)
        try:
            while not (result := attempt()):
                await change.wait()
                change.clear()
            return result
        finally:
            self._changes.discard(change)

    def _notice(self) -> None:
        """In the worker's thread."""
        if self._loop is not None and self._changes:
            with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody waits
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for change in self._changes:
            change.set()
