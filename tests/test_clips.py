"""Any frame of a clip can be reached from any other, and it is the right one."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.clips import _Decoder

FRAMES = 70


def film(path: Path, options: dict[str, str]) -> Path:
    """Grey pictures whose brightness is 2 per frame, a keyframe every 12 frames."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.options = {"crf": "1", **options}
        for number in range(FRAMES):
            grey = np.full((72, 64), 128, np.uint8)  # I420: 48 rows of luma, 24 of chroma
            grey[:48] = 40 + 2 * number
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="yuv420p")))
        container.mux(stream.encode(None))
    return path


def number_of(frame: av.VideoFrame) -> int:
    return round((float(frame.to_ndarray()[:48].mean()) - 40) / 2)


@pytest.mark.parametrize(
    "options",
    [
        {"x264-params": "keyint=12:min-keyint=12:scenecut=0:bframes=0"},
        {"x264-params": "keyint=12:min-keyint=12:scenecut=0:bframes=3:open-gop=0"},
        # frames before a keyframe are stored behind it: a seek had found no frame early enough, for ever
        {"x264-params": "keyint=12:min-keyint=12:scenecut=0:bframes=3:open-gop=1"},
    ],
    ids=["no B-frames", "closed groups", "open groups"],
)
def test_every_jump_lands_on_its_frame(tmp_path: Path, options: dict[str, str]) -> None:
    path = film(tmp_path / "clip.mp4", options)
    decoder = _Decoder(io.BytesIO(path.read_bytes()), str(path), FRAMES)
    chance = np.random.default_rng(0)
    for frame in [*chance.integers(0, FRAMES, 120), 12, 6, 11, 23, 0, FRAMES - 1]:
        for ready in range(int(chance.integers(0, 3))):
            decoder.approach(int(frame), ready)
        decoder.go_to(int(frame))
        assert decoder.position == frame
        assert number_of(decoder.decode()) == frame
    decoder.close()


def test_approaching_takes_a_few_frames_at_a_time(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4", {"x264-params": "keyint=25:min-keyint=25:scenecut=0:bframes=0"})
    decoder = _Decoder(io.BytesIO(path.read_bytes()), str(path), FRAMES)
    positions = []
    for _ in range(20):
        decoder.approach(45, 3)
        positions.append(decoder.position)
    assert positions[0] == 27, "the keyframe, and two more"
    assert max(np.diff(positions)) == 3
    assert positions[-1] == 45
    decoder.close()
