"""Screens are told from rooms, and good screens from bad ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from needs import studio
from numpy.typing import NDArray

from renderer.studio.check.findings import Finding
from renderer.studio.check.looking import Look
from renderer.studio.check.scene import FIELDS, colours
from renderer.studio.check.screen import judge_screen, screen_of
from renderer.studio.footage import Footage

pytestmark = studio

GREEN, BLUE, WHITE, PURE = (40, 180, 70), (30, 60, 190), (235, 236, 234), (0, 255, 0)
SKIN = (205, 155, 130)
TORSO = slice(60, 89), slice(60, 100)


def scene(
    screen: tuple[int, int, int], clothes: tuple[int, int, int] = (40, 40, 60)
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A person of a head and a body before a screen, and where the person is."""
    picture = np.full((90, 160, 3), screen, np.uint8)
    person = np.zeros((90, 160), np.float32)
    for rows, columns, colour in (
        (slice(15, 50), slice(65, 95), SKIN),
        (slice(50, 90), slice(45, 115), clothes),
    ):
        picture[rows, columns] = colour
        person[rows, columns] = 1.0
    return picture, person


def seen(picture: NDArray[np.uint8], person: NDArray[np.float32]) -> Look:
    """What two looks at that picture note."""
    rows = np.array([(time, 1.0, *colours(picture, person, TORSO)) for time in (0.0, 0.5)])
    none = np.zeros(0)
    return Look(
        footage=Footage(Path("film.mp4"), "mov", "h264", 160, 90, 0, 25.0, 1.0, False, False),
        first=0.0,
        motion={"time": none},
        face={},
        unlike=none,
        weights=np.zeros((0, 10), np.float32),
        scene={name: rows[:, column] for column, name in enumerate(FIELDS)},
        gestures=(),
    )


def judged(look: Look) -> dict[str, Finding]:
    return {finding.rule: finding for finding in judge_screen(look)}


@pytest.mark.parametrize(
    ("colour", "kind"),
    [(GREEN, "green"), (BLUE, "blue"), (WHITE, "white"), (PURE, "keyed"), ((90, 110, 125), None)],
)
def test_a_screen_is_known_by_its_colour(colour: tuple[int, int, int], kind: str | None) -> None:
    assert screen_of(seen(*scene(colour))) == kind


def test_a_room_is_no_screen_even_if_it_is_green() -> None:
    picture, person = scene(GREEN)
    chance = np.random.default_rng(1)
    leaves = chance.integers(0, 255, picture.shape, np.uint8)
    assert screen_of(seen(np.where(person[..., None] > 0, picture, leaves), person)) is None


def test_an_even_green_screen_passes() -> None:
    found = judged(seen(*scene(GREEN)))
    assert {finding.status for finding in found.values()} == {"pass"}
    assert set(found) == {"screen", "spill", "clothes"}


def test_light_that_falls_off_is_named() -> None:
    picture, person = scene(GREEN)
    light = np.linspace(1.0, 0.35, 160)[None, :, None]
    found = judged(seen(np.where(person[..., None] > 0, picture, picture * light).astype(np.uint8), person))
    assert found["screen"].status == "fail"
    assert "unevenly" in found["screen"].figure


def test_green_clothes_are_named_although_the_network_takes_them_for_background() -> None:
    picture, person = scene(GREEN, clothes=GREEN)
    person[50:] = 0.0
    assert judged(seen(picture, person))["clothes"].status == "fail"


def test_green_light_on_the_person_is_named() -> None:
    picture, person = scene(GREEN, clothes=(70, 95, 78))
    assert judged(seen(picture, person))["spill"].status == "fail"


def test_white_clothes_before_white_only_warn() -> None:
    assert judged(seen(*scene(WHITE, clothes=(240, 240, 240))))["clothes"].status == "warn"
