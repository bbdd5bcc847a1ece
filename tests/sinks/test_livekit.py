"""The avatar speaks LiveKit's types, and LiveKit's own synchroniser takes what it gives."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from renderer.avatar import Avatar
from renderer.types import Samples

pytestmark = pytest.mark.filterwarnings("ignore")  # LiveKit's and those of what it brings
agents: Any = pytest.importorskip("livekit.agents.voice.avatar", exc_type=ImportError)

RATE = 24_000


async def push(video: Any, speech: Samples) -> None:
    """As the runner does: frames of 20 ms."""
    from livekit import rtc

    pcm = (speech * 32767).astype(np.int16)
    for first in range(0, len(pcm), 480):
        piece = pcm[first : first + 480]
        await video.push_audio(rtc.AudioFrame(piece.tobytes(), RATE, 1, len(piece)))
    await video.push_audio(agents.AudioSegmentEnd())


async def until_said(video: Any, most: int = 200) -> list[Any]:
    """What it gives up to the end of a segment."""
    given: list[Any] = []
    async for item in video:
        given.append(item)
        if isinstance(item, agents.AudioSegmentEnd) or len(given) > most:
            return given
    return given


def test_a_segment_is_said_and_its_end_told(avatar: Avatar, speech: Samples) -> None:
    from livekit import rtc

    from renderer.sinks.livekit import AvatarVideo

    async def scene() -> list[Any]:
        async with avatar.async_session(pixels="bgra") as session:
            video = AvatarVideo(session)
            assert isinstance(video, agents.VideoGenerator)
            assert (video.options.video_width, video.options.video_height) == (160, 96)
            await push(video, speech[:24_000])
            return await until_said(video)

    given = asyncio.run(scene())
    pictures = [item for item in given if isinstance(item, rtc.VideoFrame)]
    sounds = [item for item in given if isinstance(item, rtc.AudioFrame)]
    assert isinstance(given[-1], agents.AudioSegmentEnd)
    assert len(sounds) == 25
    assert sum(sound.duration for sound in sounds) == pytest.approx(1.0)
    assert (pictures[0].width, pictures[0].height) == (160, 96)
    assert len(pictures[0].data) == 160 * 96 * 4
    assert np.frombuffer(sounds[10].data, np.int16).any()


def test_a_cleared_buffer_is_silent_and_no_end(avatar: Avatar, speech: Samples) -> None:
    from livekit import rtc

    from renderer.sinks.livekit import AvatarVideo

    async def scene() -> list[Any]:
        async with avatar.async_session(pixels="bgra") as session:
            video = AvatarVideo(session)
            await push(video, speech)
            given = []
            async for item in video:
                given.append(item)
                if sum(isinstance(one, rtc.AudioFrame) for one in given) == 10:
                    break
            video.clear_buffer()
            return await until_said(video, most=40)

    given = asyncio.run(scene())
    assert all(isinstance(item, rtc.VideoFrame) for item in given)


def test_livekits_synchroniser_takes_it(avatar: Avatar, speech: Samples) -> None:
    from livekit import rtc

    from renderer.sinks.livekit import AvatarVideo

    async def scene() -> int:
        async with avatar.async_session(pixels="bgra") as session:
            video = AvatarVideo(session)
            options = video.options
            sound = rtc.AudioSource(options.audio_sample_rate, options.audio_channels, queue_size_ms=100)
            picture = rtc.VideoSource(options.video_width, options.video_height)
            sync = rtc.AVSynchronizer(audio_source=sound, video_source=picture, video_fps=options.video_fps)
            await push(video, speech[:12_000])
            taken = 0
            async for item in video:
                if isinstance(item, agents.AudioSegmentEnd):
                    break
                await sync.push(item)
                taken += 1
            await sync.aclose()
            await sound.aclose()
            await picture.aclose()
            return taken

    assert asyncio.run(scene()) >= 25


def test_frames_livekit_cannot_take_are_refused(avatar: Avatar) -> None:
    from renderer.sinks.livekit import AvatarVideo

    async def scene() -> None:
        async with avatar.async_session(pixels="rgb") as session:
            with pytest.raises(ValueError, match="pixels='bgra'"):
                AvatarVideo(session)

    asyncio.run(scene())
