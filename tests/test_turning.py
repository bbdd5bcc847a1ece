"""One clip turns into another with one face on the way, however far apart the two are."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.turning import HEAD, NEAR, Place, turn
from renderer.types import Picture

SIZE, SCALE = 32, 2.0
SIDE = (SIZE - 1) * SCALE


def place(left: float, drivable: float = 1.0) -> Place:
    affine = np.array([[SCALE, 0, left], [0, SCALE, 100]], np.float32)
    return Place(affine, drivable)


def face(at: Place) -> Picture:
    """Two dark eyes and a mouth where the mouth crop has them, on grey."""
    picture = np.full((300, 400, 4), 160, np.uint8)
    for x, y in ((6, 0), (25, 0), (16, 22)):
        column, row = (int(value) for value in at.affine @ (x, y, 1))
        picture[row - 3 : row + 4, column - 3 : column + 4] = 20
    return picture


def dark_spots(picture: Picture) -> int:
    """How many stretches of dark pixels there are in the row of the eyes."""
    dark = picture[100, :, 0] < 110
    return int(np.count_nonzero(dark[1:] & ~dark[:-1]))


@pytest.mark.parametrize("apart", [4, 10, 40])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.45, 0.5, 0.7, 0.9])
def test_two_faces_apart_are_one_face_on_the_way(apart: int, share: float) -> None:
    left, entered = place(150), place(150 + apart)
    out = np.empty((300, 400, 4), np.uint8)
    between = turn(face(left), face(entered), left, entered, SIZE, share, out)
    assert dark_spots(out) == 2
    assert between.affine[0, 2] == pytest.approx(150 + share * apart)
    eye = between.affine @ (6, 0, 1)
    assert out[round(eye[1]), round(eye[0]), 0] < 40, "the eyes are where the mouth belongs to"


def test_the_ends_are_the_pictures_themselves() -> None:
    left, entered = place(150, 0.5), place(180, 1.0)
    out = np.empty((300, 400, 4), np.uint8)
    for share, whole in ((0.0, left), (1.0, entered)):
        between = turn(face(left), face(entered), left, entered, SIZE, share, out)
        assert np.array_equal(out, face(whole))
        assert between.drivable == whole.drivable


def test_faces_that_are_in_one_place_are_cross_faded_evenly() -> None:
    left, entered = place(150), place(150 + 0.9 * NEAR * SIDE)
    black, white = np.zeros((300, 400, 4), np.uint8), np.full((300, 400, 4), 255, np.uint8)
    out = np.empty_like(black)
    turn(black, white, left, entered, SIZE, 0.25, out)
    assert (out == 64).all()


def test_far_from_the_head_nothing_is_bent() -> None:
    left, entered = place(150), place(190)
    lines = np.zeros((300, 400, 4), np.uint8)
    lines[:, ::5] = 200
    out = np.empty_like(lines)
    turn(lines, lines, left, entered, SIZE, 0.5, out)
    x = np.arange(400) - (170 + SIDE / 2)
    assert np.array_equal(out[:, np.abs(x) > HEAD * SIDE], lines[:, np.abs(x) > HEAD * SIDE])
