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
from collections.abc import Callable
from types import TracebackType

from .drafter import Drafter
from .errors import SessionClosed
from .inbox import Inbox, Sound
from .outbox import Drawn, Outbox
from .pipeline import Pipeline
from .utterances import Tick

GOODBYE = 10.0
"""Seconds the thread may take to end; it never takes longer than to draw one frame."""


class Worker:
    """Draws with a pipeline as long as frames are taken. Its methods may be called from any thread.

    Only the thread holds the pipeline: when it ends, decoders and pictures are given back, whoever still
    holds the worker.
    """

    def __init__(self, pipeline: Pipeline, queue_frames: int, queue_seconds: float) -> None:
        self.change = threading.Condition()
        """Held while anything below up to `listeners` is read or written."""
        self.cuts = 0
        self.redrawn = 0
        self._inbox = Inbox(queue_seconds)
        self._outbox = Outbox(queue_frames)
        self._commands: deque[Callable[[Drafter], None]] = deque()
        self._version = 0  # raised by every command: what was drawn under an older one is not given out
        self._is_asked = False  # somebody waits for a frame
        self._is_open = True
        self._failure: BaseException | None = None
        self._trace: TracebackType | None = None
        self.listeners: list[Callable[[], None]] = []
        drafter = Drafter(pipeline)
        self._thread = threading.Thread(
            target=self._work, args=(drafter,), name="avatar-session", daemon=True
        )
        self._thread.start()

    # -- for those who speak

    def offer(self, sound: Sound, cuts: int) -> bool:
        """Put sound into the inbox if there is room. Sound from before an interruption is dropped."""
        with self.change:
            self.check()
            if cuts != self.cuts:
                return True
            if sound.samples is not None and not self._inbox.has_room:
                return False
            self._inbox.put(sound)
            self._tell()
            return True

    def put(self, sound: Sound, cuts: int) -> None:
        """The same, waiting for room."""
        while not self.offer(sound, cuts):
            with self.change:
                self.change.wait_for(lambda: self._is_over() or cuts != self.cuts or self._inbox.has_room)

    def command(self, action: Callable[[Pipeline], None]) -> None:
        """Do something with the pipeline in the thread, so that the next frame given out shows it."""
        self._order(lambda drafter: action(drafter.pipeline))

    def interrupt(self) -> None:
        """Drop all sound that was not given out."""
        with self.change:
            self.check()
            self.cuts += 1
            self._inbox.clear()
            self._order(Drafter.cut)

    def blame(self, error: Exception) -> None:
        """Tell with the next frame what went wrong with an utterance."""
        self._order(lambda drafter: drafter.blame(error))

    def pause(self, is_paused: bool) -> None:
        """Hold the sound back, or let it go on."""
        self._order(lambda drafter: setattr(drafter, "is_paused", is_paused))

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
            drawn = self._outbox.give(self.cuts)
            self._tell()
            return drawn

    def has_answer(self) -> bool:
        """Whether the next frame begins an utterance after silence."""
        with self.change:
            return self._outbox.has_answer

    def take_back(self, after: int) -> None:
        """Draw the frames given out after number `after` anew, less the speech interrupted since."""
        with self.change:
            if unseen := self._outbox.unseen(after):
                self._order(lambda drafter: drafter.undo_given(unseen, self.cuts))

    def untake(self, drawn: Drawn) -> None:
        """Put a frame back that could not be given out."""
        with self.change:
            self._outbox.ungive(drawn, is_outdated=bool(self._commands))
            self._tell()

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def has_ended(self) -> bool:
        """Whether the thread is gone."""
        return not self._thread.is_alive()

    def end(self) -> None:
        """Let the thread end soon. Safe to call twice, and in any state."""
        with self.change:
            self._is_open = False
            self._tell()
            self._inbox.clear()
            self._outbox.clear()
            self._commands.clear()
            self.listeners.clear()

    def join(self) -> None:
        """Wait for the thread's end, unless this is the thread. RuntimeError if it does not come."""
        if threading.current_thread() is not self._thread:
            self._thread.join(GOODBYE)
            if self._thread.is_alive():
                raise RuntimeError(f"the session's thread did not end within {GOODBYE:.0f} s; it is stuck")

    def check(self) -> None:
        """Raise what the thread failed with, or SessionClosed after `end`."""
        self._raise_failure()
        if not self._is_open:
            raise SessionClosed("this session is closed; open another with avatar.session()")

    # -- the thread

    def _work(self, drafter: Drafter) -> None:
        try:
            while (version := self._next_version(drafter)) is not None:
                tick = self._next_tick(drafter, version)
                if self._is_wanted(drafter, tick, version):
                    self._give(drafter.draw(tick), version)
        except BaseException as error:  # the viewer must learn of it, whatever it is
            with self.change:
                self._failure, self._trace = error, error.__traceback__
                self._tell()
        finally:
            drafter.pipeline.close()

    def _next_version(self, drafter: Drafter) -> int | None:
        """Wait for something to do and carry commands out; None once closed."""
        with self.change:
            self.change.wait_for(lambda: not self._is_open or self._commands or self._has_work(drafter))
            if not self._is_open:
                return None
            commands, self._commands = self._commands, deque()
            version = self._version
            self._undo(drafter)
        for action in commands:
            action(drafter)
        return version

    def _next_tick(self, drafter: Drafter, version: int) -> Tick | None:
        """What is to be said next, if it is known yet."""
        while not drafter.is_paused:
            if (tick := drafter.next_tick()) is not None:
                return tick
            with self.change:
                if version != self._version or not self._inbox:
                    return None
                drafter.hear(self._inbox.take())
                self._tell()
        return None

    def _is_wanted(self, drafter: Drafter, tick: Tick | None, version: int) -> bool:
        """Whether to draw it. Sound goes before silence that waits in the outbox."""
        with self.change:
            if version != self._version:  # a command came: it may have taken back what comes before the tick
                if tick is not None:
                    drafter.unsay(tick)
                return False
            if tick is None:
                return self._wants_silence(drafter)
            self._outbox.take_back_silence()
            self._undo(drafter)
            return True

    def _give(self, drawn: Drawn, version: int) -> None:
        with self.change:
            if not self._is_open:
                return
            if version == self._version:
                self._outbox.add(drawn)
                self._is_asked = False
            else:
                self._outbox.refuse(drawn)
            self._tell()

    # -- what holds; all under `change`

    def _has_work(self, drafter: Drafter) -> bool:
        return self._can_speak(drafter) or self._wants_silence(drafter)

    def _can_speak(self, drafter: Drafter) -> bool:
        """Whether there is sound, and room for its frames: in place of silent ones, if need be."""
        if drafter.is_paused or not (drafter.has_more or self._inbox):
            return False
        return not self._outbox.is_full or self._outbox.ends_silent

    def _wants_silence(self, drafter: Drafter) -> bool:
        """In an utterance, its sound is waited for until a frame is asked for and there is none."""
        if drafter.word is not None and not drafter.is_paused:
            return self._is_asked and not self._outbox
        return not self._outbox.is_full

    def _undo(self, drafter: Drafter) -> None:
        """Return to before the first frame taken back; their ticks will be drawn again."""
        drafter.undo(self._outbox.taken())
        self.redrawn = drafter.redrawn

    def _order(self, action: Callable[[Drafter], None]) -> None:
        """Carry something out in the thread. What waits is taken back, and drawn anew after it."""
        with self.change:
            self.check()
            self._commands.append(action)
            self._version += 1
            self._outbox.take_back()
            self._tell()

    def _is_over(self) -> bool:
        return not self._is_open or self._failure is not None

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure.with_traceback(self._trace)  # raising adds to it, time and again

    def _tell(self) -> None:
        self.change.notify_all()
        for listener in self.listeners:
            listener()
