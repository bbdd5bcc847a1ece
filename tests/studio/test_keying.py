"""A person before a screen is cut out as somebody who knows the truth would do it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from needs import studio
from screens import GREEN, before, compare, figure, key, screen, trial

from renderer.errors import StudioError
from renderer.studio.matte.colours import clear_colours
from renderer.studio.matte.keying import Keyer
from renderer.studio.matte.screen import Kind, is_pure, learn_screen

pytestmark = studio


def test_a_person_is_keyed_off_an_uneven_noisy_green_screen_in_coded_film(tmp_path: Path) -> None:
    figures, _, _ = trial(figure(10), "green", tmp_path)
    assert figures.error < 0.008
    assert figures.edge < 0.12
    assert abs(figures.spill) < 8
    assert figures.colour < 12


def test_a_person_is_keyed_off_a_white_screen(tmp_path: Path) -> None:
    figures, _, _ = trial(figure(10), "white", tmp_path)
    assert figures.error < 0.012
    assert figures.edge < 0.18


def test_what_stands_still_does_not_flicker(tmp_path: Path) -> None:
    still = figure(1) * 12
    _, _, film = trial(still, "green", tmp_path)
    mattes = np.stack([matte for _, matte in key(film, "green")]).astype(np.float32) / 255
    alpha = still[0][1]
    edge = (alpha > 0.02) & (alpha < 0.98)
    assert np.abs(np.diff(mattes[3:], axis=0))[:, edge].mean() < 0.02


def test_a_shadow_on_the_screen_is_screen() -> None:
    chance, people = np.random.default_rng(2), figure(8)
    height, width = people[0][1].shape
    behind = screen(height, width)
    shade = behind * (1 - 0.35 * np.exp(-(((np.arange(behind.shape[1]) - 90) / 40.0) ** 2)))[None, :, None]
    shown = [before(*person, behind if n < 4 else shade, chance) for n, person in enumerate(people)]
    keyer = Keyer(learn_screen(shown[:4], "green"))
    keyed = [keyer.cut(picture) for picture in shown]
    figures = compare(keyed[5:], people[5:])
    assert figures.error < 0.012


def test_a_gap_under_the_arm_is_seen_through() -> None:
    chance, people = np.random.default_rng(2), figure(1)
    colour, alpha = people[0][0].copy(), people[0][1].copy()
    alpha[255:285, 60:90] = 0.0
    height, width = alpha.shape
    behind = screen(height, width)
    shown = [before(colour, alpha, behind, chance, spill=0.0) for _ in range(5)]
    keyer = Keyer(learn_screen(shown, "green"))
    for picture in shown:
        _, matte = keyer.cut(picture)
    assert matte[262:278, 66:84].max() < 30
    assert matte[250:290, 170:210].min() > 225


def test_an_edge_that_the_film_gave_the_screens_tint_is_not_cleared_into_violet() -> None:
    # Theo's sleeves had a violet line: the film, whose colour is of half the size, had put green into them
    shape = (1, 1, 3)
    sleeve, behind = np.full(shape, 100.0, np.float32), np.full(shape, (36.0, 156.0, 58.0), np.float32)
    seen = np.full(shape, (104.0, 118.0, 112.0), np.float32)
    sure = np.ones((1, 1), np.float32)
    red, green, blue = clear_colours(seen, 0.77 * sure, behind, sleeve, sure)[0, 0].astype(int)
    assert abs(green - (red + blue) / 2) < 6
    assert green > 105


def test_where_there_is_no_screen_that_is_said() -> None:
    chance = np.random.default_rng(0)
    room = chance.integers(40, 200, (5, 120, 160, 3)).astype(np.uint8)
    kinds: tuple[Kind, ...] = ("green", "white")
    for kind in kinds:
        with pytest.raises(StudioError, match=f"no {kind} screen: .* keep the background"):
            learn_screen(list(room), kind)


def test_pure_green_is_known_from_a_screen() -> None:
    pure = np.full((90, 160, 3), (0, 255, 0), np.uint8)
    assert is_pure(pure)
    assert not is_pure(np.full((90, 160, 3), GREEN, np.uint8))
