"""What goes through the pipe comes out of it, for PyAV and for the real ffmpeg."""

from __future__ import annotations

import io
import shutil
import subprocess
from fractions import Fraction

import av
import numpy as np
import pytest

from renderer.sinks.pipe import write_stream
from renderer.timeline import Timeline
from renderer.types import State, VideoFrame

TIMELINE = Timeline(48_000, Fraction(25))


def frames(count: int) -> list[VideoFrame]:
    chance = np.random.default_rng(0)
    return [
        VideoFrame(
            chance.integers(0, 256, (48, 64, 3), np.uint8),
            chance.uniform(-0.5, 0.5, 1920).astype(np.float32),
            index,
            State.LISTENING,
        )
        for index in range(count)
    ]


def test_every_pixel_and_sample_arrives() -> None:
    sent, file = frames(10), io.BytesIO()
    assert write_stream(file, sent, TIMELINE) == 10
    file.seek(0)
    with av.open(file) as container:
        assert container.streams.video[0].average_rate == 25
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert np.array_equal(pictures, [frame.pixels for frame in sent])
    file.seek(0)
    with av.open(file) as container:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]) / 32767
    assert np.abs(heard - np.concatenate([frame.sound for frame in sent])).max() <= 0.5 / 32767 + 1e-6


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    class Closed(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    assert write_stream(Closed(), frames(3), TIMELINE) < 3


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg here")
def test_ffmpeg_reads_it_without_being_told_anything() -> None:
    file = io.BytesIO()
    sent = frames(5)
    write_stream(file, sent, TIMELINE)
    told = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        input=file.getvalue(),
        capture_output=True,
        check=True,
    )
    assert told.stdout == b"".join(frame.pixels.tobytes() for frame in sent)
