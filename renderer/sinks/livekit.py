"""The avatar as a LiveKit participant: what `livekit.agents.voice.avatar.AvatarRunner` asks frames of.

    session = avatar.async_session(pixels="bgra")
    video = AvatarVideo(session)
    runner = AvatarRunner(room, audio_recv=..., video_gen=video, options=video.options)

The runner paces; speech reaches it as the agent's voice makes it, and an interruption clears it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import numpy as np

from ..aio import AsyncSession
from ..errors import MissingExtra
from ..settings import FPS
from ..types import Samples

try:
    from livekit import rtc
    from livekit.agents.voice.avatar import AudioSegmentEnd, AvatarOptions, VideoGenerator
except ImportError as error:
    raise MissingExtra(f"no LiveKit ({error}); pip install 'avatar-renderer[livekit]'") from error


class AvatarVideo(VideoGenerator):  # type: ignore[misc] # LiveKit is not there when types are checked
    """Speech in, pictures and sound out, in LiveKit's types. The session must give B G R A frames.

    Pictures never end: the avatar listens. Sound comes while it speaks, and `AudioSegmentEnd` when a segment
    was said to its end. Closing the session is the caller's.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        if session.settings.pixels != "bgra":
            raise ValueError(f"{session.settings.pixels} frames; open the session with pixels='bgra'")
        self._is_said = False
        session.on("speech_ended", self._end)

    @property
    def options(self) -> Any:
        """What the runner wants to know beforehand."""
        width, height = self._session.size
        rate = self._session.settings.sound_rate
        return AvatarOptions(width, height, float(FPS), rate, 1)

    async def push_audio(self, frame: Any) -> None:
        """Say an `rtc.AudioFrame`, or finish with `AudioSegmentEnd`."""
        if isinstance(frame, AudioSegmentEnd):
            await self._session.finish()
            return
        pcm = np.frombuffer(frame.data, np.int16).reshape(-1, frame.num_channels)
        await self._session.push(pcm, frame.sample_rate)

    def clear_buffer(self) -> None:
        """Stop talking now."""
        self._session.interrupt()

    async def __aiter__(self) -> AsyncIterator[Any]:
        """`rtc.VideoFrame`, and while it speaks `rtc.AudioFrame`, one for each picture."""
        async for frame in self._session:
            if self._is_said:
                self._is_said = False
                yield AudioSegmentEnd()
            height, width, _ = frame.pixels.shape
            pixels = frame.pixels.reshape(-1).data
            yield rtc.VideoFrame(width, height, rtc.VideoBufferType.BGRA, pixels)
            if frame.utterance is not None:
                yield self._sound(frame.sound)

    def _sound(self, samples: Samples) -> Any:
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16)
        return rtc.AudioFrame(pcm.tobytes(), self._session.settings.sound_rate, 1, len(pcm))

    def _end(self, interrupted: bool) -> None:
        self._is_said = not interrupted  # the runner itself tells of what was cut
