"""models.mouth.distil.listener.py"""

from __future__ import annotations

import numpy as np

from models.mouth.distil.listener import log_mel, mel_filters


def test_every_band_weighs_its_neighbourhood_alike() -> None:
    filters = mel_filters()
    assert filters.shape == (80, 201)
    # Slaney's triangles have the area 1 each; bins of 40 Hz sample the narrow ones coarsely
    assert np.allclose(filters[40:].sum(axis=1) * 40.0, 1.0, atol=0.1)


def test_a_tone_is_heard_in_one_place_and_louder_sounds_do_not_move_it() -> None:
    time = np.arange(16_000) / 16_000
    tone = (0.1 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    mel = log_mel(tone, mel_filters())
    assert mel.shape == (80, 100)
    loudest = mel[:, 10:90].argmax(axis=0)
    assert (loudest == loudest[0]).all()
    assert (log_mel(3 * tone, mel_filters())[:, 10:90].argmax(axis=0) == loudest).all()


def test_nothing_lies_more_than_eight_decades_under_the_loudest() -> None:
    click = np.zeros(16_000, np.float32)
    click[8000] = 1.0
    mel = log_mel(click, mel_filters())
    assert np.isclose(mel.max() - mel.min(), 2.0)
