"""models/presenters/driven.py: whether lips do what they are sent, on mouths that are made up."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("mediapipe", reason="needs the extra [studio]")
pytest.importorskip("scipy", reason="needs the extra [studio]")
pytest.importorskip("pocketsphinx", reason="models.mouth needs it")

from models.mouth.evaluation.predictors import GAP, WIDTH, Mouth
from models.presenters.driven import compare, limited
from renderer.package.manifest import Mouth as Limits
from renderer.studio.mouthspace import WEIGHTS
from renderer.types import MouthFrame

pytestmark = pytest.mark.studio


@pytest.fixture
def sent() -> Mouth:
    """Four seconds of a mouth that talks in the middle and rests before and after."""
    talked = np.random.default_rng(1).normal(0, 1, (100, len(WEIGHTS))).astype(np.float32)
    talked[:20] = talked[80:] = 0
    return talked


def test_lips_that_do_as_they_are_sent_agree_wherever_their_rest_lies(sent: Mouth) -> None:
    found = compare(sent, 0.5 * sent + 3)
    assert found.gap == pytest.approx(1)
    assert found.width == pytest.approx(1)
    assert found.opening == pytest.approx(0.5)


def test_gap_and_width_are_judged_apart_and_nothing_else_counts(sent: Mouth) -> None:
    seen = np.zeros_like(sent)
    seen[:, GAP], seen[:, WIDTH] = sent[:, GAP], -sent[:, WIDTH]
    found = compare(sent, seen)
    assert found.gap == pytest.approx(1)
    assert found.width == pytest.approx(-1)


def test_lips_that_come_late_agree_less(sent: Mouth) -> None:
    assert compare(sent, np.roll(sent, 3, axis=0)).gap < 0.5


def test_what_is_seen_at_rest_without_a_face_or_after_the_end_does_not_count(sent: Mouth) -> None:
    seen = np.concatenate([sent, np.full((9, sent.shape[1]), 9, np.float32)])
    seen[:10], seen[50] = 7, np.nan
    assert compare(sent, seen).gap == pytest.approx(1)


def test_a_mouth_that_never_moves_is_no_comparison(sent: Mouth) -> None:
    with pytest.raises(ValueError, match="0 frames with moving lips"):
        compare(0 * sent, sent)


def test_what_is_sent_is_what_this_person_does_and_fades_with_its_presence() -> None:
    count = len(WEIGHTS)
    mouth = Limits(gain=(2.0,) * count, low=(-1.0,) * count, high=(3.0,) * count)
    frames = [
        MouthFrame(np.full(count, weight, np.float32), presence, index)
        for index, (weight, presence) in enumerate([(1, 1), (1, 0.5), (9, 1), (-9, 1), (9, 0)])
    ]
    np.testing.assert_allclose(limited(frames, mouth)[:, GAP], [2, 1, 3, -1, 0])
