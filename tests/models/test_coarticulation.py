"""The presenters' mouths over time, from phonemes made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("espeakng_loader")

from models.presenters.coarticulation import FPS, Articulation, mouth_curves
from models.presenters.human import Floats
from models.presenters.voice import Phone

SAID = ("", "ɑ", "m", "ɑ", "t", "u", "p", "æ", "w", "i", "")
EACH = 0.16
"""Seconds a phoneme."""

MANNER = Articulation(jaw=1.2, pucker=1.05, funnel=1.5, narrowing=0.5, unsmiling=0.32)


def curves(manner: Articulation) -> dict[str, Floats]:
    phones = [Phone(name, 0.5 + k * EACH, 0.5 + (k + 1) * EACH) for k, name in enumerate(SAID)]
    names, mouth = mouth_curves([phones], np.arange(round(3.2 * FPS)) / FPS, manner)
    return {name: mouth[:, k] for k, name in enumerate(names)}


@pytest.mark.parametrize(
    ("manner", "moved", "way"),
    [
        (replace(MANNER, raising=1.5), "mouthUpperUp", 1),
        (replace(MANNER, spreading=1.0), "mouthStretch", 1),
        (replace(MANNER, sobering=0.5), "mouthSmile", -1),
    ],
)
def test_a_mouth_opened_wide_is_changed_as_told_and_nothing_else_is(
    manner: Articulation, moved: str, way: int
) -> None:
    plain, told = curves(MANNER), curves(manner)
    for name in plain:
        if not name.startswith(moved):
            np.testing.assert_array_equal(plain[name], told[name])
    change = way * (told[f"{moved}Left"] - plain[f"{moved}Left"])
    jaw = plain["jawOpen"]
    assert change[jaw.argmax()] > 0.3 * jaw.max()
    assert change.min() >= -0.004  # smaller weights are no weights


def test_lips_that_touch_or_round_are_hardly_changed() -> None:
    plain = curves(MANNER)
    told = curves(replace(MANNER, raising=1.5, thinning=0.5, spreading=1.0, sobering=0.5))
    rounded = plain["mouthPucker"] + 0.6 * plain["mouthFunnel"]
    still = (plain["mouthClose"] > plain["jawOpen"]) | (rounded > 0.9 * rounded.max())
    for name in told:
        change = np.abs(told[name] - plain.get(name, 0.0))
        assert change[still].max() <= 0.1 * max(change.max(), 0.1)


def test_only_who_thins_the_lip_rolls_it() -> None:
    assert "mouthRollUpper" not in curves(MANNER)
    rolled = curves(replace(MANNER, thinning=0.5))["mouthRollUpper"]
    assert rolled.max() > 0.1
