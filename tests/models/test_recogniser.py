"""models/mouth/evaluation/recogniser.py"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.mouth.evaluation.recogniser import recognise
from models.mouth.evaluation.visemes import VISEMES
from renderer.types import Samples

pytest.importorskip("pocketsphinx")


def test_sounds_follow_one_another_through_the_recording(speech: Samples, tmp_path: Path) -> None:
    spans = recognise(speech, tmp_path)
    assert [first for first, _, _ in spans[1:]] == [end for _, end, _ in spans[:-1]]
    assert spans[0][0] == 0
    assert spans[-1][1] == pytest.approx(len(speech) / 160, abs=3)
    assert len({sound for _, _, sound in spans} & set(VISEMES)) > 5


def test_what_was_recognised_is_kept_and_read_again(speech: Samples, tmp_path: Path) -> None:
    once = recognise(speech, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text('[[0, 7, "AA"]]')
    assert recognise(speech, tmp_path) == [(0, 7, "AA")]
    assert recognise(np.asarray(speech * 0.9, np.float32), tmp_path) != [(0, 7, "AA")]
    kept.unlink()
    assert recognise(speech, tmp_path) == once
