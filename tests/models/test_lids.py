"""Eyelids on two balls: a human made of nothing but eyes, lids and lashes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

pytest.importorskip("scipy")

from models.presenters.hair import LASH_ROWS_LOWER, LASH_ROWS_UPPER, RIGHT_LASHES
from models.presenters.human import BODY, EYES, Floats, Human
from models.presenters.lids import Lids

RADIUS = 0.0155
ROWS, COLUMNS = 12, 21
BALLS = {"l": np.array([0.030, -0.10, 0.66]), "r": np.array([-0.030, -0.10, 0.66])}
BLINK = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}


def on_ball(centre: Floats, across: Floats, up: Floats, radius: float) -> Floats:
    """Points at angles to the gaze, degrees."""
    a, b = np.radians(across), np.radians(up)
    around = np.stack([np.sin(a) * np.cos(b), -np.cos(a) * np.cos(b), np.sin(b)], axis=-1)
    return np.asarray(centre + radius * around)


@pytest.fixture(scope="module")
def human() -> Human:
    """A blink carries each lid's edge from 18 degrees above the gaze to 45 below, through the ball."""
    points = np.zeros((15_000, 3))
    travel = {"eyeBlinkLeft": np.zeros_like(points), "eyeBlinkRight": np.zeros_like(points)}
    polygons, eyes = [], {}
    height, width = np.meshgrid(np.linspace(18, 62, ROWS), np.linspace(-55, 55, COLUMNS), indexing="ij")
    fades = (62 - height) / 44
    for k, (side, unit) in enumerate(zip("lr", travel, strict=True)):
        centre, first = BALLS[side], k * ROWS * COLUMNS
        grid = first + np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
        points[grid] = on_ball(centre, width, height, RADIUS + 0.0002)
        travel[unit][grid] = on_ball(centre, width, height - 63 * fades, RADIUS) - points[grid]
        polygons += [[grid[r, c], grid[r, c + 1], grid[r + 1, c + 1], grid[r + 1, c]]
                     for r in range(ROWS - 1) for c in range(COLUMNS - 1)]  # fmt: skip
        ball = EYES[0] + 60 * k + np.arange(60)
        points[ball] = on_ball(
            centre, np.tile([-90, 0, 90, 180], 15), np.repeat(np.linspace(-90, 90, 15), 4), RADIUS
        )
        eyes[f"helper-{side}-eye"] = SimpleNamespace(polygons=[list(ball)])
        for rows, up in ((LASH_ROWS_UPPER, 18.0), (LASH_ROWS_LOWER, -16.0)):
            lash = np.array(rows) + k * RIGHT_LASHES
            across = np.linspace(-50, 50, lash.shape[1]) * (1 if side == "l" else -1)
            for row, length in zip(lash, (0.0, 0.002, 0.004, 0.006), strict=True):
                points[row] = on_ball(centre, across, np.full(len(row), up), RADIUS + length)
                if up > 0:
                    root = on_ball(centre, across, np.full(len(row), up), RADIUS)
                    travel[unit][row] = on_ball(centre, across, np.full(len(row), -45.0), RADIUS) - root
    surfaces = {"body": SimpleNamespace(polygons=polygons), **eyes}
    made: Any = SimpleNamespace(rest=points, surfaces=surfaces, unit=travel.__getitem__)
    return cast(Human, made)


def test_without_a_blink_no_skin_moves_and_lashes_stand_on_the_edge_of_the_lid(human: Human) -> None:
    lids = Lids(human)
    closed = lids.closed(human.rest, {})
    np.testing.assert_array_equal(closed[: BODY[1]], human.rest[: BODY[1]])
    for lid in lids.lids:
        inner = slice(3, -3)  # lids end where lashes go on for a little
        roots = closed[lid.lashes[0]][inner]
        np.testing.assert_allclose(roots[:, 1:], human.rest[lid.edge][inner, 1:], atol=0.0008)


@pytest.mark.parametrize("level", [0.4, 0.5, 0.6])
def test_a_lid_on_its_way_down_stays_outside_the_ball(human: Human, level: float) -> None:
    lids = Lids(human)
    closed = lids.closed(human.rest, dict.fromkeys(BLINK, level))
    straight = human.rest + level * human.unit("eyeBlinkLeft")
    for lid in lids.lids:
        skin = lid.moving[lid.outer > 0.99]
        assert len(skin) > ROWS * COLUMNS / 3
        assert np.linalg.norm(closed[skin] - lid.centre, axis=1).min() > RADIUS
    skin = lids.lids[0].moving[lids.lids[0].outer > 0.99]
    assert np.linalg.norm(straight[skin] - BALLS["l"], axis=1).min() < 0.99 * RADIUS  # the unit by itself


def test_shut_lids_meet_at_the_lower_lashes_and_go_no_further(human: Human) -> None:
    closed = Lids(human).closed(human.rest, BLINK)
    for shift in (0, RIGHT_LASHES):
        upper, lower = (closed[np.array(rows[0]) + shift] for rows in (LASH_ROWS_UPPER, LASH_ROWS_LOWER))
        order = np.argsort(lower[:, 0])
        line = np.interp(upper[:, 0], lower[order, 0], lower[order, 2])
        assert np.abs(upper[:, 2] - line).max() < 0.0012  # metres; the blink alone goes 7 mm further
