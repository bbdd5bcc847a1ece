"""models/mouth/evaluation/visemes.py"""

from __future__ import annotations

import numpy as np
import pytest

from models.mouth.evaluation.visemes import VISEMES, drawn


def test_every_sound_of_the_dictionary_has_a_mouth() -> None:
    pytest.importorskip("pocketsphinx")
    from models.mouth.corpus.phones import PHONES

    assert set(VISEMES) == set(PHONES)


def test_lips_meet_between_the_vowels_of_papa_and_part_in_them() -> None:
    gap, _ = drawn([(0, 20, "P"), (20, 44, "AA"), (44, 64, "P"), (64, 88, "AA"), (88, 120, "SIL")], 30).T
    assert gap[13] < 0.3
    assert gap[[8, 19]].min() > 2
    assert gap[-1] == 0


def test_rounded_sounds_are_narrow_and_spread_ones_wide() -> None:
    _, width = drawn([(0, 40, "UW"), (40, 80, "IY")], 20).T
    assert width[4] < -1.5
    assert width[15] > 0.3


def test_noises_and_what_was_not_recognised_are_rest() -> None:
    assert not drawn([(0, 40, "+NSN+")], 20).any()
    assert drawn([], 7).shape == (7, 2)
    assert drawn([(0, 4000, "AA")], 10).shape == (10, 2)
    assert np.isfinite(drawn([(0, 4000, "AA")], 10)).all()
