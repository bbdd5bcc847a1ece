"""models/mouth/corpus/speech.py"""

from __future__ import annotations

import numpy as np

from models.mouth.corpus.speech import BREATH, CLOSING, rest_in_silence, voice


def test_voice_is_where_it_is_loud_with_short_gaps_closed() -> None:
    level = np.full(100, -70.0, np.float32)
    level[30:45] = level[48:60] = -20.0
    heard = voice(level)
    assert heard[32:58].all()
    assert not heard[:25].any()
    assert not heard[66:].any()


def test_an_early_breath_is_rest_and_the_mouth_near_speech_stays() -> None:
    heard = np.zeros(100, np.float32)
    heard[40:60] = 1.0
    kept = rest_in_silence(np.ones((100, 10), np.float32), heard)
    assert (kept[40 - BREATH : 60 + CLOSING - 1] == 1).all()
    assert not kept[: 40 - BREATH - 3].any()
    assert not kept[60 + CLOSING + 4 :].any()
    assert ((kept >= 0) & (kept <= 1)).all()


def test_without_speech_all_is_rest() -> None:
    assert not rest_in_silence(np.ones((20, 10), np.float32), np.zeros(20, np.float32)).any()
