"""The thread that draws ahead: sound in, a few finished frames out, and whatever nobody has seen undone.

Every frame waits in the outbox together with the pipeline's mark from before it and with the tick it was
drawn from. So a command (a gesture, a pause, an interruption, another background) takes the waiting frames
back, is carried out, and they are drawn anew: it shows in the very next frame that is given out, the body
moves on from where it was last seen, and no sound is lost. In the same way sound takes back frames of
silence that were drawn before it came.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType

from .errors import SessionClosed
from .pipeline import Mark, Pipeline
from .types import Cue, Samples, VideoFrame
from .utterances import Tick

GIVEN = 16
"""Frames given out that can still be taken back (0.6 s): more than any player keeps in a queue."""

GOODBYE = 10.0
"""Seconds the thread may take to end; it never takes longer than to draw one frame."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What the inbox holds: some sound of an utterance, or its end where `samples` is None."""

    samples: Samples | None
    sample_rate: int = 0
    cues: tuple[Cue, ...] = ()
    pushed: float | None = None
    """When the utterance was begun, with its first sound only."""

    @property
    def seconds(self) -> float:
        return 0.0 if self.samples is None else len(self.samples) / self.sample_rate


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the outbox holds."""

    frame: VideoFrame
    tick: Tick | None
    mark: Mark
    pushed: float | None = None
    """When the utterance was begun, with its first frame only."""

    is_wait: bool = False
    """The sound of its utterance came too late for it."""

    was_cut: bool = False
    """An interruption lies between it and the frame before."""

    faults: tuple[Exception, ...] = ()
    """What went wrong with an utterance, which was dropped."""

    is_told: bool = False
    """Its events were told, though it could not be given out then."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What is remembered of a frame given out."""

    index: int
    tick: Tick | None
    mark: Mark
    cuts: int
    """Interruptions before it."""


