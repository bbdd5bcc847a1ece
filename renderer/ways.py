"""Which way leads from one clip into another: the frame to leave at, the frame to enter at, and the fade.

The package names pairs of frames that look alike. Where none of them comes in time, a way is made: at the
frames within reach in which the face is nearest to where it will be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .package.manifest import Manifest
from .poses import Poses
from .stance import ClipFrame, Way

FADE = 6
"""Frames of the cross-fade where clips look alike."""

LONG_FADE = 12
"""The same where they do not."""

LEAD = 8
"""Frames (320 ms) to the exit at least, so that a decoder can be opened, in one of them, and brought to the
entry: at most 25 frames from a keyframe, three of them a frame (`clips.PREPARED_A_TICK`)."""

ALIKE = 0.03
"""Sides of the mouth crop: faces no further apart are near enough, and the soonest way is taken. Four
to six pixels at 720p; of the pairs that the studio named for Milo and Nora, five in six are nearer."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A way that could be taken."""

    frames: int
    """How many frames from now its last frame shows."""

    apart: float
    """How far the face has to move in its fade, in sides of the mouth crop."""

    way: Way

    @property
    def rank(self) -> tuple[float, int]:
        """The smaller, the better."""
        return max(self.apart, ALIKE), self.frames


class Ways:
    """All ways between the clips of a package.

    poses   how far faces are apart; without them all are taken to be alike
    """

    def __init__(self, manifest: Manifest, poses: Poses | None = None) -> None:
        self._clips, self._poses = manifest.clips, poses
        self._pairs = {(step.source, step.target): step.pairs for step in manifest.transitions}

    def leads(self, now: ClipFrame, target: str) -> bool:
        """Whether a named exit to `target` is still to come in the running clip."""
        pairs = self._pairs.get((now.clip, target), ())
        return bool(pairs) and (self._clips[now.clip].loops or pairs[-1][0] >= now.frame)

    def last_exit(self, clip: str, targets: Sequence[str]) -> int:
        """The last frame to show of a clip that does not loop, before changing to one of `targets`."""
        exits = [pair[0] for target in targets for pair in self._pairs.get((clip, target), ())]
        return max(exits, default=self._latest(clip))

    def named(self, now: ClipFrame, targets: Sequence[str], patience: int | None = None) -> Way | None:
        """The best way the package names within so many frames, or in all that are to come."""
        return _best(self._named(now, targets, patience))

    def made(self, now: ClipFrame, targets: Sequence[str], patience: int | None = None) -> Way:
        """The best one beside those: any frames within reach, of which the package knows nothing. Without a
        limit to patience it is the end of a clip that does not loop."""
        way = _best(choice for target in targets for choice in self._made(now, target, patience))
        assert way is not None
        return way

    def frames_to(self, now: ClipFrame, leave: ClipFrame) -> int:
        """How many frames from `now` a frame of the same clip shows."""
        return (leave.frame - now.frame) % self._clips[now.clip].frames

    def _named(self, now: ClipFrame, targets: Sequence[str], patience: int | None) -> Iterator[_Choice]:
        for target in targets:
            pairs = np.array(self._pairs.get((now.clip, target), ()), np.intp).reshape(-1, 2)
            frames = self._ahead(now, pairs[:, 0])
            near = frames >= 0 if patience is None else (frames >= 0) & (frames <= patience)
            for (leave, enter), wait in zip(pairs[near], frames[near], strict=True):
                way = Way(ClipFrame(now.clip, int(leave)), ClipFrame(target, int(enter)), FADE)
                apart = self._apart(now.clip, np.array([leave]), target, np.array([enter]))[0, 0]
                yield _Choice(int(wait), float(apart), way)

    def _made(self, now: ClipFrame, target: str, patience: int | None) -> Iterator[_Choice]:
        """For each frame in which the running clip may be left, the best entry."""
        leaves, enters = self._leaves(now, patience), self._enters(target)
        apart = self._apart(now.clip, leaves, target, enters)
        frames = self._ahead(now, leaves)
        for leave, wait, enter, far in zip(leaves, frames, apart.argmin(1), apart.min(1), strict=True):
            way = Way(ClipFrame(now.clip, int(leave)), ClipFrame(target, int(enters[enter])), LONG_FADE)
            yield _Choice(max(0, int(wait)), float(far), way)

    def _leaves(self, now: ClipFrame, patience: int | None) -> NDArray[np.intp]:
        """Frames in which to leave a clip where the package names none in time. Of a gesture rather those it
        names for other clips, or the last ones: there the hands are at rest."""
        clip = self._clips[now.clip]
        most = clip.frames if patience is None else patience
        if clip.loops:
            return (now.frame + LEAD + np.arange(max(1, min(most - LEAD, clip.frames)))) % clip.frames
        latest = max(now.frame, self._latest(now.clip))
        if clip.role == "gesture":
            named = {
                pair[0] for (source, _), pairs in self._pairs.items() if source == now.clip for pair in pairs
            }
            resting = [frame for frame in sorted(named or {latest}) if 0 <= frame - now.frame <= most]
            if resting:
                return np.array(resting, np.intp)
        last = min(now.frame + most, latest)
        return np.arange(min(now.frame + LEAD, last), last + 1)

    def _enters(self, target: str) -> NDArray[np.intp]:
        """Frames in which to enter a clip: a gesture before it begins to move."""
        clip = self._clips[target]
        if clip.role == "gesture":
            named = [pair[1] for (_, into), pairs in self._pairs.items() if into == target for pair in pairs]
            return np.arange(max(named, default=0) + 1)
        return np.arange(clip.frames if clip.loops else max(1, clip.frames - LONG_FADE))

    def _latest(self, clip: str) -> int:
        """The last frame in which to leave a clip that does not loop, if both are to move in the fade."""
        return max(0, self._clips[clip].frames - 1 - LONG_FADE)

    def _ahead(self, now: ClipFrame, leaves: NDArray[np.intp]) -> NDArray[np.intp]:
        """How many frames from now these show; negative if they have passed and do not come again."""
        ahead = leaves - now.frame
        return LEAD + (ahead - LEAD) % self._clips[now.clip].frames if self._clips[now.clip].loops else ahead

    def _apart(
        self, clip: str, leaves: NDArray[np.intp], target: str, enters: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """How far the face moves in a fade from each exit to each entry, shape (leaves, enters)."""
        if self._poses is None:
            return np.zeros((len(leaves), len(enters)), np.float32)
        frames = self._clips[clip].frames
        after = (leaves + 1) % frames if self._clips[clip].loops else np.minimum(leaves + 1, frames - 1)
        return self._poses.apart(clip, after, target, enters)


def _best(choices: Iterator[_Choice]) -> Way | None:
    best = min(choices, key=lambda choice: choice.rank, default=None)
    return None if best is None else best.way
