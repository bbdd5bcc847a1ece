"""What the runtime is told of every frame: where the mouth is, and whether the mouth may be drawn."""

from __future__ import annotations

import numpy as np
import pytest
from faces import film_of
from needs import studio

from renderer.studio.articulation import SAID, TYPICAL_HIGH, TYPICAL_LOW, measure_mouth, talks
from renderer.studio.crops import cut
from renderer.studio.footage import resize
from renderer.studio.poster import open_eyed
from renderer.studio.tracks import EASE, drivable, scaled

pytestmark = studio


def turned_head(degrees: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Landmarks of a head turned to the side, shape (n, 478, 3)."""
    points = film_of(np.zeros(len(degrees)), np.zeros(len(degrees))).astype(np.float64)
    middle = points[0, 6]
    angle = np.radians(degrees)
    turn = np.zeros((len(degrees), 3, 3))
    turn[:, 0, 0] = turn[:, 2, 2] = np.cos(angle)
    turn[:, 0, 2], turn[:, 2, 0] = -np.sin(angle), np.sin(angle)
    turn[:, 1, 1] = 1
    return np.asarray(np.einsum("nij,nkj->nki", turn, points - middle) + middle, np.float32)


def test_a_head_turned_far_is_not_driven_and_eased_into() -> None:
    degrees = np.zeros(100)
    degrees[40:60] = 55
    share = drivable(turned_head(degrees))
    assert share[45:55].max() == 0.0
    assert share[:30].min() == 1.0
    assert share[70:].min() == 1.0
    assert np.abs(np.diff(share)).max() <= 1 / EASE + 1e-6
    assert share[40:60].max() == 0.0  # already let go of when the turn begins


def test_a_head_that_looks_up_is_not_driven() -> None:
    points = turned_head(np.zeros(100))
    middle = points[0, 6].copy()
    up = np.array([[1, 0, 0], [0, np.cos(0.9), np.sin(0.9)], [0, -np.sin(0.9), np.cos(0.9)]])
    points[40:60] = ((points[40:60] - middle) @ up.T + middle).astype(np.float32)
    share = drivable(points)
    assert share[45:55].max() == 0.0
    assert share[:30].min() == 1.0


def test_a_tilted_head_is_driven() -> None:
    points = turned_head(np.zeros(60))
    middle = points[0, 6].copy()
    tilt = np.array([[np.cos(0.8), -np.sin(0.8), 0], [np.sin(0.8), np.cos(0.8), 0], [0, 0, 1]])
    points[30:] = ((points[30:] - middle) @ tilt.T + middle).astype(np.float32)
    assert drivable(points).min() == 1.0


def test_a_head_filmed_from_the_side_is_driven() -> None:
    assert drivable(turned_head(np.full(50, 35.0))).min() == 1.0


def test_a_missing_or_covered_mouth_is_not_driven() -> None:
    points = film_of(np.zeros(100), np.zeros(100))
    points[20:30] = np.nan
    covered = np.zeros(100, np.bool_)
    covered[60:70] = True
    share = drivable(points, covered)
    assert share[20:30].max() == 0.0
    assert share[60:70].max() == 0.0
    assert share[40:50].min() == 1.0


def test_a_scaled_track_cuts_the_same_crop_from_the_scaled_picture() -> None:
    y, x = np.mgrid[:240, :320]
    picture = np.stack([120 + 80 * np.sin(x / 20), 120 + 80 * np.cos(y / 25), 0.5 * x], axis=-1).astype(
        np.uint8
    )
    affine = np.array([[0.9, 0.1, 100.0], [-0.1, 0.9, 90.0]])
    half = cut(resize(picture, 160, 120), scaled(affine, 0.5), 64).astype(int)
    assert np.abs(half - cut(picture, affine, 64)).mean() < 1.0


def test_the_poster_shows_open_eyes() -> None:
    points = film_of(np.zeros(60), np.zeros(60))
    points[:, [159, 386], 1] = 90
    points[:, [145, 374], 1] = 96
    points[:20, [145, 374], 1] = 91  # a blink
    points[40, [145, 374], 1] = 110  # a landmark gone astray for one frame
    points[50:56, [145, 374], 1] = 104
    assert 50 <= open_eyed(points) < 56


def test_limits_are_what_the_person_did_and_contain_rest() -> None:
    chance = np.random.default_rng(0)
    weights = chance.normal(1.0, 1.3, (500, 10)).clip(0.2, 4)
    weights[3] = np.nan
    mouth = measure_mouth(weights)
    assert talks(weights)
    assert all(low <= 0 <= high for low, high in zip(mouth.low, mouth.high, strict=True))
    assert max(mouth.high) < 5
    assert len(set(mouth.gain)) == 1


def test_a_calm_speaker_gets_a_smaller_gain_than_a_lively_one() -> None:
    chance = np.random.default_rng(0)
    moves = chance.normal(0, 1, (500, 10))
    assert measure_mouth(0.8 * moves).gain[0] < measure_mouth(1.2 * moves).gain[0]


def test_listening_on_film_does_not_make_the_mouth_weaker() -> None:
    moves = np.random.default_rng(0).normal(0, 1, (500, 10))
    and_listening = np.concatenate([np.zeros((500, 10)), moves])
    assert measure_mouth(and_listening).gain[0] == pytest.approx(measure_mouth(moves).gain[0], rel=0.05)


def test_who_never_talked_gets_typical_limits() -> None:
    mouth = measure_mouth(np.zeros((100, 10)))
    assert mouth.gain == (round(1 / SAID, 3),) * 10
    assert (mouth.low, mouth.high) == (TYPICAL_LOW, TYPICAL_HIGH)
