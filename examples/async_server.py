"""The same on asyncio: one task pushes speech as it arrives, another one hands frames on.

python examples/async_server.py speech.wav
"""

import asyncio
import sys

from renderer import open_avatar
from renderer.audio import load_sound

RATE = 24_000


async def listen(session, speech):
    """Stands for a connection over which speech comes in portions of 20 ms."""
    for first in range(0, len(speech), RATE // 50):
        await session.push(speech[first : first + RATE // 50], RATE)
        await asyncio.sleep(0)
    await session.finish()


async def main():
    speech = load_sound(sys.argv[1], RATE)[: 2 * RATE]
    with open_avatar() as avatar:
        async with avatar.async_session(variant="540p") as session:
            listening = asyncio.create_task(listen(session, speech))
            sent = 0
            async for frame in session:
                sent += frame.utterance is not None  # send frame.pixels and frame.sound here
                if frame.utterance is None and sent:
                    break
            await listening
            print(f"sent {sent} frames of speech, {sent / 25:.2f} s")


asyncio.run(main())
