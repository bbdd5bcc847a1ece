"""What flows: sound in, features, mouth weights, pictures with their sound out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Mono sound, shape (n,), range [-1, 1]."""

Picture = NDArray[np.uint8]
"""Shape (height, width, 3 or 4), rows from the top. Four channels are B, G, R and A or X."""


class State(str, Enum):
    """Whose turn it is."""

    LISTENING = "listening"
    """Nobody is heard from the avatar; its mouth is closed."""

    THINKING = "thinking"
    """The host says that an answer is on its way (`Session.think`)."""

    SPEAKING = "speaking"
    """The avatar has the word, pauses between its words included."""


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """Consecutive mono samples."""

    samples: Samples
    """Shape (n,), range [-1, 1]."""

    start: int
    """Position of samples[0], counted in samples from the start of the utterance."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What happens at one moment of pushed sound: a word begins, a gesture is due, or both."""

    at: int
    """Sample of the pushed array, 0 to its length."""

    word: str | None = None
    gesture: str | None = None
    """A gesture of the avatar (`Session.gestures`)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that begins while a frame shows."""

    text: str
    time: float
    """Seconds since the first frame of the session or film: frame i begins at i / 25."""


@dataclass(frozen=True, slots=True)
class Features:
    """What one tick of sound (40 ms) looks like to the mouth network."""

    mel: NDArray[np.float32]
    """Shape (4, 80): log mel energies of four windows 10 ms apart, fixed normalisation."""

    level: float
    """Root mean square of the tick's samples in dB relative to full scale, at least -120."""

    index: int
    """Number of the tick since the start of the utterance."""


@dataclass(frozen=True, slots=True)
class MouthFrame:
    """The mouth of one frame, in mouth space (docs/mouth-space.md)."""

    weights: NDArray[np.float32]
    """Shape (k,): displacement from rest in units of the space's typical deviation; 0 is rest."""

    presence: float
    """Share of the drawn mouth over the filmed one, 0 (the clip's resting mouth) to 1."""

    index: int
    """Number of the frame since the start of the utterance."""


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One picture together with the sound heard while it shows."""

    pixels: Picture
    """Shape (height, width, 3|4), in the session's pixel order. The receiver owns it."""

    sound: Samples
    """Shape (n,): exactly the samples that belong to this frame, at the session's output rate."""

    index: int
    """Number of the frame since the start of the session."""

    state: State
    """Whose turn it was."""

    utterance: int | None = None
    """Number of the utterance being spoken, counted from 1; None while nothing is said."""

    gesture: str | None = None
    """The gesture the body is making."""

    words: tuple[Word, ...] = ()
    """Words that begin in this frame, where whoever pushed the sound told them (`Cue`)."""
