"""models/mouth/din/noises.py"""

from __future__ import annotations

import numpy as np
import pytest

from models.mouth.din.noises import HELD_OUT, KINDS, MUSIC, make


@pytest.mark.parametrize("kind", [*KINDS, *HELD_OUT])
@pytest.mark.parametrize("seconds", [0.01, 0.3, 4.0])
def test_every_kind_sounds_at_any_length(kind: str, seconds: float) -> None:
    samples = make(kind, seconds, np.random.default_rng(1))
    assert samples.shape == (round(seconds * 16_000),)
    assert samples.dtype == np.float32
    assert 0.499 < np.abs(samples).max() < 0.501


@pytest.mark.parametrize("kind", [*KINDS, *HELD_OUT])
def test_a_seed_makes_one_sound_and_no_other(kind: str) -> None:
    one, same, other = (make(kind, 1.0, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert one.tobytes() == same.tobytes()
    assert one.tobytes() != other.tobytes()


def test_training_hears_nothing_that_is_held_out() -> None:
    assert len(HELD_OUT) >= 2
    assert not set(KINDS) & set(HELD_OUT)
    assert set(MUSIC) < set(KINDS)
