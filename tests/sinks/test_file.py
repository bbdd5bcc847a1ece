"""A written film is what was written: size, rate, colours, as much sound as picture; or nothing at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.errors import MediaError
from renderer.kernels import yuv420_to_bgrx
from renderer.sinks.file import Mp4File
from renderer.timeline import Timeline
from renderer.types import State, VideoFrame

COLOURS = {"red": (200, 30, 30), "skin": (201, 152, 131), "grey": (120, 120, 120), "blue": (20, 40, 220)}


def film(
    count: int, fps: Fraction = Fraction(25), rate: int = 48_000, colour: tuple[int, int, int] = (90, 120, 60)
) -> Iterator[VideoFrame]:
    """Frames of one colour, B G R A, with a 440 Hz tone."""
    timeline = Timeline(rate, fps)
    for i in range(count):
        pixels = np.empty((96, 128, 4), np.uint8)
        pixels[...] = (*colour[::-1], 255)
        at = np.arange(timeline.first_sample(i), timeline.first_sample(i + 1))
        sound = (0.3 * np.sin(2 * np.pi * 440 * at / rate)).astype(np.float32)
        yield VideoFrame(pixels, sound, i, State.SPEAKING)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def pictures(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as source:
        return list(source.decode(video=0))


def sound_samples(path: Path) -> int:
    with av.open(str(path)) as source:
        return sum(frame.samples for frame in source.decode(audio=0))


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30_000, 1001)], ids=str)
def test_frames_equal_sound_to_within_one_frame(tmp_path: Path, suffix: str, fps: Fraction) -> None:
    path = tmp_path / f"film{suffix}"
    with Mp4File(path, 128, 96, fps, 48_000) as out:
        for frame in film(60, fps):
            out.write(frame)
    with av.open(str(path)) as source:
        video, sound = source.streams.video[0], source.streams.audio[0]
        assert (video.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height, video.pix_fmt) == (128, 96, "yuv420p")
        assert video.average_rate == pytest.approx(fps, rel=1e-3)  # Matroska keeps milliseconds
        assert sound.rate == 48_000
    shown = pictures(path)
    assert len(shown) == 60
    assert [frame.time for frame in shown] == pytest.approx([float(i / fps) for i in range(60)], abs=1e-3)
    assert abs(sound_samples(path) / 48_000 - 60 / fps) < 1 / fps
    assert names(tmp_path) == [path.name]


def test_the_tone_is_heard_when_its_frame_shows(tmp_path: Path) -> None:
    """Two seconds of silence with one frame of tone: it comes back where it was, within a tenth frame."""
    path = tmp_path / "film.mp4"
    with Mp4File(path, 128, 96, Fraction(25), 48_000) as out:
        for frame in film(50):
            silent = VideoFrame(frame.pixels, frame.sound * 0, frame.index, frame.state)
            out.write(frame if frame.index == 30 else silent)
    with av.open(str(path)) as source:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in source.decode(audio=0)])
    loud = np.flatnonzero(np.abs(heard) > 0.1)
    assert loud[0] / 48_000 == pytest.approx(30 / 25, abs=0.004)
    assert loud[-1] / 48_000 == pytest.approx(31 / 25, abs=0.004)


@pytest.mark.parametrize("name", COLOURS)
def test_colours_come_back_by_the_tags_in_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / "film.mp4"
    with Mp4File(path, 128, 96, Fraction(25), 48_000) as out:
        for frame in film(5, colour=COLOURS[name]):
            out.write(frame)
    shown = pictures(path)[2]
    assert (shown.colorspace, shown.color_range) == (1, 1)  # BT.709, limited
    y, u, v = (
        np.frombuffer(memoryview(p), np.uint8).reshape(-1, p.line_size)[: p.height, : p.width]
        for p in shown.planes
    )
    pixels = np.empty((96, 128, 4), np.uint8)
    yuv420_to_bgrx(y, u, v, pixels)
    assert np.abs(pixels[48, 64, 2::-1].astype(int) - COLOURS[name]).max() <= 4


@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_three_channels_are_taken_in_the_order_told(tmp_path: Path, order: str) -> None:
    path = tmp_path / "film.mp4"
    with Mp4File(path, 128, 96, Fraction(25), 48_000, pixels="rgb" if order == "rgb" else "bgr") as out:
        for frame in film(3, colour=COLOURS["red"]):
            three = frame.pixels[..., 2::-1] if order == "rgb" else frame.pixels[..., :3]
            out.write(VideoFrame(np.ascontiguousarray(three), frame.sound, frame.index, frame.state))
    shown = pictures(path)[0].to_ndarray(format="rgb24")
    assert shown[48, 64, 0] > 150 > 80 > shown[48, 64, 2]


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_056, 192_000])
def test_every_rate_of_a_session_can_be_written(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "film.mp4"
    with Mp4File(path, 128, 96, Fraction(25), rate) as out:
        for frame in film(40, rate=rate):
            out.write(frame)
    with av.open(str(path)) as source:
        written = source.streams.audio[0].rate
    # One AAC packet of 1024 samples may be added to fill the last.
    assert abs(sound_samples(path) / written - 40 / 25) < max(1 / 25, 1025 / written)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_error_or_ctrl_c_leaves_nothing_and_spares_the_old_film(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"an older film")

    def write_and_stop() -> None:
        with Mp4File(path, 128, 96, Fraction(25), 48_000) as out:
            for frame in film(30):
                out.write(frame)
            raise error

    with pytest.raises(error):
        write_and_stop()
    assert names(tmp_path) == ["film.mp4"]
    assert path.read_bytes() == b"an older film"


def test_the_name_appears_only_when_the_film_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with Mp4File(path, 128, 96, Fraction(25), 48_000) as out:
        for frame in film(10):
            out.write(frame)
        assert not path.exists()
        assert all(name.startswith(".") for name in names(tmp_path))
    assert path.exists()


def test_a_film_without_frames_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(MediaError, match="without a frame"),
        Mp4File(tmp_path / "f.mp4", 64, 64, Fraction(25), 48_000),
    ):
        pass
    assert not names(tmp_path)


@pytest.mark.parametrize("name", ["film.avi", "film", "nowhere/film.mp4", "taken.mp4"])
def test_a_place_that_cannot_hold_a_film_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "taken.mp4").mkdir()
    with pytest.raises(MediaError, match=name):
        Mp4File(tmp_path / name, 64, 64, Fraction(25), 48_000)
    assert names(tmp_path) == ["taken.mp4"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(MediaError, match="cannot be written"):
        Mp4File(tmp_path / "film.mp4", 64, 64, Fraction(25), 48_000)


@pytest.mark.parametrize(("width", "height"), [(65, 64), (64, 63), (0, 64)])
def test_odd_sizes_are_refused(tmp_path: Path, width: int, height: int) -> None:
    with pytest.raises(MediaError, match="even sizes"):
        Mp4File(tmp_path / "film.mp4", width, height, Fraction(25), 48_000)


def test_a_frame_of_another_size_is_refused(tmp_path: Path) -> None:
    frame = next(film(1))
    with (
        pytest.raises(MediaError, match="frame 0 is"),
        Mp4File(tmp_path / "film.mp4", 64, 64, Fraction(25), 48_000) as out,
    ):
        out.write(frame)
    assert not names(tmp_path)
