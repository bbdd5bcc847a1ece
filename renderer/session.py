"""A live session: sound goes in as it comes, frames come out as they are asked for.

    say ─► Sayer ─► push ─► inbox ─► Worker (draws ahead, takes back) ─► outbox ─► events, volume ─► next()

All calls may come from any thread. What is called shows in the next frame that is given out.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .audio import check_rate, to_mono
from .backdrop import Background, check_backdrop, make_backdrop
from .clock import Clock, MonotonicClock
from .events import Event, Events
from .inbox import Sound, by_the_second
from .outbox import Drawn
from .pipeline import Pipeline
from .saying import Sayer
from .settings import Settings, check_expression
from .types import Cue, VideoFrame
from .voices.choosing import VoiceChoice, open_voice
from .voices.script import check_gestures
from .voices.speaking import Spoken, speech
from .voices.ssml import parse
from .voices.voice import Stoppable
from .worker import Worker


@dataclass(slots=True)
class Statistics:
    """What a session has counted so far."""

    frames: int = 0
    """Frames given out."""

    waits: int = 0
    """Frames given out with a closed mouth since an utterance's sound came too late ..."""

    underruns: int = 0
    """... and how many stretches of them."""

    interruptions: int = 0
    """Calls of `interrupt`."""

    redrawn: int = 0
    """Frames that were drawn ahead and drawn anew, since a call or a sound changed them in time."""

    latency: float = 0.0
    """Seconds from the first sound of the last utterance to the moment its first frame was given out."""


