"""An opened avatar: verified, warmed up, ready for any number of sessions and films."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from .audio import check_rate, read_sound
from .backdrop import Background, check_backdrop, make_backdrop
from .clips import DECODERS, FEW_DECODERS
from .director import Director
from .errors import AvatarError, SessionClosed
from .face import Face
from .kernels import warm_up
from .lips import LipDecoder
from .memory import give_back, let_go_of_the_compiler
from .mouth import MouthNetwork, MouthStream
from .package.manifest import Manifest, Variant
from .package.reader import Package, open_package
from .pipeline import Pipeline
from .poses import Poses
from .resources import mouth_network
from .session import Session
from .settings import FPS, Settings
from .store import find_avatar
from .timeline import Timeline
from .types import Cue, VideoFrame
from .utterances import Utterances
from .voices.choosing import VoiceChoice, open_voice
from .voices.script import check_gestures
from .voices.speaking import speech
from .voices.ssml import parse

if TYPE_CHECKING:
    from .aio import AsyncSession

_Piece = tuple[NDArray[Any], int, tuple[Cue, ...]]  # sound, its samples a second, what happens in it

LONGEST_PAUSE = 3600.0
"""Seconds of listening a film may have before or after its speech."""


def open_avatar(name: str | Path | None = None) -> Avatar:
    """Open an avatar by name, path or http(s) address; the one that ships with the program if left out.

    What is elsewhere is fetched once and kept (docs/fetch.md). The package is checked whole before anything
    in it is used. Raises AvatarNotFound, AvatarError or DownloadError.
    """
    kernels = threading.Thread(target=warm_up, name="avatar-kernels")
    kernels.start()  # beside the reading of files: both take a few tenths of a second
    try:
        package = open_package(find_avatar(name))
        try:
            avatar = Avatar(package)
        except BaseException:
            package.close()
            raise
    finally:
        kernels.join()
    let_go_of_the_compiler()
    return avatar


class Avatar:
    """One person, shared by all its sessions. What is in it never changes."""

    def __init__(self, package: Package) -> None:
        if package.manifest.rate != FPS:
            raise AvatarError(
                f"{package.path}: {package.manifest.fps} frames a second; this renderer plays {FPS}; "
                "build the avatar again"
            )
        self._package = package
        self._is_open = True
        self._mouth = MouthNetwork.open(mouth_network())
        self._lips = LipDecoder(package)
        self._poses = Poses.of(package)

    @property
    def manifest(self) -> Manifest:
        """What the package says about itself."""
        return self._package.manifest

    @property
    def gestures(self) -> tuple[str, ...]:
        """Names of the gestures it has."""
        return tuple(name for name, clip in self.manifest.clips.items() if clip.role == "gesture")

    def variant(self, settings: Settings | None = None) -> tuple[str, Variant]:
        """The variant these settings choose, with its name. Raises AvatarError if there is none such."""
        variants = self.manifest.variants
        name = (settings or Settings()).variant or next(iter(variants))
        if name not in variants:
            raise AvatarError(f"{self._package.path}: no variant {name!r}; it has {', '.join(variants)}")
        return name, variants[name]

    def session(self, settings: Settings | None = None, **changes: Any) -> Session:
        """Begin a live session; any field of `Settings` may be given by name."""
        chosen = replace(settings or Settings(), **changes)
        return Session(self._pipeline(chosen, recent=chosen.queue_frames + 2), chosen)

    def async_session(self, settings: Settings | None = None, **changes: Any) -> AsyncSession:
        """The same, for programs that run on asyncio."""
        from .aio import AsyncSession  # asyncio takes 30 ms of a start, and few need it

        return AsyncSession(self.session(settings, **changes))

    def render(
        self,
        sound: Path | str | NDArray[Any],
        sample_rate: int | None = None,
        settings: Settings | None = None,
        *,
        before: float = 0.0,
        after: float = 0.0,
        background: Background | None = None,
    ) -> Iterator[VideoFrame]:
        """Draw a whole recording, as fast as it goes: no clock, no threads.

        `sound` is a file, or an array as for `Session.push` together with its `sample_rate`. `before` and
        `after` are seconds of listening around it; `background` is as for `Session.set_background`. There are
        exactly as many frames as the sound needs.
        """
        chosen = settings or Settings()
        pieces: Iterator[_Piece]
        if isinstance(sound, (str, Path)):
            pieces = ((piece, chosen.sound_rate, ()) for piece in read_sound(sound, chosen.sound_rate))
        elif sample_rate is None:
            raise ValueError("sound given as an array needs its sample_rate")
        else:
            pieces = iter([(sound, check_rate(sample_rate), ())])
        return self._film(pieces, chosen, before, after, background)

    def render_text(
        self,
        text: str,
        voice: VoiceChoice = None,
        settings: Settings | None = None,
        *,
        before: float = 0.0,
        after: float = 0.0,
        background: Background | None = None,
    ) -> Iterator[VideoFrame]:
        """Draw a text, plain or SSML, being said, as `render` draws sound. Raises what `Session.say` does."""
        chosen = settings or Settings()
        script = parse(text)
        check_gestures(script, self.gestures)
        spoken = speech(script, open_voice(voice))
        pieces = ((piece.samples, piece.sample_rate, piece.cues) for piece in spoken)
        return self._film(pieces, chosen, before, after, background)

    def _film(
        self,
        pieces: Iterator[_Piece],
        settings: Settings,
        before: float,
        after: float,
        background: Background | None,
    ) -> Iterator[VideoFrame]:
        for seconds in (before, after):
            if not 0 <= seconds <= LONGEST_PAUSE:
                raise ValueError(f"{seconds} seconds of listening; 0 to {LONGEST_PAUSE:.0f} expected")
        return self._drawn(pieces, settings, before, after, background)

    def _drawn(
        self,
        pieces: Iterator[_Piece],
        settings: Settings,
        before: float,
        after: float,
        background: Background | None,
    ) -> Iterator[VideoFrame]:
        pipeline = self._pipeline(settings)
        try:
            face = pipeline.face
            backdrop = None if background is None else make_backdrop(background, *face.size)
            check_backdrop(backdrop, face.has_matte, settings.pixels)
            face.backdrop = backdrop
            for _ in range(round(before * FPS)):
                yield pipeline.idle()
            for samples, rate, cues in pieces:
                yield from pipeline.push(samples, rate, cues)
            yield from pipeline.finish()
            for _ in range(round(after * FPS)):
                yield pipeline.idle()
        finally:
            pipeline.close()

    def close(self) -> None:
        """Give files, networks and memory back. Sessions must be closed before."""
        if not self._is_open:
            return
        self._is_open = False
        self._package.close()
        del self._mouth, self._lips
        gc.collect()  # else small objects in cycles pin 4 MB around them for each avatar closed
        give_back()

    def __enter__(self) -> Avatar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pipeline(self, settings: Settings, recent: int = 0) -> Pipeline:
        if not self._is_open:
            raise SessionClosed("this avatar is closed; open it again with open_avatar()")
        name, _ = self.variant(settings)
        timeline = Timeline(settings.sound_rate, self.manifest.rate)
        return Pipeline(
            Face(self._package, name, self._lips, recent, FEW_DECODERS if settings.low_memory else DECODERS),
            Director(self.manifest, settings.random_gestures, settings.seed, self._poses),
            Utterances(MouthStream(self._mouth, settings.mouth_gain, settings.articulation), timeline),
            timeline,
            settings,
        )
