"""models/mouth/evaluation/judge.py"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("scipy", reason="needs the extra [studio]")

from models.mouth.evaluation.judge import Score, score
from models.mouth.evaluation.offsets import Offset
from models.mouth.evaluation.predictors import GAP, WIDTH

TICKS = 200
SILENT = slice(0, 50)


def mouth(seed: int = 0) -> NDArray[np.float32]:
    """Lips that rest for two seconds, then open three times a second and close in between."""
    weights = np.random.default_rng(seed).standard_normal((TICKS, 10)).astype(np.float32)
    weights[:, GAP] = 3 * np.sin(np.arange(TICKS) * 0.35 + 0.3 * np.sin(np.arange(TICKS) / 7)) ** 2
    weights[SILENT] = 0
    return weights


def judge(said: NDArray[np.float32], filmed: NDArray[np.float32], ticks: int = 0) -> Score:
    level = np.full(TICKS, -25.0, np.float32)
    level[SILENT] = -80.0
    return score(said, filmed, level, Offset(ticks, True, 1.0, 0.1))


def test_the_filmed_mouth_itself_is_perfect() -> None:
    same = judge(mouth(), mouth())
    assert (same.gap, same.width, same.strength) == pytest.approx((1, 1, 1))
    assert (same.lag, same.still) == (0, 1.0)
    assert same.closures[0] == same.closures[1] > 5
    assert same.weights == pytest.approx((1,) * 10)


@pytest.mark.parametrize("offset", [-5, 3])
def test_a_clip_s_offset_is_no_fault_of_the_mouth(offset: int) -> None:
    late = np.roll(mouth(), offset, axis=0)
    assert judge(mouth(), late, offset).gap == pytest.approx(1, abs=1e-3)
    assert judge(mouth(), late, offset).lag == 0


def test_a_mouth_out_of_time_is_told_and_pays() -> None:
    """Three ticks early: one more than the two either side of which nobody notices, and beyond ±40 ms."""
    early = judge(np.roll(mouth(), -3, axis=0), mouth())
    assert early.lag == 3
    assert early.gap < 0.8


def test_a_mouth_that_never_closes_misses_the_closures() -> None:
    open_always = mouth()
    open_always[50:, GAP] = 2 + 0.3 * open_always[50:, GAP]
    assert judge(open_always, mouth()).closures[0] == 0
    half_closed = mouth()
    half_closed[50:, GAP] = 0.5 + 0.8 * half_closed[50:, GAP]
    assert judge(half_closed, mouth()).closures[0] > 5
    assert judge(half_closed, mouth()).touching == 0


def test_closing_at_random_costs_what_was_filmed_open() -> None:
    flapping = mouth()
    flapping[50::3, GAP] = 0
    assert judge(flapping, mouth()).wrongly_shut == pytest.approx(1 / 3, abs=0.1)
    assert judge(mouth(), mouth()).wrongly_shut < 0.2


def test_chatter_in_silence_is_seen() -> None:
    chatter = mouth()
    chatter[:23, GAP] = 1.0
    assert judge(chatter, mouth()).still == pytest.approx(0.5, abs=0.02)


def test_what_a_predictor_does_not_say_is_not_held_against_it() -> None:
    only_gap = np.full((TICKS, 10), np.nan, np.float32)
    only_gap[:, GAP] = mouth()[:, GAP]
    said = judge(only_gap, mouth())
    assert said.gap == pytest.approx(1)
    assert np.isnan(said.width)
    assert np.isnan(said.weights[WIDTH])


def test_ticks_without_a_face_are_left_out() -> None:
    filmed = mouth()
    filmed[100:140] = np.nan
    said = judge(mouth(), filmed)
    assert said.gap == pytest.approx(1)
    assert said.strength == pytest.approx(1, abs=0.05)
