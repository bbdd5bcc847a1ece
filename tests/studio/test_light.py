"""A lent mouth has the light of the frame it is put into, and does not tremble with the guesses at it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from faces import draw, film_of
from needs import studio
from numpy.typing import NDArray

from renderer.studio import baking, light, rest
from renderer.studio.crops import track_crops
from renderer.studio.mouthspace import resting, to_weights, without_pose

pytestmark = studio

UNIT = 80.0
MIDDLE = np.array([70.0, 60.0])


def slope(height: int, width: int) -> NDArray[np.float32]:
    """Light that comes from the right, and a little from below."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return np.stack([0.1 * x + 0.05 * y, 0.1 * x, 4.0 - 0.1 * x], axis=-1)


def test_light_survives_its_cells() -> None:
    there = slope(120, 140)
    small = there.reshape(30, 4, 35, 4, 3).mean(axis=(1, 3))
    cells = light.to_cells(small, MIDDLE, UNIT, there.shape)
    back = light.from_cells(cells, MIDDLE, UNIT, there.shape)
    reached = np.s_[12:-12, 12:-12]
    np.testing.assert_allclose(back[reached], there[reached], atol=0.1)


def test_light_of_one_frame_fits_another_size_and_place() -> None:
    cells = light.to_cells(slope(30, 35), MIDDLE, UNIT, (120, 140, 3))
    near = light.from_cells(cells, MIDDLE, UNIT, (120, 140, 3))
    nearer = light.from_cells(cells, 2 * MIDDLE + 0.5, 2 * UNIT, (240, 280, 3))
    np.testing.assert_allclose(nearer[80:160:2, 80:200:2], near[40:80, 40:100], atol=0.4)


def test_guesses_that_tremble_are_steadied_and_a_change_of_light_is_kept() -> None:
    chance = np.random.default_rng(4)
    lamp = np.where(np.arange(200) < 100, 0.0, 20.0)
    cells = lamp[:, None, None, None] + chance.normal(0, 2, (200, light.CELLS, light.CELLS, 3))
    steady = light.steadied(cells.astype(np.float32), np.ones(200, np.bool_))
    calm = np.r_[5:85, 115:195]
    assert np.abs(np.diff(steady, axis=0))[calm].mean() < 0.3 * np.abs(np.diff(cells, axis=0))[calm].mean()
    assert abs(steady[:90].mean()) < 0.2
    assert abs(steady[110:].mean() - 20) < 0.2


def test_frames_without_a_guess_have_the_nearest_ones_and_none_at_all_is_darkness() -> None:
    cells = np.zeros((60, light.CELLS, light.CELLS, 3), np.float32)
    cells[:20], known = 8.0, np.zeros(60, np.bool_)
    known[:20] = True
    np.testing.assert_allclose(light.steadied(cells, known), 8.0, atol=1e-4)
    assert not light.steadied(cells, np.zeros(60, np.bool_)).any()


def test_a_lent_mouth_has_the_light_of_its_frame() -> None:
    opening = np.zeros(160)
    opening[40:] = 0.12 * np.sin(np.arange(120) / 79 * 9 * np.pi) ** 2
    points = film_of(opening, np.zeros(160))
    lamp = np.clip((np.arange(160) - 70) / 20, 0, 1) * 25
    drawn = [draw(frame).astype(int) + round(level) for frame, level in zip(points, lamp, strict=True)]
    pictures = [np.clip(picture, 0, 255).astype(np.uint8) for picture in drawn]
    at_rest = resting(without_pose(points))
    weights = to_weights(points, at_rest)
    affine = track_crops(points, at_rest).affine
    plan = rest.plan_rest(points, weights, affine, np.ones(160), np.ones(160, np.bool_), at_rest)
    donors = baking.take_donors(pictures, plan, points)
    lit = replace(plan, light=baking.measure_light(pictures, plan, donors, points))
    open_late = 120 + int(np.argmax(opening[120:]))

    def chin(plan: rest.RestPlan) -> float:
        picture = baking.bake(pictures[open_late], open_late, plan, donors, points)
        x, y = points[0, [17, 152], :2].mean(axis=0).astype(int)
        return float(
            picture[y - 2 : y + 3, x - 4 : x + 5].mean() - pictures[0][y - 2 : y + 3, x - 4 : x + 5].mean()
        )

    assert chin(plan) < 5
    assert abs(chin(lit) - 25) < 4