class Worker:
    """Draws with a pipeline as long as frames are taken. Its methods may be called from any thread."""

    def __init__(self, pipeline: Pipeline, queue_frames: int, queue_seconds: float) -> None:
        self._pipeline = pipeline
        self._queue_frames, self._queue_seconds = queue_frames, queue_seconds
        self.change = threading.Condition()
        """Held while anything below up to `listeners` is read or written."""
        self.cuts = 0
        self.redrawn = 0
        self._inbox: deque[Sound] = deque()
        self._outbox: deque[Drawn] = deque()
        self._given: deque[_Given] = deque(maxlen=GIVEN)
        self._back: deque[Drawn] = deque()  # frames taken back, the earliest first
        self._commands: deque[Callable[[], None]] = deque()
        self._version = 0  # raised by every command: what was drawn under an older one is not given out
        self._is_asked = False  # somebody waits for a frame
        self._is_open = True
        self._failure: BaseException | None = None
        self._trace: TracebackType | None = None
        self.listeners: list[Callable[[], None]] = []
        # the thread's own:
        self._ready: deque[Tick] = deque()  # ticks of frames taken back
        self._hearing: Iterator[Tick] | None = None
        self._is_paused = self._was_cut = self._is_spoilt = False
        self._pushed: float | None = None
        self._faults: tuple[Exception, ...] = ()
        self._thread = threading.Thread(target=self._work, name="avatar-session", daemon=True)
        self._thread.start()

    # -- for those who speak

    def offer(self, sound: Sound, cuts: int) -> bool:
        """Put sound into the inbox if there is room. Sound from before an interruption is dropped."""
        with self.change:
            self.check()
            if cuts != self.cuts:
                return True
            if sound.samples is not None and not self._has_room_for_sound():
                return False
            self._inbox.append(sound)
            self._tell()
            return True

    def put(self, sound: Sound, cuts: int) -> None:
        """The same, waiting for room."""
        while not self.offer(sound, cuts):
            with self.change:
                self.change.wait_for(
                    lambda: self._is_over() or cuts != self.cuts or self._has_room_for_sound()
                )

    def command(self, action: Callable[[], None]) -> None:
        """Carry something out in the thread, so that the next frame given out shows it."""
        with self.change:
            self.check()
            self._commands.append(action)
            self._version += 1
            self._back.extend(self._outbox)
            self._outbox.clear()
            self._tell()

    def interrupt(self) -> None:
        """Drop all sound that was not given out."""
        with self.change:
            self.check()
            self.cuts += 1
            self._inbox.clear()
            self.command(self._cut)

    def blame(self, error: Exception) -> None:
        """Tell with the next frame what went wrong with an utterance."""

        def action() -> None:
            self._faults += (error,)

        self.command(action)

    def pause(self, is_paused: bool) -> None:
        """Hold the sound back, or let it go on."""

        def action() -> None:
            self._is_paused = is_paused

        self.command(action)

    # -- for the viewer

    def take(self, wait: bool = True) -> Drawn | None:
        """The next frame; None once closed, or if there is none yet and `wait` is false."""
        with self.change:
            if not self._outbox and not self._is_asked:
                self._is_asked = True
                self._tell()
            if wait:
                self.change.wait_for(lambda: self._outbox or self._is_over())
            if not self._outbox:
                self._raise_failure()
                return None
            drawn = self._outbox.popleft()
            self._given.append(_Given(drawn.frame.index, drawn.tick, drawn.mark, self.cuts))
            self._tell()
            return drawn

    def has_answer(self) -> bool:
        """Whether the next frame begins an utterance after silence."""
        with self.change:
            if not self._outbox or self._outbox[0].tick is None:
                return False
            return self._outbox[0].tick.mouth.index == 0

    def take_back(self, after: int) -> None:
        """Draw the frames given out after number `after` anew, less the speech interrupted since."""
        with self.change:
            unseen = [given for given in self._given if given.index > after]
            while self._given and self._given[-1].index > after:
                self._given.pop()
            if unseen:
                self.command(lambda: self._go_back_to(unseen))

    def untake(self, drawn: Drawn) -> None:
        """Put a frame back that could not be given out."""
        with self.change:
            if self._given:
                self._given.pop()
            (self._back if self._commands or self._back else self._outbox).appendleft(drawn)
            self._tell()

    @property
    def is_open(self) -> bool:
        return self._is_open

    def close(self) -> None:
        """End the thread. Safe to call twice, and in any state."""
        with self.change:
            self._is_open = False
            self._inbox.clear()
            self._outbox.clear()
            self._tell()
            self._given.clear()
            self._back.clear()
        if threading.current_thread() is not self._thread:
            self._thread.join(GOODBYE)
            if self._thread.is_alive():
                raise RuntimeError(f"the session's thread did not end within {GOODBYE:.0f} s; it is stuck")
        self.listeners.clear()

    def check(self) -> None:
        """Raise what the thread failed with, or SessionClosed after `close`."""
        self._raise_failure()
        if not self._is_open:
            raise SessionClosed("this session is closed; open another with avatar.session()")

    # -- the thread

    def _work(self) -> None:
        try:
            while (version := self._next_version()) is not None:
                tick = self._next_tick(version)
                if self._is_wanted(tick, version):
                    self._give(self._draw(tick), version)
        except BaseException as error:  # the viewer must learn of it, whatever it is
            with self.change:
                self._failure, self._trace = error, error.__traceback__
                self._tell()
        finally:
            self._pipeline.close()

    def _next_version(self) -> int | None:
        """Wait for something to do and carry commands out; None once closed."""
        with self.change:
            self.change.wait_for(
                lambda: not self._is_open or self._commands or self._can_speak() or self._wants_silence()
            )
            if not self._is_open:
                return None
            commands, self._commands = self._commands, deque()
            version = self._version
            self._go_back()
        for action in commands:
            action()
        return version

    def _go_back(self) -> None:
        """Return to before the first frame taken back; their ticks will be drawn again."""
        taken, self._back = self._back, deque()
        if taken:
            self.redrawn += len(taken)
            self._pipeline.go_back(taken[0].mark)
            self._ready.extendleft(drawn.tick for drawn in reversed(taken) if drawn.tick is not None)
            self._was_cut |= any(drawn.was_cut for drawn in taken)
            self._faults = (*(fault for drawn in taken for fault in drawn.faults), *self._faults)

    def _go_back_to(self, unseen: list[_Given]) -> None:
        was_interrupted = any(given.cuts != self.cuts for given in unseen)
        self._pipeline.take_back(unseen[0].mark, was_interrupted)
        ticks = [given.tick for given in unseen if given.tick is not None and given.cuts == self.cuts]
        self._ready.extendleft(reversed(ticks))

    def _is_wanted(self, tick: Tick | None, version: int) -> bool:
        """Whether to draw it. Sound goes before silence that waits in the outbox."""
        with self.change:
            if version != self._version:  # a command came: it may have taken back what comes before the tick
                if tick is not None:
                    self._ready.appendleft(tick)
                return False
            if tick is None:
                return self._wants_silence()
            while self._outbox and self._outbox[-1].tick is None:
                self._back.appendleft(self._outbox.pop())
            self._go_back()
            return True

    def _next_tick(self, version: int) -> Tick | None:
        """What is to be said next, if it is known yet."""
        while not self._is_paused:
            if self._ready:
                return self._ready.popleft()
            if self._hearing is not None:
                try:
                    return next(self._hearing)
                except StopIteration:
                    self._hearing = None
                except Exception as error:  # this utterance's fault: its rest is dropped
                    self._hearing, self._is_spoilt = None, True
                    self._faults += (error,)
                    self._pipeline.speech.forget()
            with self.change:
                if version != self._version or not self._inbox:
                    return None
                self._hearing = self._heard(self._inbox.popleft())
                self._tell()
        return None

    def _heard(self, sound: Sound) -> Iterator[Tick]:
        if sound.pushed is not None:
            self._pushed, self._is_spoilt = sound.pushed, False
        if self._is_spoilt:
            return iter(())
        if sound.samples is None:
            return self._pipeline.speech.finish()
        return self._pipeline.speech.push(sound.samples, sound.sample_rate, sound.cues)

    def _draw(self, tick: Tick | None) -> Drawn:
        mark = self._pipeline.mark()
        word = self._word() if tick is None else tick.utterance
        speaks = word is not None and not self._is_paused
        frame = self._pipeline.draw(tick, word, has_word=speaks)
        pushed = self._pushed if tick is not None and tick.mouth.index == 0 else None
        was_cut, self._was_cut = self._was_cut, False
        faults, self._faults = self._faults, ()
        return Drawn(frame, tick, mark, pushed, speaks and tick is None, was_cut, faults)

    def _give(self, drawn: Drawn, version: int) -> None:
        with self.change:
            if version == self._version:
                self._outbox.append(drawn)
                self._is_asked = False
            else:
                self._back.append(drawn)
            self._tell()

    def _cut(self) -> None:
        self._was_cut |= self._word() is not None
        self._ready.clear()
        self._hearing = None
        self._pipeline.interrupt()

    # -- what holds; all under `change`

    def _word(self) -> int | None:
        """The utterance that has begun to be given out and has not ended."""
        if self._ready:
            return self._ready[0].utterance if self._ready[0].mouth.index else None
        return self._pipeline.speech.utterance

    def _can_speak(self) -> bool:
        """Whether there is sound, and room for its frames: in place of silent ones, if need be."""
        if self._is_paused or not (self._ready or self._hearing or self._inbox):
            return False
        return not self._is_full() or self._outbox[-1].tick is None

    def _wants_silence(self) -> bool:
        """In an utterance, its sound is waited for until a frame is asked for and there is none."""
        if self._word() is not None and not self._is_paused:
            return self._is_asked and not self._outbox
        return not self._is_full()

    def _is_full(self) -> bool:
        return len(self._outbox) >= self._queue_frames

    def _has_room_for_sound(self) -> bool:
        return sum(sound.seconds for sound in self._inbox) < self._queue_seconds

    def _is_over(self) -> bool:
        return not self._is_open or self._failure is not None

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure.with_traceback(self._trace)  # raising adds to it, time and again

    def _tell(self) -> None:
        self.change.notify_all()
        for listener in self.listeners:
            listener()
