"""PortAudio, which loudspeakers and microphones share.

It lists devices once, when it begins, and ends every stream when it begins anew. So the list is made anew for
a lost device only while nothing else of ours plays or listens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

_lock = threading.Lock()
_streams: set[int] = set()


def begin_stream(open_stream: Callable[[Any], Any], look_again: bool = False) -> Any:
    """A started stream of sounddevice.

    open_stream  makes it of the module, not started
    look_again   look for devices plugged in since PortAudio began, if that may be

    Raises ImportError or OSError without PortAudio, and what sounddevice raises without the device.
    """
    import sounddevice  # needs the library of the system

    with _lock:
        if look_again and not _streams:
            sounddevice._terminate()
            sounddevice._initialize()
        stream = open_stream(sounddevice)
        try:
            stream.start()
        except BaseException:
            stream.close()
            raise
        _streams.add(id(stream))
        return stream


def end_stream(stream: Any) -> None:
    """Stop it at once and give the device back. Safe to call twice."""
    with _lock:
        if id(stream) not in _streams:
            return
        _streams.discard(id(stream))
        stream.abort()
        stream.close()
