"""The async session says the same as the other one, and leaves the loop free."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from renderer.aio import AsyncSession
from renderer.avatar import Avatar
from renderer.errors import SessionClosed
from renderer.types import Samples, VideoFrame


async def take(session: AsyncSession, count: int) -> list[VideoFrame]:
    frames: list[VideoFrame] = []
    async for frame in session:
        frames.append(frame)
        if len(frames) == count:
            break
    return frames


def test_it_draws_what_render_draws(avatar: Avatar, speech: Samples) -> None:
    async def scene() -> list[VideoFrame]:
        async with avatar.async_session() as session:
            for at in range(0, len(speech), 1000):
                await session.push(speech[at : at + 1000], 16_000)
            await session.finish()
            return await take(session, 70)

    frames = asyncio.run(scene())
    first = next(frame.index for frame in frames if frame.utterance)
    film = list(avatar.render(speech, 16_000, before=first / 25))
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(frames, film, strict=False))
    assert all(np.array_equal(a.sound, b.sound) for a, b in zip(frames, film, strict=False))


def test_a_full_inbox_waits_without_blocking_the_loop(avatar: Avatar, speech: Samples) -> None:
    async def scene() -> tuple[int, bool]:
        async with avatar.async_session(queue_seconds=0.5) as session:
            feeding = asyncio.create_task(session.push(np.tile(speech, 5), 16_000))
            frames = await take(session, 100)
            was_done = feeding.done()
            session.interrupt()
            await feeding
            return len(frames), was_done

    assert asyncio.run(scene()) == (100, False)


def test_closing_ends_the_waiting_viewer_and_all_threads(avatar: Avatar) -> None:
    async def scene() -> int:
        session = avatar.async_session()
        viewer = asyncio.create_task(take(session, 10**9))
        await asyncio.sleep(0)
        await session.close()
        frames = await viewer
        with pytest.raises(SessionClosed):
            await session.push(np.zeros(10, np.float32), 16_000)
        return len(frames)

    before = threading.active_count()
    assert asyncio.run(scene()) < 10**9
    assert threading.active_count() == before


def test_calls_pass_on(avatar: Avatar) -> None:
    told: list[str] = []

    async def scene() -> None:
        async with avatar.async_session() as session:
            session.on("gesture_started", lambda name, **_: told.append(name))
            assert session.gestures == ("nod",)
            session.gesture("nod")
            session.set_volume(0.5)
            session.set_mouth(gain=1.2)
            session.set_background(None)
            session.think()
            session.pause()
            session.resume()
            await take(session, 40)
            assert session.statistics.frames == 40

    asyncio.run(scene())
    assert told == ["nod"]
