"""Whose turn it is, and which frame of which clip the body shows next.

    LISTENING ── speech ──► SPEAKING ── silence for REST_AFTER ──► LISTENING

The state changes at once; the body follows at the next place where the two clips look alike. Until then
the mouth is driven over the clip that happens to play: every clip carries the means for it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from .package.manifest import Manifest
from .types import State

REST_AFTER = 15
"""Frames (0.6 s) without speech before the avatar listens again; shorter is a pause between sentences."""

PATIENCE = 50
"""Frames (2 s) to wait for a place where clips look alike; after that a longer fade covers the change."""

FADE = 6
"""Frames of the cross-fade where clips look alike."""

LONG_FADE = 12
"""Frames of the cross-fade where they do not."""


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One frame of one clip."""

    clip: str
    frame: int


@dataclass(frozen=True, slots=True)
class Shot:
    """What the body shows in one frame."""

    state: State
    now: ClipFrame
    before: ClipFrame | None = None
    """The clip that is being left, while a cross-fade lasts."""

    share: float = 1.0
    """How much of `now` is seen over `before`, above 0, at most 1."""


class Director:
    """Chooses a shot for every frame. Knows frame numbers only: no picture, no sound, no clock."""

    def __init__(self, manifest: Manifest) -> None:
        self._clips = manifest.clips
        self._home = {
            state: next(name for name, clip in manifest.clips.items() if clip.role == state.value)
            for state in State
        }
        self._ways = {(step.source, step.target): step.pairs for step in manifest.transitions}
        self._state = State.LISTENING
        self._now = ClipFrame(self._home[State.LISTENING], -1)
        self._before: ClipFrame | None = None
        self._fade_frames = FADE
        self._faded = 0
        self._silent = REST_AFTER
        self._waited = 0

    @property
    def state(self) -> State:
        """Whose turn it is."""
        return self._state

    def step(self, has_word: bool) -> Shot:
        """The next frame's shot; `has_word` says whether an utterance is being spoken."""
        self._turn(has_word)
        self._advance()
        share = 1.0 if self._before is None else (self._faded + 1) / (self._fade_frames + 1)
        return Shot(self._state, self._now, self._before, share)

    def coming(self) -> ClipFrame:
        """The frame most likely shown after the next cut, so that its decoder can be made ready."""
        target = self._home[self._state]
        if self._now.clip == target:
            return ClipFrame(target, 0)
        pair = self._exit(target)
        return ClipFrame(target, 0 if pair is None else pair[1])

    def _turn(self, has_word: bool) -> None:
        self._silent = 0 if has_word else self._silent + 1
        if has_word:
            self._state = State.SPEAKING
        elif self._silent >= REST_AFTER:
            self._state = State.LISTENING

    def _advance(self) -> None:
        """Play on, and leave for the state's own clip where that can be done unseen."""
        target = self._home[self._state]
        self._end_fade()
        if self._now.clip == target or self._before is not None or self._now.frame < 0:
            self._waited = 0
            self._now = self._after(self._now)
            return
        self._waited += 1
        pair = self._exit(target)
        if pair is not None and pair[0] == self._now.frame:
            self._cut(ClipFrame(target, pair[1]), FADE)
        elif self._waited > PATIENCE:
            self._cut(ClipFrame(target, 0 if pair is None else pair[1]), LONG_FADE)
        else:
            self._now = self._after(self._now)

    def _end_fade(self) -> None:
        if self._before is None:
            return
        self._faded += 1
        self._before = self._after(self._before)
        if self._faded >= self._fade_frames:
            self._before = None

    def _cut(self, entry: ClipFrame, frames: int) -> None:
        self._before, self._now = self._after(self._now), entry
        self._fade_frames, self._faded, self._waited = frames, 0, 0

    def _exit(self, target: str) -> tuple[int, int] | None:
        """The next way out of the running clip, in its frames, wrapping where the clip closes on itself."""
        pairs = self._ways.get((self._now.clip, target), ())
        if not pairs:
            return None
        following = bisect_left(pairs, (self._now.frame, -1))
        return pairs[following % len(pairs)]

    def _after(self, at: ClipFrame) -> ClipFrame:
        clip = self._clips[at.clip]
        if at.frame + 1 < clip.frames:
            return ClipFrame(at.clip, at.frame + 1)
        # a clip that does not close on itself holds its last frame until the director leaves it
        return ClipFrame(at.clip, 0 if clip.loops else at.frame)
