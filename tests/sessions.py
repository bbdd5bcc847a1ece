"""What tests of sessions share."""

from __future__ import annotations

import threading
from itertools import islice
from pathlib import Path

import numpy as np

from renderer.session import Session
from renderer.types import Samples, VideoFrame

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


def until_spoken(session: Session) -> list[VideoFrame]:
    """Frames until an utterance has been said to its end."""
    over = threading.Event()
    session.on("speech_ended", lambda interrupted: None if interrupted else over.set())
    frames: list[VideoFrame] = []
    for frame in islice(session, 2000):
        if over.is_set():
            return frames
        frames.append(frame)
    raise AssertionError("the utterance never ended")


def heard(frames: list[VideoFrame]) -> Samples:
    return np.concatenate([frame.sound for frame in frames])
