"""Films are opened upright, at 25 frames a second, or refused with a reason."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from faces import write_film
from needs import studio
from numpy.typing import NDArray

from renderer.errors import StudioError
from renderer.studio.footage import LARGEST_SIDE, pictures, probe

pytestmark = studio


def ramp(count: int, width: int = 64, height: int = 48) -> list[NDArray[np.uint8]]:
    """Grey pictures, each a little brighter than the one before."""
    return [np.full((height, width, 3), 20 + number, np.uint8) for number in range(count)]


def test_probe_says_what_the_film_is(tmp_path: Path) -> None:
    footage = probe(write_film(tmp_path / "a.mp4", ramp(110), sound=True))
    assert (footage.width, footage.height, footage.turned) == (64, 48, 0)
    assert (footage.codec, footage.container, footage.fps) == ("h264", "mov", 25.0)
    assert footage.duration == pytest.approx(4.4, abs=0.05)
    assert footage.has_sound
    assert not footage.has_alpha


@pytest.mark.parametrize(
    "fps", [Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(50), Fraction(10)]
)
def test_pictures_are_the_nearest_in_time_at_25_a_second(tmp_path: Path, fps: Fraction) -> None:
    count = int(fps * Fraction(21, 5))
    footage = probe(write_film(tmp_path / "a.mp4", ramp(count), fps))
    brightness = np.array([picture.mean() for picture in pictures(footage)]) - 20
    assert len(brightness) == pytest.approx(count / fps * 25, abs=1)
    due = np.minimum(np.arange(len(brightness)) / 25 * float(fps), count - 1)
    assert np.abs(brightness - due).max() <= 0.5 + 1.0  # half a frame, and what coding loses


def test_pictures_are_turned_upright(tmp_path: Path) -> None:
    # phones store portrait films lying down, with a matrix that stands them up
    picture = np.full((48, 96, 3), 40, np.uint8)
    picture[:, :32] = 220
    path = write_film(tmp_path / "phone.mp4", [picture] * 105)
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    clockwise = (0, 1 << 16, 0, -1 << 16, 0, 0, 48 << 16, 0, 1 << 30)
    data[matrix : matrix + 36] = struct.pack(">9i", *clockwise)
    path.write_bytes(bytes(data))
    footage = probe(path)
    assert (footage.width, footage.height, footage.turned) == (48, 96, 90)
    upright = next(pictures(footage))
    assert upright.shape == (96, 48, 3)
    assert upright[:28].mean() > 200  # what was left is on top
    assert upright[36:].mean() < 60


def test_pictures_larger_than_needed_are_made_smaller(tmp_path: Path) -> None:
    footage = probe(write_film(tmp_path / "a.mp4", ramp(100, 1600, 1200)))
    assert (footage.width, footage.height) == (1440, LARGEST_SIDE)
    assert next(pictures(footage)).shape == (LARGEST_SIDE, 1440, 3)


def test_a_broken_off_film_gives_the_pictures_it_has(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mkv", ramp(150))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 4])
    with av.open(str(path)) as container:
        assert container.streams.video
    count = sum(1 for _ in pictures(probe(path)))
    assert 0 < count <= 150


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("not a film " * 100)
    with av.open(str(tmp_path / "sound.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.int16), "s16", "mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
    write_film(tmp_path / "short.mp4", ramp(50))
    reasons = {
        "missing.mp4": "no such file",
        "empty.mp4": "0 bytes",
        "text.mp4": "not a film",
        "sound.wav": "only sound",
        "short.mp4": "2.0 s long",
    }
    for name, reason in reasons.items():
        with pytest.raises(StudioError, match=reason):
            probe(tmp_path / name)
