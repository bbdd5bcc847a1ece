"""models/mouth/evaluation/scores.py"""

from __future__ import annotations

import numpy as np
import pytest

from models.mouth.evaluation.scores import best_lag, closure_recall, correlation, loudness


def curve(ticks: int = 200, seed: int = 0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    noise = np.random.default_rng(seed).standard_normal(ticks)
    return np.convolve(noise, np.ones(3) / 3, "same")


@pytest.mark.parametrize("behind", [-5, -1, 0, 3])
def test_the_lag_of_a_picture_behind_its_sound_is_found(behind: int) -> None:
    said = curve()
    lag, agreement = best_lag(said, np.roll(said, behind))
    assert lag == behind
    assert agreement == pytest.approx(1.0)


def test_unknown_ticks_and_still_curves_say_nothing() -> None:
    said, filmed = curve(), curve().copy()
    filmed[50:80] = np.nan
    assert correlation(said, filmed) == pytest.approx(1.0)
    assert correlation(said, np.zeros(200)) == 0.0


def test_a_closure_counts_when_the_said_gap_falls_with_it() -> None:
    filmed = np.full(60, 2.0)
    filmed[20:22] = filmed[40:42] = 0.0
    said = np.full(60, 2.0)
    said[21] = 0.1
    assert closure_recall(said, filmed) == (1, 2)
    assert closure_recall(filmed, filmed) == (2, 2)


def test_a_long_pause_is_no_closure() -> None:
    filmed = np.full(60, 2.0)
    filmed[20:35] = 0.0
    assert closure_recall(filmed, filmed) == (0, 0)


def test_loudness_rises_with_the_level_and_ignores_the_noise_floor() -> None:
    quiet, loud = loudness(np.full(10, -90.0)), loudness(np.full(10, -20.0))
    assert not quiet.any()
    assert loud[5] == pytest.approx(40.0)
