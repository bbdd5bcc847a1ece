"""Cloth of the presenters' recipe: it falls, keeps its lengths, and stays outside the body."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy")

from models.presenters.drape import draped
from models.presenters.hair import triangulated
from models.presenters.human import Floats

BALL = 0.10
"""Metres."""


def ball(rings: int = 40, sides: int = 60) -> tuple[Floats, list[list[int]]]:
    down, around = np.linspace(0.02, np.pi - 0.02, rings), np.linspace(0, 2 * np.pi, sides, endpoint=False)
    v, u = np.meshgrid(down, around, indexing="ij")
    points = BALL * np.stack([np.sin(v) * np.cos(u), np.sin(v) * np.sin(u), np.cos(v)], axis=-1)
    quads = [
        [r * sides + s, (r + 1) * sides + s, (r + 1) * sides + (s + 1) % sides, r * sides + (s + 1) % sides]
        for r in range(rings - 1)
        for s in range(sides)
    ]
    return points.reshape(-1, 3), quads


def sheet(count: int = 21, width: float = 0.24) -> tuple[Floats, list[list[int]]]:
    line = np.linspace(-width / 2, width / 2, count)
    x, y = np.meshgrid(line, line)
    points = np.stack([x, y, np.full_like(x, BALL + 0.006)], axis=-1).reshape(-1, 3)
    quads = [
        [r * count + c, r * count + c + 1, (r + 1) * count + c + 1, (r + 1) * count + c]
        for r in range(count - 1)
        for c in range(count - 1)
    ]
    return points, quads


def test_a_sheet_falls_over_a_ball_without_stretching_or_entering_it() -> None:
    body, body_quads = ball()
    cloth, quads = sheet()
    hung = draped(
        cloth, quads, np.zeros(len(cloth), bool), np.full(len(cloth), 0.004),
        lambda _: cloth, lambda _: body, triangulated(body_quads),
    )  # fmt: skip
    assert np.linalg.norm(hung, axis=1).min() > BALL
    corners = hung[[0, 20, 420, 440], 2]
    assert corners.max() < BALL - 0.03
    before = np.linalg.norm(np.diff(cloth.reshape(21, 21, 3), axis=1), axis=-1)
    after = np.linalg.norm(np.diff(hung.reshape(21, 21, 3), axis=1), axis=-1)
    assert np.median(np.abs(after / before - 1)) < 0.03


def test_a_held_edge_stays_and_a_desk_keeps_the_cloth_up() -> None:
    body, body_quads = ball()
    cloth, quads = sheet()
    cloth[:, 1] -= 0.6
    held = cloth[:, 1] > -0.481
    hung = draped(
        cloth, quads, held, np.full(len(cloth), 0.004), lambda _: cloth, lambda _: body,
        triangulated(body_quads), floor=(-0.5, 0.02),
    )  # fmt: skip
    np.testing.assert_array_equal(hung[held], cloth[held])
    before_the_desk = hung[:, 1] < -0.5
    assert hung[before_the_desk, 2].min() >= 0.02 - 1e-9
    assert hung[before_the_desk, 2].min() < 0.03
