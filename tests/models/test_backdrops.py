"""What is put behind presenters who were rendered before nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2")

from models.presenters.backdrops import BACKDROPS, room, screen  # noqa: E402
from models.presenters.pictures import fill, over, read  # noqa: E402


@pytest.mark.parametrize("name", BACKDROPS)
def test_a_backdrop_fills_the_picture(name: str) -> None:
    drawn = BACKDROPS[name](72, 128)
    assert drawn.shape == (128, 72, 3)
    assert drawn.dtype == np.uint8


def test_the_room_has_no_edge_sharper_than_a_lens_so_far_out_of_focus_leaves() -> None:
    drawn = room(360, 640).astype(int)
    assert np.abs(np.diff(drawn, axis=0)).max() <= 6
    assert np.abs(np.diff(drawn, axis=1)).max() <= 6


def test_the_opaque_hides_what_is_behind_and_the_half_opaque_mixes_with_it() -> None:
    person = np.zeros((1, 3, 4), np.uint8)
    person[0, 1] = (50, 60, 70, 128)  # colours come times their opacity
    person[0, 2] = (10, 20, 30, 255)
    behind = np.full((1, 3, 3), 200, np.uint8)
    share = 1 - 128 / 255
    expected: list[list[float]] = [
        [200, 200, 200],
        [50 + share * 200, 60 + share * 200, 70 + share * 200],
        [10, 20, 30],
    ]
    np.testing.assert_allclose(over(person, behind)[0], expected, rtol=1e-5)


def test_a_preview_shows_the_room_where_nobody_stands(tmp_path: Path) -> None:
    person = np.zeros((4, 6, 4), np.uint8)
    person[:, :3] = (10, 20, 30, 255)
    path = tmp_path / "preview.png"
    cv2.imwrite(str(path), person)
    behind = room(36, 64)
    fill(path, behind)
    seen = read(path)
    assert (seen[:, :3] == (10, 20, 30)).all()
    assert (seen[:, 3:] == behind[:4, 3:6]).all()
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.studio
def test_the_studio_takes_the_screen_for_a_green_one() -> None:
    keying = pytest.importorskip("renderer.studio.matte.screen")
    assert keying.rim_share(screen(72, 128)[..., ::-1].copy(), "green") == pytest.approx(1.0)
