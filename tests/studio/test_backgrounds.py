"""The background is kept, keyed or taken away by a matte; what does not go together is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from faces import draw, write_film
from needs import studio
from numpy.typing import NDArray
from test_build import DrawnFaces, film, options

from renderer.avatar import open_avatar
from renderer.errors import StudioError
from renderer.package.reader import open_package
from renderer.settings import Settings
from renderer.studio.build import build_avatar
from renderer.studio.footage import pictures_with_alpha, probe
from renderer.studio.matte.colours import NEUTRAL
from renderer.studio.matte.cutout import background_of

pytestmark = studio
__all__ = ["film"]

Picture = NDArray[np.uint8]


def head(points: NDArray[np.float32]) -> Picture:
    """The true matte of `faces.draw`: the face alone, shape (256, 320)."""
    y, x = np.mgrid[:256, :320].astype(np.float32)
    middle = points[[33, 263], :2].mean(axis=0)
    inside = ((x - middle[0]) / 80 / 0.85) ** 2 + ((y - middle[1]) / 80 / 1.3 - 0.3) ** 2 < 1
    return np.asarray(255 * inside, np.uint8)


def write_alpha(path: Path, codec: str, pixels: str, pictures: list[Picture]) -> Path:
    """A film of R G B A pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixels
        if codec == "libvpx-vp9":
            stream.options = {"crf": "10", "b": "0", "deadline": "realtime", "cpu-used": "8"}
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgba").reformat(format=pixels)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [("a.webm", "libvpx-vp9", "yuva420p"), ("a.mov", "prores_ks", "yuva444p10le")],
)
def test_mattes_inside_films_are_read(tmp_path: Path, name: str, codec: str, pixels: str) -> None:
    picture = np.full((64, 96, 4), (200, 60, 40, 0), np.uint8)
    picture[16:48, 24:72, 3] = 255
    picture[16:48, 48:72, 3] = 128
    footage = probe(write_alpha(tmp_path / name, codec, pixels, [picture] * 110))
    assert footage.has_alpha
    assert background_of(footage, None, None) == "matte"
    assert background_of(footage, "keep", None) == "keep"
    colour, alpha = list(pictures_with_alpha(footage))[50]
    assert alpha.shape == (64, 96)
    assert np.abs(alpha.astype(int) - picture[..., 3])[20:44, 30:44].max() <= 4
    assert np.abs(alpha.astype(int) - picture[..., 3])[20:44, 54:66].max() <= 6
    assert alpha[:8].max() <= 4
    assert np.abs(colour[30, 36].astype(int) - (200, 60, 40)).max() <= 12


def test_a_matte_of_another_size_or_length_is_refused(tmp_path: Path) -> None:
    black = np.zeros((96, 128, 3), np.uint8)
    footage = probe(write_film(tmp_path / "a.mp4", [black] * 110))
    whole = write_film(tmp_path / "whole.mp4", [black] * 110)
    assert background_of(footage, None, whole) == "matte"
    faults = {
        "128x64 for the film's 128x96": write_film(tmp_path / "small.mp4", [black[:64]] * 110),
        r"4\.\d+ s for": write_film(tmp_path / "short.mp4", [black] * 105),
        "30.00 frames a second for 25.00": write_film(tmp_path / "fast.mp4", [black] * 132, Fraction(30)),
    }
    for fault, matte in faults.items():
        with pytest.raises(StudioError, match=f"{fault}.*exactly the film's size"):
            background_of(footage, None, matte)
    with pytest.raises(StudioError, match="leave one of them out"):
        background_of(footage, "green", whole)
    with pytest.raises(StudioError, match="no matte in it"):
        background_of(footage, "matte", None)
    with pytest.raises(StudioError, match="one of keep, green, white, matte"):
        background_of(footage, "blue", None)  # type: ignore[arg-type]


def built(film: Path, tmp_path: Path, **changed: Any) -> Path:
    target = tmp_path / "anna.avatar"
    build_avatar(film, target, options(tmp_path / "work", **changed))
    return target


def listened(target: Path, background: Any) -> Picture:
    with open_avatar(target) as avatar:
        silence = np.zeros(16_000, np.int16)
        shown = avatar.render(silence, 16_000, Settings(pixels="rgb"), background=background)
        return next(iter(shown)).pixels.copy()