class Session:
    """One avatar, one listener. Iterate over it for frames; it never ends by itself."""

    def __init__(self, pipeline: Pipeline, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.size = pipeline.face.size
        """Width and height of its frames."""
        self.gestures = pipeline.director.gestures
        """Names of the gestures this avatar has."""
        self.has_matte = pipeline.face.has_matte
        """Whether it can be shown before another background."""
        self._clock = MonotonicClock() if clock is None else clock
        self._statistics = Statistics()
        self._events = Events(self._clock)
        self._speaking = threading.Lock()  # one push or finish at a time, each whole
        self._rate: int | None = None  # of the utterance being pushed
        self._cuts = 0  # interruptions before it
        self._was_wait = False
        self._mouth = settings.mouth_gain, settings.articulation
        self._volume = self._loudness = 1.0  # wanted, and at the end of the last frame
        self._worker = Worker(pipeline, settings.queue_frames, settings.queue_seconds)
        self._sayer = Sayer(_Ear(self))

    @property
    def statistics(self) -> Statistics:
        """What has been counted so far: a copy."""
        return replace(self._statistics, interruptions=self._worker.cuts, redrawn=self._worker.redrawn)

    @property
    def interruptions(self) -> int:
        """How often it was interrupted."""
        return self._worker.cuts

    @property
    def has_answer(self) -> bool:
        """Whether the next frame begins an utterance: silence queued before it need not be heard out."""
        return self._worker.has_answer()

    # -- what is said

    def push(self, pcm: NDArray[Any], sample_rate: int, cues: Sequence[Cue] = ()) -> None:
        """Say more: sound of shape (n,) or (n, channels), int16, int32 or float in [-1, 1], any rate.

        `cues` are the words and gestures that begin in it. The sound is copied. Blocks while more than
        `Settings.queue_seconds` of it wait; an interruption frees it. Raises ValueError for sound of another
        kind, a gesture the avatar does not have, or where one utterance changes its rate.
        """
        sounds = self._pieces(pcm, sample_rate, cues)
        with self._speaking:
            cuts = self._begin(sounds)
            for sound in sounds:
                self._worker.put(sound, cuts)

    def finish(self) -> None:
        """End the utterance: its last sounds get their frames, then the mouth closes."""
        with self._speaking:
            cuts = self._begin([])
            self._rate = None
            self._worker.put(Sound(None), cuts)

    def say(self, text: str, voice: VoiceChoice = None) -> None:
        """Say a text, plain or SSML, as an utterance of its own, after those said before; returns at once.

        voice  a language such as "en" or "zh", spoken by espeak-ng; "piper:FILE.onnx"; a `Voice`; a function
               from text to sound (docs/speak.md). Opening one may take a second: `open_voice` does it before.

        Do not push meanwhile: it would be one utterance. What the voice raises is told as `error`. Raises
        TextError for SSML that cannot be read or asks for a gesture the avatar does not have, and what
        `open_voice` raises.
        """
        script = parse(text)
        check_gestures(script, self.gestures)
        cuts, opened = self._worker.cuts, open_voice(voice)
        stop = opened.stop if isinstance(opened, Stoppable) else None
        self._sayer.say(speech(script, opened), cuts, stop)

    def interrupt(self) -> None:
        """Stop talking now: sound not yet given out is dropped, the mouth closes, the avatar listens."""
        self._worker.interrupt()
        self._sayer.cut()

    def pause(self) -> None:
        """Hold the word: the mouth closes, the avatar listens, the sound waits for `resume`."""
        self._worker.pause(True)

    def resume(self) -> None:
        """Go on where `pause` held the word."""
        self._worker.pause(False)

    def think(self) -> None:
        """An answer is being prepared: the state is `thinking` until the next word or interruption."""
        self._worker.command(lambda pipeline: pipeline.director.think())

    # -- how it looks and sounds

    def gesture(self, name: str, when: Literal["now", "next"] = "now") -> None:
        """Make one of `gestures`, as soon as the body can change to it unseen, within two seconds.

        "now" replaces the gesture that runs or waits, "next" comes after those. Raises ValueError for one
        the avatar does not have.
        """
        self._check_gesture(name)
        if when not in ("now", "next"):
            raise ValueError(f"a gesture {when!r}; 'now' or 'next' expected")
        self._worker.command(lambda pipeline: pipeline.director.gesture(name, when))

    def set_background(self, background: Background | None) -> None:
        """Put a colour, a picture or a film behind the avatar; None is its own background.

        background  "#2080ff"; (red, green, blue); uint8 (h, w, 3) R G B or (h, w, 4) B G R A, copied; the
                    `Path` of a picture, or of a film, which runs in a loop; all scaled to cover;
                    "transparent" puts the matte into the fourth channel of B G R A frames

        Raises AvatarError for an avatar without a matte, MediaError for a file that cannot be shown,
        ValueError for anything else as a background.
        """
        backdrop = None if background is None else make_backdrop(background, *self.size)
        check_backdrop(backdrop, self.has_matte, self.settings.pixels)
        self._worker.command(lambda pipeline: setattr(pipeline.face, "backdrop", backdrop))

    def set_volume(self, volume: float) -> None:
        """How loud `VideoFrame.sound` is, 0 to 1, from the next frame on; the mouth moves the same."""
        if not 0.0 <= volume <= 1.0:
            raise ValueError(f"volume {volume}; 0 to 1 expected")
        self._volume = float(volume)

    def set_mouth(self, gain: float | None = None, articulation: float | None = None) -> None:
        """How strongly the mouth speaks from now on; what is None stays as it is.

        gain          0 to 2, how wide it opens (`Settings.mouth_gain`)
        articulation  0.5 to 1.5, how clearly it tells sounds apart (`Settings.articulation`)

        A mouth that speaks gets there within half a second: what was heard already is shown as it was meant,
        and from then on it changes over five frames. Raises ValueError outside the limits.
        """
        with self._worker.change:
            old_gain, old_articulation = self._mouth
            wanted = (
                old_gain if gain is None else gain,
                old_articulation if articulation is None else articulation,
            )
            check_expression(*wanted)
            self._worker.command(lambda pipeline: pipeline.speech.express(*wanted))
            self._mouth = wanted

    # -- what comes out

    def __iter__(self) -> Iterator[VideoFrame]:
        return self

    def __next__(self) -> VideoFrame:
        """The next frame, drawn ahead. Raises what the worker failed with; ends once closed."""
        drawn = self._worker.take()
        if drawn is None:
            raise StopIteration
        return self._given(drawn)

    def take_back(self, after: int) -> None:
        """Draw anew what was given out after frame number `after` and never shown.

        For players with a queue of their own: when an interruption makes them throw it away, the body goes on
        from the last frame that was seen. What was interrupted is not said again. At most
        `renderer.outbox.GIVEN` frames are remembered.
        """
        self._worker.take_back(after)

    def on(self, event: Event, callback: Callable[..., None]) -> None:
        """Call back just before the frame in which something happens is given out, in the viewer's thread.

        `ready()`, `first_frame(seconds)` of an utterance since its first push, `speech_started()`,
        `speech_ended(interrupted)`, `state_changed(state)`, `gesture_started(name, time)`,
        `gesture_ended(name, time)`, `word(text, time)`, `underrun()`, `error(error)`. Facts come by keyword,
        times in seconds since the first frame.

        What a callback raises is raised where the frame was asked for; the frame comes with the next call.
        So is an `error` that nobody listens to. Raises ValueError for another event.
        """
        self._events.on(event, callback)

    def close(self) -> None:
        """End the session and its threads, and give its memory back. Safe to call twice, and in any state."""
        self._end()
        self._worker.join()
        self._sayer.join()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- inside

    def _end(self) -> None:
        """Let the threads end soon."""
        self._worker.end()
        self._sayer.end()
        self._events.clear()

    def _has_ended(self) -> bool:
        """Whether the threads are gone."""
        self._sayer.cut()
        return self._worker.has_ended and self._sayer.has_ended

    def _pieces(self, pcm: NDArray[Any], sample_rate: int, cues: Sequence[Cue]) -> list[Sound]:
        """Sound by the second, with its cues."""
        rate, samples = check_rate(sample_rate), to_mono(pcm)
        for cue in cues:
            if not 0 <= cue.at <= len(samples):
                raise ValueError(f"a cue at sample {cue.at} of {len(samples)}; it must lie in the sound")
            if cue.gesture is not None:
                self._check_gesture(cue.gesture)
        return by_the_second(samples, rate, cues)

    def _begin(self, sounds: list[Sound]) -> int:
        """Note what utterance this sound belongs to; returns the interruptions before it."""
        cuts = self._worker.cuts
        if cuts != self._cuts:  # its utterance was interrupted
            self._cuts, self._rate = cuts, None
        if not sounds:
            return cuts
        rate = sounds[0].sample_rate
        if self._rate is None:
            sounds[0] = replace(sounds[0], pushed=self._clock.now())
        elif self._rate != rate:
            raise ValueError(
                f"sound of {rate} samples a second in an utterance begun at {self._rate}; finish() it first"
            )
        self._rate = rate
        return cuts

    def _check_gesture(self, name: str) -> None:
        if name not in self.gestures:
            known = ", ".join(self.gestures) or "none"
            raise ValueError(f"no gesture {name!r}; this avatar has {known}")

    def _given(self, drawn: Drawn) -> VideoFrame:
        """Tell of it, count it, and set its volume."""
        try:
            if not drawn.is_told:
                self._events.tell(drawn)
        except BaseException:
            self._worker.untake(replace(drawn, is_told=True))
            raise
        count = self._statistics
        count.frames += 1
        count.waits += drawn.is_wait
        count.underruns += drawn.is_wait and not self._was_wait
        self._was_wait = drawn.is_wait
        if drawn.pushed is not None:
            count.latency = self._clock.now() - drawn.pushed
        frame = drawn.frame
        if self._loudness == self._volume == 1.0:
            return frame
        ramp = np.linspace(self._loudness, self._volume, len(frame.sound), dtype=np.float32)
        self._loudness = self._volume
        return replace(frame, sound=frame.sound * ramp)


class _Ear:
    """What the sayer says goes where pushed sound goes."""

    def __init__(self, session: Session) -> None:
        # weak: a session in a ring of references would keep its memory until some later collection
        self._session, self._worker = weakref.proxy(session), session._worker

    def is_wanted(self, cuts: int) -> bool:
        return self._worker.is_open and self._worker.cuts == cuts

    def hear(self, spoken: Spoken | None, cuts: int) -> bool:
        session = self._session
        sounds = []
        if spoken is not None:
            sounds = session._pieces(spoken.samples, spoken.sample_rate, spoken.cues)
        with session._speaking:
            if not self.is_wanted(cuts):
                return False
            if spoken is None or session._begin(sounds) != cuts:  # interrupted this very moment
                session._rate = None
            for sound in sounds or [Sound(None)]:
                self._worker.put(sound, cuts)
        return True

    def fail(self, error: Exception) -> None:
        self._worker.blame(error)
