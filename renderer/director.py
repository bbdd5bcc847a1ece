"""Whose turn it is, and which frame of which clip the body shows next.

The state follows the speech at once (`stance.TURNS`). The body follows where clips look alike: it leaves a
clip only on a way that `ways` found, at an exit the package names, for the entry that belongs to it, under a
short cross-fade; where there is no such exit in time, where faces are nearest to each other, under a longer
one. Never otherwise, whatever is asked for and when. Until then the mouth is driven over the clip that
happens to play: every clip carries the means for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from .package.manifest import Manifest
from .poses import Poses
from .stance import REST_AFTER, TURNS, ClipFrame, Heard, Stance, Way, Wish
from .types import State
from .ways import LEAD, Ways

PATIENCE = 75
"""Frames (3 s) in which the body may follow a change of state, which itself is never late. Milo and Nora
name an exit in every such stretch."""

GESTURE_PATIENCE = 50
"""The same for a gesture asked for by name, 2 s: it belongs to a word."""

MOST_WISHES = 8
"""Gestures that may wait for their turn; what is asked for beyond them is not made."""

SPACING = (125, 350)
"""Frames of speech between two random gestures, 5 to 14 s: presenters are filmed with 5 s between movements
at least, and speak 6 to 30 s from one to the next (docs/build-an-avatar.md)."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What the body shows in one frame."""

    state: State
    now: ClipFrame
    before: ClipFrame | None = None
    """The clip that is being left, while a cross-fade lasts."""

    share: float = 1.0
    """How much of `now` is seen over `before`, above 0, at most 1."""

    gesture: str | None = None
    """The gesture being made."""


