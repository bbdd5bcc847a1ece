"""A background is a colour, a picture of any size, or nothing, and everything else is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from avatars import jpeg

from renderer.avatar import Avatar
from renderer.backdrop import FilmBackdrop, make_backdrop
from renderer.errors import AvatarError, MediaError
from renderer.types import Picture

GREEN = (10, 200, 30)


def pixels(background: Any, width: int, height: int) -> Picture:
    backdrop = make_backdrop(background, width, height)
    assert isinstance(backdrop, np.ndarray)
    return backdrop


def test_colours_become_pictures() -> None:
    for colour in (GREEN, "#0ac81e", "0AC81E"):
        backdrop = pixels(colour, 8, 4)
        assert backdrop.shape == (4, 8, 4)
        assert (backdrop == (30, 200, 10, 255)).all()


def test_a_picture_of_its_size_is_taken_as_it_is() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (6, 10, 3), np.uint8)
    assert np.array_equal(pixels(rgb, 10, 6)[..., 2::-1], rgb)
    bgra = np.dstack([rgb, np.zeros((6, 10), np.uint8)])
    assert np.array_equal(pixels(bgra, 10, 6)[..., :3], rgb)


def test_a_picture_of_another_size_covers_all_and_keeps_its_middle() -> None:
    wide = np.zeros((10, 60, 3), np.uint8)
    wide[:, 25:35] = 200  # what a square window keeps
    assert (pixels(wide, 20, 20)[..., :3] == 200).all()
    tall = np.zeros((60, 10, 3), np.uint8)
    tall[25:35] = 200
    assert (pixels(tall, 20, 20)[..., :3] == 200).all()


def write_film(path: Path, levels: list[int], fps: int = 25) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "5"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for level in levels:
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), level, "u1"), "rgb24"))
            )
        container.mux(stream.encode(None))
    return path


def test_a_picture_from_a_file_covers_all(tmp_path: Path) -> None:
    path = tmp_path / "lobby.jpg"
    path.write_bytes(jpeg(np.full((30, 40, 3), 120, np.uint8)))
    backdrop = make_backdrop(path, 32, 64)
    assert isinstance(backdrop, np.ndarray)
    assert backdrop.shape == (64, 32, 4)
    assert abs(backdrop[..., :3].astype(int) - 120).max() <= 6


@pytest.mark.parametrize("fps", [25, 50])
def test_a_film_runs_with_the_frames_and_begins_again(tmp_path: Path, fps: int) -> None:
    levels = [40 + 4 * number for number in range(40)]
    backdrop = make_backdrop(write_film(tmp_path / "lobby.mp4", levels, fps), 32, 32)
    assert isinstance(backdrop, FilmBackdrop)
    step = fps // 25
    rounds = 40 // step
    for index in range(2 * rounds):
        due = levels[(index % rounds) * step]
        assert abs(int(backdrop.picture(index)[16, 16, 1]) - due) <= 3
    # frames that are taken back get what they had
    for index in (2 * rounds - 6, 2 * rounds - 1, 2 * rounds - 3):
        assert abs(int(backdrop.picture(index)[16, 16, 1]) - levels[(index % rounds) * step]) <= 3
    backdrop.close()


def test_a_file_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture " * 20)
    for name, reason in {"text.png": "(no|neither a) picture", "none.png": "no such file"}.items():
        with pytest.raises(MediaError, match=reason):
            make_backdrop(tmp_path / name, 32, 32)


@pytest.mark.parametrize(
    "background",
    [
        "blue",
        "#12",
        (1, 2),
        (1, 2, 300),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 3)),
        np.zeros((0, 4, 3), "u1"),
    ],
    ids=str,
)
def test_anything_else_is_refused(background: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        make_backdrop(background, 8, 4)


def test_the_background_is_seen_where_the_matte_leaves_room(cut_out: Avatar) -> None:
    with cut_out.session() as session:
        filmed = next(session).pixels
        session.set_background(GREEN)
        shown = next(session).pixels.astype(int)
        session.set_background(None)
        again = next(session).pixels
    width = shown.shape[1]
    assert abs(shown[:, : width // 10 - 4] - GREEN).max() <= 6  # H.264 leaves a trace in the matte
    assert abs(shown[:, width // 10 + 4 :] - filmed[:, width // 10 + 4 :]).mean() < 4
    assert not (again == GREEN).all(axis=-1).any()


def test_a_film_is_seen_behind_the_avatar_and_in_films_of_it(cut_out: Avatar, tmp_path: Path) -> None:
    film = write_film(tmp_path / "lobby.mp4", [60, 90, 120, 150, 180, 210] * 5)
    with cut_out.session() as session:
        session.set_background(film)
        live = [int(next(session).pixels[40, 3, 1]) for _ in range(6)]
    drawn = cut_out.render(np.zeros(640 * 6, np.int16), 16_000, background=film)
    assert live == [int(frame.pixels[40, 3, 1]) for frame in drawn]
    assert live == pytest.approx([60, 90, 120, 150, 180, 210], abs=6)


def test_transparent_frames_carry_the_matte(cut_out: Avatar) -> None:
    with cut_out.session(pixels="bgra") as session:
        session.set_background("transparent")
        opacity = next(session).pixels[..., 3]
    assert opacity[:, : opacity.shape[1] // 10 - 4].max() <= 6
    assert opacity[:, opacity.shape[1] // 10 + 4 :].min() >= 249


def test_what_cannot_be_shown_is_told_at_once(avatar: Avatar, cut_out: Avatar) -> None:
    with avatar.session() as session, pytest.raises(AvatarError, match="no matte"):
        session.set_background(GREEN)
    with cut_out.session() as session, pytest.raises(ValueError, match="pixels='bgra'"):
        session.set_background("transparent")
