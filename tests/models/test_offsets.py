"""models/mouth/evaluation/offsets.py"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("scipy", reason="needs the extra [studio]")

from models.mouth.evaluation.offsets import CLEAR, find_offset, lively


def curve(seed: int, ticks: int = 150) -> NDArray[np.float64]:
    """Something that moves as lips do: noise of a few hertz."""
    noise = np.random.default_rng(seed).standard_normal(ticks)
    return np.convolve(noise, np.hanning(7)[1:-1], "same")


@pytest.mark.parametrize("behind", [-6, 0, 4])
def test_what_no_single_predictor_tells_their_sum_does(behind: int) -> None:
    lips = curve(1)
    filmed = np.roll(lips, behind)
    pairs = [(lips + 1.5 * curve(seed), filmed, 1.0) for seed in (2, 3, 4)]
    found = find_offset(pairs)
    assert (found.ticks, found.is_known) == (behind, True)
    assert found.peak > CLEAR * found.chance


def test_a_smile_over_seconds_does_not_move_the_offset() -> None:
    lips = curve(1)
    smile = 8 * np.sin(2 * np.pi * np.arange(150) / 120 + 1)
    assert find_offset([(lips, np.roll(lips, 3) + smile, 1.0)]).ticks == 3


def test_a_sound_that_is_not_the_mouth_s_has_no_offset() -> None:
    unrelated = find_offset([(curve(1), curve(2), 1.0), (curve(3), curve(2), 1.0)])
    assert (unrelated.ticks, unrelated.is_known) == (0, False)


def test_ticks_without_a_face_stay_unknown_and_do_not_disturb() -> None:
    lips = curve(1)
    filmed = np.roll(lips, 2)
    filmed[60:75] = np.nan
    assert np.isnan(lively(filmed)[60:75]).all()
    assert find_offset([(lips, filmed, 1.0)]).ticks == 2
    assert not find_offset([(lips, np.full(150, np.nan), 1.0)]).is_known
