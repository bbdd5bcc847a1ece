"""Any frame of a clip can be reached from any other, and it is the right one."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from renderer.clips import DECODERS, FEW_DECODERS, PREPARED_A_TICK, Clips, _Decoder
from renderer.package.reader import open_package
from renderer.stance import ClipFrame

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
    decoder = _Decoder(io.BytesIO(path.read_bytes()), str(path), "clip", FRAMES)
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
    decoder = _Decoder(io.BytesIO(path.read_bytes()), str(path), "clip", FRAMES)
    positions = []
    for _ in range(20):
        decoder.approach(45, 3)
        positions.append(decoder.position)
    assert positions[0] == 27, "the keyframe, and two more"
    assert max(np.diff(positions)) == 3
    assert positions[-1] == 45
    decoder.close()


@pytest.fixture
def clips(tiny_avatar: Path) -> Iterator[Clips]:
    with open_package(tiny_avatar) as package:
        files = package.manifest.variants["portrait"].clips
        clips = Clips(package, {name: clip.video for name, clip in files.items()}, recent=3)
        yield clips
        clips.close()


@pytest.mark.parametrize("decoders", [FEW_DECODERS, DECODERS])
def test_whatever_is_shown_few_decoders_are_open_and_the_picture_is_right(
    tiny_avatar: Path, decoders: int
) -> None:
    with open_package(tiny_avatar) as package:
        videos = {name: files.video for name, files in package.manifest.variants["portrait"].clips.items()}
        clips = Clips(package, videos, recent=3, decoders=decoders)
        _show_anything(clips, decoders)
        clips.close()


def _show_anything(clips: Clips, decoders: int) -> None:
    lengths = {"listening": 14, "speaking": 18, "nod": 10}
    chance = random.Random(0)
    out, right = np.zeros((112, 64, 4), np.uint8), np.zeros((112, 64, 4), np.uint8)
    pictures = {}
    for name, length in lengths.items():
        for frame in range(length):
            clips.picture(ClipFrame(name, frame), right)
            pictures[ClipFrame(name, frame)] = right.copy()
    for _ in range(40):
        name = chance.choice(list(lengths))
        first = chance.randrange(lengths[name])
        for frame in range(first, min(lengths[name], first + chance.randrange(12))):
            clips.picture(ClipFrame(name, frame), out)
            assert np.array_equal(out, pictures[ClipFrame(name, frame)])
            clips.prepare(chance.sample(list(pictures), 2))
            assert len(clips._decoders) <= decoders


def test_a_foreseen_cut_costs_no_more_than_any_other_frame(
    clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gesture's decoder used to be opened in the frame that showed it: 15 to 23 ms."""
    decoded, opened = [], []
    read, start = _Decoder._read, _Decoder.__init__

    def counted(self: _Decoder) -> Any:
        decoded.append(self.clip)
        return read(self)

    def noted(self: _Decoder, *args: Any) -> None:
        opened.append(len(decoded))
        start(self, *args)

    monkeypatch.setattr(_Decoder, "_read", counted)
    monkeypatch.setattr(_Decoder, "__init__", noted)
    out = np.zeros((112, 64, 4), np.uint8)
    cut = ClipFrame("nod", 7)
    shown = [ClipFrame("listening", frame) for frame in range(4)] + [cut, ClipFrame("nod", 8)]
    costs = []
    for at in shown:
        before = len(decoded)
        clips.picture(at, out)
        costs.append((len(decoded) - before, len(opened)))
        clips.prepare([cut] if at.clip == "listening" else [])
        assert len(decoded) - before <= 1 + PREPARED_A_TICK
    assert costs == [(1, 1), (1, 2), (1, 2), (1, 2), (1, 2), (1, 2)]
    assert opened == [0, 1], "opened where nothing else was prepared"


def test_frames_drawn_anew_do_not_send_the_running_decoder_away(
    clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come from memory, so that the decoder seems idle."""
    out = np.zeros((112, 64, 4), np.uint8)
    for frame in range(5):
        clips.picture(ClipFrame("listening", frame), out)
        clips.prepare([])
    for frame in (3, 4) * 6:
        clips.picture(ClipFrame("listening", frame), out)
        clips.prepare([ClipFrame("listening", 0)])
    sought: list[int] = []
    monkeypatch.setattr(_Decoder, "_seek", lambda _, frame: sought.append(frame))
    clips.picture(ClipFrame("listening", 5), out)
    assert sought == []
