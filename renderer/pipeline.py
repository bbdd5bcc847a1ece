"""Speech in, pictures with their sound out: the pure heart of a session and of a rendered film.

    push ─► Utterances ─► Tick ─► Director, Easing, Face ─► VideoFrame

No thread, no clock, no device. What comes out depends on what was pushed, never on when or in what
portions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .buffers import Buffers
from .director import Director
from .easing import Easing, Memory
from .face import Face
from .kernels.pixels import bgra_to_bgr, bgra_to_rgb
from .settings import Settings
from .stance import Stance
from .timeline import Timeline
from .types import Cue, Picture, VideoFrame, Word
from .utterances import Tick, Utterances


@dataclass(frozen=True, slots=True)
class Mark:
    """How a pipeline stood before a frame. `Pipeline.go_back` makes that frame undrawn."""

    index: int
    stance: Stance
    mouth: Memory


class Pipeline:
    """Draws one avatar saying what is pushed."""

    def __init__(
        self, face: Face, director: Director, speech: Utterances, timeline: Timeline, settings: Settings
    ) -> None:
        self.face, self.director, self.speech = face, director, speech
        self._timeline, self._settings = timeline, settings
        self._easing = Easing()
        width, height = face.size
        self._pictures, self._triples = Buffers((height, width, 4)), Buffers((height, width, 3))
        self._index = 0

    # -- films: frame after frame, as sound comes

    def push(self, pcm: NDArray[Any], sample_rate: int, cues: Sequence[Cue] = ()) -> Iterator[VideoFrame]:
        """Say more, and give the frames that are certain by now; see `Utterances.push`."""
        for tick in self.speech.push(pcm, sample_rate, cues):
            yield self.draw(tick, tick.utterance)

    def finish(self) -> Iterator[VideoFrame]:
        """End the utterance and give its remaining frames."""
        for tick in self.speech.finish():
            yield self.draw(tick, tick.utterance)

    def idle(self) -> VideoFrame:
        """A frame without speech: listening, or waiting with a closed mouth for more of an utterance."""
        return self.draw(None, self.speech.utterance)

    # -- sessions: what is drawn may be taken back

    def draw(self, tick: Tick | None, utterance: int | None, has_word: bool | None = None) -> VideoFrame:
        """The next frame.

        tick       what is said in it; None is silence, in which the mouth closes
        utterance  the one that goes on, in silence too if more of it is to come
        has_word   whether the body is to speak; it is if an utterance goes on, unless told otherwise
        """
        cues = () if tick is None else tick.cues
        for _, cue in cues:
            if cue.gesture is not None:
                self.director.gesture(cue.gesture, "now")
        shot = self.director.step(utterance is not None if has_word is None else has_word)
        mouth = self._easing.step(*((None, None) if tick is None else (tick.mouth, tick.utterance)))
        picture = self._pictures.take()
        self.face.draw(shot, mouth, self._index, picture)
        picture = self._ordered(picture)
        self.face.prepare(self.director.coming())
        silence = self._timeline.samples_of(self._index)
        sound = np.zeros(silence, np.float32) if tick is None else tick.sound
        begins = self._timeline.seconds(self._index)
        words = tuple(Word(cue.word, begins + after) for after, cue in cues if cue.word is not None)
        frame = VideoFrame(picture, sound, self._index, shot.state, utterance, shot.gesture, words)
        self._index += 1
        return frame

    def interrupt(self) -> None:
        """Forget what was pushed and not shown. The frames that follow close the mouth."""
        self.speech.forget()
        self.director.interrupt()

    def mark(self) -> Mark:
        """How it stands now."""
        return Mark(self._index, self.director.stance, self._easing.memory)

    def go_back(self, mark: Mark) -> None:
        """Take back every frame drawn since `mark`. Ticks already given are the caller's to draw again."""
        self._index, self.director.stance, self._easing.memory = mark.index, mark.stance, mark.mouth

    def take_back(self, mark: Mark, was_interrupted: bool) -> None:
        """The same for frames that were given out: calls made since then still hold."""
        self._index, self._easing.memory = mark.index, mark.mouth
        self.director.take_back(mark.stance, was_interrupted)

    def close(self) -> None:
        """Give decoders and files back."""
        self.face.close()

    def _ordered(self, picture: Picture) -> Picture:
        """The picture in the order the settings ask for: B G R A is the one it was drawn in."""
        if self._settings.pixels == "bgra":
            return picture
        out = self._triples.take()
        (bgra_to_rgb if self._settings.pixels == "rgb" else bgra_to_bgr)(picture, out)
        return out
