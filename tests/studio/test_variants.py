"""Sizes and shapes follow the film: nothing grows, and no crop cuts the person."""

from __future__ import annotations

import numpy as np
import pytest
from faces import film_of
from needs import studio

from renderer.errors import StudioError
from renderer.studio.extent import EVERY, Extent, extent_of
from renderer.studio.options import VARIANTS
from renderer.studio.variants import needs_extent, spelt_out, views_of, wanted_of, working_side

pytestmark = studio

NARROW = Extent(left=800, right=1300, middle=1040, top=180, chin=520, lowest_chin=540)


@pytest.mark.parametrize(
    ("footage", "sizes"),
    [
        ((1920, 1080), {"720p": (1280, 720), "540p": (960, 540)}),
        ((1080, 1920), {"720p": (720, 1280), "540p": (540, 960)}),
        ((1280, 720), {"720p": (1280, 720), "540p": (960, 540)}),
        ((720, 1248), {"720p": (720, 1248), "540p": (540, 936)}),
        ((576, 768), {"576p": (576, 768), "540p": (540, 720)}),
        ((640, 480), {"480p": (640, 480)}),
    ],
)
def test_variants_keep_the_shape_and_never_grow(
    footage: tuple[int, int], sizes: dict[str, tuple[int, int]]
) -> None:
    views, notes = views_of(VARIANTS, *footage, None)
    assert {name: (view.width, view.height) for name, view in views.items()} == sizes
    assert bool(notes) == (min(footage) < 720)
    assert all("nothing is enlarged" in note for note in notes)


def test_4k_gives_2160p_and_is_worked_on_at_its_size() -> None:
    views, notes = views_of(("2160p", "720p"), 3840, 2160, None)
    assert (views["2160p"].width, views["2160p"].height) == (3840, 2160)
    assert not notes
    assert working_side(("2160p", "720p")) == 2160
    assert working_side(("720p", "portrait")) == 1080
    assert working_side(("1080p-portrait",)) == 1920  # as high as such a crop is


def test_an_upright_part_of_a_lying_film_has_the_whole_person_in_it() -> None:
    views, notes = views_of(("720p", "portrait"), 1920, 1080, NARROW)
    assert not notes
    view = views["608p-portrait"]
    assert (view.width, view.height) == (view.across, view.down) == (608, 1080)
    assert view.left <= 800
    assert view.left + view.across >= 1300


def test_a_lying_part_of_an_upright_film_has_the_head_in_it() -> None:
    head = Extent(left=0, right=1080, middle=540, top=300, chin=640, lowest_chin=660)
    views, notes = views_of(("720p", "landscape"), 1080, 1920, head)
    assert not notes
    view = views["608p-landscape"]
    assert (view.across, view.down) == (1080, 608)
    assert view.top < 300
    assert view.top + view.down > 660


@pytest.mark.parametrize(
    ("size", "extent", "reason"),
    [
        ((1920, 1080), Extent(500, 1500, 1000, 100, 500, 510), "takes 1000 pixels of the width.* has 608"),
        ((1080, 1920), Extent(0, 1080, 540, 300, 900, 920), "head is 600 pixels high"),
        ((1080, 1920), Extent(0, 1080, 540, 300, 640, 1000), "moves out of a lying part"),
    ],
)
def test_a_person_who_does_not_fit_is_told_of_and_the_rest_is_built(
    size: tuple[int, int], extent: Extent, reason: str
) -> None:
    other = "portrait" if size[0] > size[1] else "landscape"
    views, notes = views_of(("720p", other), *size, extent)
    assert list(views) == ["720p"]
    assert len(notes) == 1
    with pytest.raises(StudioError, match=reason):
        views_of((other,), *size, extent)


def test_all_is_every_size_the_film_has_and_the_other_orientation() -> None:
    views, notes = views_of(("all",), 1280, 720, Extent(500, 800, 650, 100, 300, 310))
    assert list(views) == ["720p", "540p", "404p-portrait"]
    assert not notes
    assert spelt_out(("540p", "all"))[0] == "540p"
    assert needs_extent(("all",), 1280, 720)
    assert not needs_extent(("720p", "portrait"), 720, 1280)


@pytest.mark.parametrize("word", ["hd", "721p", "720", "20p", "9000p", "720p-upright", ""])
def test_a_variant_that_makes_no_sense_is_refused(word: str) -> None:
    with pytest.raises(StudioError, match="such as 720p"):
        wanted_of(word)


def test_the_track_follows_the_crop() -> None:
    views, _ = views_of(("720p", "360p-portrait"), 1920, 1080, NARROW)
    affine = np.array([[[0.5, 0.1, 900.0], [-0.1, 0.5, 400.0]]], np.float32)
    places = np.array([[0.0, 0.0, 1.0], [64.0, 32.0, 1.0]])
    picture = np.zeros((1080, 1920, 3), np.uint8)
    for view in views.values():
        for place in places:
            at = affine[0] @ place
            x, y = view.track(affine)[0] @ place
            # the same spot, found in the picture
            picture[:] = 0
            column, row = round(float(at[0])), round(float(at[1]))
            picture[row - 6 : row + 7, column - 6 : column + 7] = 255
            rows, columns = np.nonzero(view.picture(picture)[..., 0] > 127)
            assert abs(rows.mean() - y) < 0.8
            assert abs(columns.mean() - x) < 0.8


def test_the_extent_is_the_persons_over_the_whole_film() -> None:
    points = film_of(np.zeros(50), np.zeros(50), middle=(160, 90))
    masks = []
    for look in range(50 // EVERY + 1):
        mask = np.zeros((128, 160), np.bool_)
        mask[20:128, 60 + look : 100 + look] = True
        masks.append(mask)
    extent = extent_of(masks, points, 2.0)
    assert 118 <= extent.left <= 122
    assert 206 <= extent.right <= 2 * (100 + len(masks))
    assert 38 <= extent.top <= 42
    assert extent.chin == pytest.approx(float(points[0, 152, 1]), abs=1)
