"""A background is a colour, a picture of any size, or nothing, and everything else is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from renderer.avatar import Avatar
from renderer.backdrop import make_backdrop
from renderer.errors import AvatarError
from renderer.types import Picture

GREEN = (10, 200, 30)


def pixels(background: Any, width: int, height: int) -> Picture:
    backdrop = make_backdrop(background, width, height)
    assert not isinstance(backdrop, str)
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