class Director:
    """Chooses a shot for every frame. Knows frame numbers only: no picture, no sound, no clock.

    random_gestures  make the package's gestures while speaking, now and then, unless some are asked for
    seed             of their choice and spacing: the same seed and calls give the same film
    poses            how far faces are apart; without them all are taken to be alike
    """

    def __init__(
        self, manifest: Manifest, random_gestures: bool = True, seed: int = 0, poses: Poses | None = None
    ) -> None:
        self._clips = manifest.clips
        roles = {name: clip.role for name, clip in manifest.clips.items()}
        self.gestures = tuple(name for name, role in roles.items() if role == "gesture")
        """Names of the gestures this avatar has."""
        self._homes = {
            state: tuple(name for name, role in roles.items() if role == state.value)
            for state in (State.LISTENING, State.SPEAKING)
        }
        self._homes[State.THINKING] = self._homes[State.LISTENING]
        self._ways = Ways(manifest, poses)
        self._random_gestures, self._seed = random_gestures and bool(self.gestures), seed
        self.stance = Stance(ClipFrame(self._homes[State.LISTENING][0], -1))
        """How the body stands after the last frame. Put an earlier one back to take frames back."""

    # -- what may be asked for

    def gesture(self, name: str, when: Literal["now", "next"] = "now") -> None:
        """Make a gesture: "now" in place of whatever gesture runs or waits, "next" when those are over."""
        asked = tuple(wish for wish in self.stance.wishes if not wish.is_random)
        wishes = (Wish(name),) if when == "now" else (*asked, Wish(name))[:MOST_WISHES]
        released = self.stance.is_released or when == "now"
        self.stance = replace(self.stance, wishes=wishes, is_released=released, is_directed=True)

    def think(self) -> None:
        """An answer is being prepared: until the next word or interruption the avatar thinks."""
        self.stance = replace(self.stance, thinks=True)

    def interrupt(self) -> None:
        """Listen at once. Gestures not begun are forgotten, a running one may be left early."""
        self.stance = replace(self.stance, silent=REST_AFTER, thinks=False, wishes=(), is_released=True)

    def take_back(self, stance: Stance, was_interrupted: bool) -> None:
        """Stand as then; what was asked for since is still asked for, an interruption too."""
        since = self.stance
        self.stance = stance
        if was_interrupted:
            self.interrupt()
        asked = tuple(wish for wish in since.wishes if wish not in self.stance.wishes)
        wishes, thinks = (*self.stance.wishes, *asked), self.stance.thinks or since.thinks
        self.stance = replace(self.stance, wishes=wishes, thinks=thinks)

    # -- frame by frame

    def step(self, has_word: bool) -> Shot:
        """The next frame's shot; `has_word` says whether an utterance is being spoken."""
        stance = self._turn(self.stance, has_word)
        stance = self._chance(stance, has_word)
        fading = stance.before is not None
        self.stance = stance = self._play(self._end_fade(stance), fading)
        share = 1.0 if stance.before is None else (stance.faded + 1) / (stance.fade + 1)
        return Shot(stance.state, stance.now, stance.before, share, self._gesture(stance))

    def coming(self) -> Iterator[ClipFrame]:
        """The frames shown after the next cuts, the nearest first, so that decoders can be made ready."""
        stance, clip = self.stance, self._clips[self.stance.now.clip]
        left = clip.frames - stance.now.frame
        cuts = [(left, ClipFrame(stance.now.clip, 0))] if clip.loops else []
        if stance.way is not None:
            cuts.append((self._ways.frames_to(stance.now, stance.way.leave), stance.way.entry))
        for _, cut in sorted(cuts, key=lambda cut: cut[0]):
            yield cut

    def _turn(self, stance: Stance, has_word: bool) -> Stance:
        silent = 0 if has_word else stance.silent + 1
        thinks = stance.thinks and not has_word
        quiet = Heard.HUSH if silent >= REST_AFTER else Heard.PAUSE
        heard = Heard.WORD if has_word else Heard.THOUGHT if thinks else quiet
        state = TURNS[stance.state][heard]
        directed = stance.is_directed and state is State.SPEAKING
        return replace(stance, state=state, silent=silent, thinks=thinks, is_directed=directed)

    def _chance(self, stance: Stance, has_word: bool) -> Stance:
        """Wish for a gesture at random when it has been long enough since the last one."""
        if not self._random_gestures:
            return stance
        if stance.wishes and stance.wishes[0].is_random:
            fits = stance.state is State.SPEAKING and self._ways.leads(stance.now, stance.wishes[0].gesture)
            return stance if fits else replace(stance, wishes=())
        if stance.state is not State.SPEAKING:
            return stance
        if self._gesture(stance) or stance.wishes or stance.is_directed:
            return replace(stance, talked=0)
        if not has_word or stance.talked < SPACING[0]:
            return replace(stance, talked=stance.talked + has_word)
        chance = Random(f"{self._seed} {stance.chosen}")
        if stance.talked < chance.randint(*SPACING):
            return replace(stance, talked=stance.talked + 1)
        near = [name for name in self.gestures if self._ways.leads(stance.now, name)]
        if not near:
            return stance
        wish = Wish(chance.choice(near), is_random=True)
        return replace(stance, wishes=(wish,), chosen=stance.chosen + 1, talked=0)

    def _play(self, stance: Stance, fading: bool) -> Stance:
        """Play on, and leave for where the body is wanted where that can be done unseen, never in a fade."""
        aim = () if fading else self._aim(stance)
        way = stance.way if aim == stance.aim else self._way(stance, aim) if aim else None
        stance = replace(stance, aim=aim, way=way)
        if way is not None and way.leave == stance.now:
            return self._cut(stance, way)
        return replace(stance, now=self._after(stance.now))

    def _aim(self, stance: Stance) -> tuple[str, ...]:
        """The clips the body wants to change to; none while it may stay where it is, or must."""
        now = stance.now
        if now.frame < 0:
            return ()
        wish = stance.wishes[0] if stance.wishes else None
        aim = (wish.gesture,) if wish else self._homes[stance.state]
        if self._gesture(stance) is None:
            return () if now.clip in aim else aim
        goes_on = not stance.is_released and now.frame < self._ways.last_exit(now.clip, aim) - LEAD
        return () if goes_on else aim

    def _way(self, stance: Stance, aim: tuple[str, ...]) -> Way | None:
        """The way to one of the clips aimed at: an exit the package names, if one comes in time."""
        now, wish = stance.now, stance.wishes[0] if stance.wishes else None
        if wish is not None and wish.is_random:
            return self._ways.named(now, aim)
        patience: int | None = GESTURE_PATIENCE if wish else PATIENCE
        if wish is None and self._gesture(stance) is not None:
            patience = None  # hands come back by themselves
        return self._ways.named(now, aim, patience) or self._ways.made(now, aim, patience)

    def _cut(self, stance: Stance, way: Way) -> Stance:
        wishes = stance.wishes
        if wishes and way.entry.clip == wishes[0].gesture:
            wishes = wishes[1:]
        return replace(
            stance,
            now=way.entry,
            before=self._after(stance.now),
            fade=way.fade,
            faded=0,
            aim=(),
            way=None,
            wishes=wishes,
            is_released=False,
        )

    def _end_fade(self, stance: Stance) -> Stance:
        if stance.before is None:
            return stance
        faded = stance.faded + 1
        before = self._after(stance.before) if faded < stance.fade else None
        return replace(stance, before=before, faded=faded)

    def _gesture(self, stance: Stance) -> str | None:
        return stance.now.clip if stance.now.clip in self.gestures else None

    def _after(self, at: ClipFrame) -> ClipFrame:
        clip = self._clips[at.clip]
        if at.frame + 1 < clip.frames:
            return ClipFrame(at.clip, at.frame + 1)
        # a clip that does not close on itself holds its last frame until the director leaves it
        return ClipFrame(at.clip, 0 if clip.loops else at.frame)