def test_a_supplied_matte_puts_the_person_before_any_background(film: Path, tmp_path: Path) -> None:
    mattes = [np.repeat(head(points)[..., None], 3, axis=2) for points in DrawnFaces.points]
    matte = write_film(tmp_path / "matte.mp4", mattes)
    target = built(film, tmp_path, matte=matte)
    with open_package(target) as package:
        manifest = package.manifest
        assert manifest.background == "#{:02x}{:02x}{:02x}".format(*NEUTRAL)
        for files in (files for v in manifest.variants.values() for files in v.clips.values()):
            assert files.alpha is not None
            shown = []
            for part in (files.video, files.alpha):
                with package.open(part) as file, av.open(file) as container:
                    shown.append([f.to_ndarray(format="rgb24") for f in container.decode(video=0)])
            for colour, alpha in zip(*shown, strict=True):
                # skin and never the wall, in every frame
                assert colour[alpha[..., 1] > 250].astype(int).mean(axis=0)[0] > 150
    plain, blue = listened(target, None), listened(target, "#0030ff")
    still = tmp_path / "wall.mp4"
    write_film(still, [np.full((64, 64, 3), (200, 30, 30), np.uint8)] * 60)
    red = listened(target, still)
    assert np.abs(plain[4, 4].astype(int) - NEUTRAL).max() <= 3
    assert np.abs(blue[4, 4].astype(int) - (0, 48, 255)).max() <= 3
    assert np.abs(red[4, 4].astype(int) - (200, 30, 30)).max() <= 6
    x, y = (int(value) for value in DrawnFaces.points[:, 1, :2].mean(axis=0) * 240 / 256)
    nose = np.abs(blue[y, x].astype(int) - red[y, x])
    assert nose.max() <= 2  # the person is the same before all of them
    # what was parted once is taken over
    first, parted = target.read_bytes(), list((tmp_path / "work").rglob("*.mkv"))
    made = [path.stat().st_mtime_ns for path in parted]
    assert len(made) == 2
    assert built(film, tmp_path, matte=matte).read_bytes() == first
    assert made == [path.stat().st_mtime_ns for path in parted]


def test_a_screen_is_keyed_and_another_clip_made_than_of_the_kept_film(film: Path, tmp_path: Path) -> None:
    shown = []
    chance = np.random.default_rng(1)
    for points in DrawnFaces.points:
        picture, inside = draw(points), head(points) > 0
        picture[~inside] = (40, 170, 70)
        noisy = picture + chance.normal(0, 3, picture.shape)
        shown.append(np.asarray(noisy.clip(0, 255), np.uint8))
    write_film(film, shown)
    kept = build_avatar(film, tmp_path / "kept.avatar", options(tmp_path / "work"))
    assert any("green screen, which is kept" in note for note in kept.notes)
    before = listened(tmp_path / "kept.avatar", None)
    assert np.abs(before[4, 4].astype(int) - (40, 170, 70)).max() <= 10
    blue = listened(built(film, tmp_path, background="green"), "#0030ff")
    assert np.abs(blue[4, 4].astype(int) - (0, 48, 255)).max() <= 4
    # nowhere is anything greener than skin
    excess = blue[..., 1].astype(int) - np.maximum(blue[..., 0], blue[..., 2])
    assert excess.max() <= 12


def test_pure_green_stays_pure_green(film: Path, tmp_path: Path) -> None:
    shown = [
        np.where(head(p)[..., None] > 0, draw(p), np.array((0, 255, 0), np.uint8)) for p in DrawnFaces.points
    ]
    write_film(film, [np.asarray(picture, np.uint8) for picture in shown])
    report = build_avatar(film, tmp_path / "pure.avatar", options(tmp_path / "work"))
    assert any("pure green and stays so" in note for note in report.notes)
    with open_package(tmp_path / "pure.avatar") as package:
        assert package.manifest.background is None
    corner = listened(tmp_path / "pure.avatar", None)[:12, :12].reshape(-1, 3).astype(int)
    assert np.abs(corner - (0, 255, 0)).max() <= 4
