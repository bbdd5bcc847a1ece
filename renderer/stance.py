"""The body's position between two frames: what a director remembers, and the rules it goes by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .types import State

REST_AFTER = 15
"""Frames (0.6 s) without speech before the avatar listens again; shorter is a pause between sentences."""


class Heard(Enum):
    """What the next frame brings, as far as turns are concerned."""

    WORD = "an utterance is being spoken"
    THOUGHT = "the host prepares an answer"
    PAUSE = "nothing, for less than REST_AFTER"
    HUSH = "nothing, for longer"


TURNS: dict[State, dict[Heard, State]] = {
    State.LISTENING: {
        Heard.WORD: State.SPEAKING,
        Heard.THOUGHT: State.THINKING,
        Heard.PAUSE: State.LISTENING,
        Heard.HUSH: State.LISTENING,
    },
    State.THINKING: {
        Heard.WORD: State.SPEAKING,
        Heard.THOUGHT: State.THINKING,
        Heard.PAUSE: State.LISTENING,
        Heard.HUSH: State.LISTENING,
    },
    State.SPEAKING: {
        Heard.WORD: State.SPEAKING,
        Heard.THOUGHT: State.THINKING,
        Heard.PAUSE: State.SPEAKING,
        Heard.HUSH: State.LISTENING,
    },
}
"""Whose turn it becomes, by whose it was and what is heard."""


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One frame of one clip."""

    clip: str
    frame: int


@dataclass(frozen=True, slots=True)
class Way:
    """How one clip is left for another."""

    leave: ClipFrame
    """The last frame shown of the one."""

    entry: ClipFrame
    """The first frame shown of the other."""

    fade: int
    """Frames of the cross-fade from one to the other."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A gesture somebody waits for."""

    gesture: str
    is_random: bool = False
    """Nobody asked for it: it is made where it fits, or not at all."""


@dataclass(frozen=True, slots=True)
class Stance:
    """Everything a director remembers. Values only: keeping one is a way back to it."""

    now: ClipFrame
    before: ClipFrame | None = None
    """The clip being left, while a cross-fade lasts."""

    state: State = State.LISTENING
    silent: int = REST_AFTER
    """Frames since the last word."""

    thinks: bool = False
    fade: int = 0
    faded: int = 0
    """Frames the running cross-fade takes, and has taken."""

    aim: tuple[str, ...] = ()
    way: Way | None = None
    """The clips the body wants to get to, and the way there that it waits for."""

    wishes: tuple[Wish, ...] = ()
    is_released: bool = False
    """Whether the running gesture may be left before its end."""

    is_directed: bool = False
    """Whether gestures were asked for by name since it began to speak: then none are made at random."""

    talked: int = 0
    """Frames of speech since the last gesture."""

    chosen: int = 0
    """Gestures chosen at random so far."""
