"""What the drawing thread knows and nobody else does: what is said next, and how to undo what was drawn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from .inbox import Sound
from .outbox import Drawn, Given
from .pipeline import Pipeline
from .utterances import Tick


class Drafter:
    """Draws frame after frame with a pipeline; belongs to one thread."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.is_paused = False
        self.redrawn = 0
        """Frames undone so far."""
        self._ready: deque[Tick] = deque()  # of frames undone
        self._hearing: Iterator[Tick] | None = None
        self._was_cut = self._is_spoilt = False
        self._pushed: float | None = None
        self._faults: tuple[Exception, ...] = ()

    @property
    def has_more(self) -> bool:
        """Whether it may have something to say before it hears more."""
        return bool(self._ready) or self._hearing is not None

    @property
    def word(self) -> int | None:
        """The utterance that has begun to be given out and has not ended."""
        if self._ready:
            return self._ready[0].utterance if self._ready[0].mouth.index else None
        return self.pipeline.speech.utterance

    # -- forwards

    def hear(self, sound: Sound) -> None:
        """Hear more, once what was heard before is said."""
        if sound.pushed is not None:
            self._pushed, self._is_spoilt = sound.pushed, False
        if self._is_spoilt:
            return
        speech = self.pipeline.speech
        if sound.samples is None:
            self._hearing = speech.finish()
        else:
            self._hearing = speech.push(sound.samples, sound.sample_rate, sound.cues)

    def next_tick(self) -> Tick | None:
        """What is to be said next; None if that is not known before it hears more."""
        if self._ready:
            return self._ready.popleft()
        if self._hearing is None:
            return None
        try:
            return next(self._hearing)
        except StopIteration:
            self._hearing = None
        except Exception as error:  # this utterance's fault: its rest is dropped
            self._hearing, self._is_spoilt = None, True
            self.blame(error)
            self.pipeline.speech.forget()
        return None

    def draw(self, tick: Tick | None) -> Drawn:
        """The next frame; without a tick a silent one."""
        mark = self.pipeline.mark()
        word = self.word if tick is None else tick.utterance
        speaks = word is not None and not self.is_paused
        frame = self.pipeline.draw(tick, word, has_word=speaks)
        pushed = self._pushed if tick is not None and tick.mouth.index == 0 else None
        was_cut, self._was_cut = self._was_cut, False
        faults, self._faults = self._faults, ()
        return Drawn(frame, tick, mark, pushed, speaks and tick is None, was_cut, faults)

    def blame(self, error: Exception) -> None:
        """Tell with the next frame what went wrong with an utterance."""
        self._faults += (error,)

    def cut(self) -> None:
        """Forget what was to be said."""
        self._was_cut |= self.word is not None
        self._ready.clear()
        self._hearing = None
        self.pipeline.interrupt()

    # -- backwards

    def unsay(self, tick: Tick) -> None:
        """Say this first: it was not drawn."""
        self._ready.appendleft(tick)

    def undo(self, taken: Sequence[Drawn]) -> None:
        """Return to before these frames, which nobody has seen; what they say will be said again."""
        if taken:
            self.redrawn += len(taken)
            self.pipeline.go_back(taken[0].mark)
            self._ready.extendleft(drawn.tick for drawn in reversed(taken) if drawn.tick is not None)
            self._was_cut |= any(drawn.was_cut for drawn in taken)
            self._faults = (*(fault for drawn in taken for fault in drawn.faults), *self._faults)

    def undo_given(self, unseen: Sequence[Given], cuts: int) -> None:
        """The same for frames that were given out; what was interrupted since is not said again."""
        was_interrupted = any(given.cuts != cuts for given in unseen)
        self.pipeline.take_back(unseen[0].mark, was_interrupted)
        ticks = [given.tick for given in unseen if given.tick is not None and given.cuts == cuts]
        self._ready.extendleft(reversed(ticks))
