"""avatar-renderer turns speech into a talking face, live, on an ordinary CPU.

from renderer import open_avatar

with open_avatar() as avatar, avatar.session() as session:
    session.push(pcm, sample_rate=24_000)
    session.finish()
    for frame in session:
        show(frame.pixels)
        play(frame.sound)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .aio import AsyncSession
    from .avatar import Avatar, open_avatar
    from .errors import AvatarError, RendererError
    from .listening import Listener, Puppet
    from .session import Session
    from .settings import Settings
    from .sources.source import open_source
    from .types import Cue, State, VideoFrame, Word
    from .voices.choosing import open_voice

__all__ = [
    "AsyncSession",
    "Avatar",
    "AvatarError",
    "Cue",
    "Listener",
    "Puppet",
    "RendererError",
    "Session",
    "Settings",
    "State",
    "VideoFrame",
    "Word",
    "open_avatar",
    "open_source",
    "open_voice",
]

_ROOMS = {
    "Avatar": "avatar",
    "AsyncSession": "aio",
    "AvatarError": "errors",
    "Cue": "types",
    "Listener": "listening",
    "Puppet": "listening",
    "RendererError": "errors",
    "Session": "session",
    "Settings": "settings",
    "State": "types",
    "VideoFrame": "types",
    "Word": "types",
    "open_avatar": "avatar",
    "open_source": "sources.source",
    "open_voice": "voices.choosing",
}


def __getattr__(name: str) -> object:
    """Load a room when it is first asked for: the networks' and kernels' libraries take half a second."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)
