"""Laying written sounds over heard ones."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="training needs torch")

from models.mouth.corpus.phones import PHONES  # noqa: E402
from models.mouth.listener import EARLY, SHIFTS, Listener, hear, lay  # noqa: E402

pytestmark = pytest.mark.studio

B, OW, T = (PHONES.index(name) for name in ("B", "OW", "T"))


def heard(*runs: tuple[int, int]) -> NDArray[np.float32]:
    """Log probabilities of a listener who is rather sure: runs of (sound, columns)."""
    rows = np.repeat([phone for phone, _ in runs], [length for _, length in runs])
    sure = np.full((len(rows), len(PHONES)), np.log(0.2 / (len(PHONES) - 1)), np.float32)
    sure[np.arange(len(rows)), rows] = np.log(0.8)
    return sure


def test_written_sounds_are_found_where_they_are_heard() -> None:
    spans = lay(heard((0, 5), (B, 4), (OW, 9), (T, 3), (0, 6)), [B, OW, T])
    assert spans == [[5.0, 4.0, B], [9.0, 9.0, OW], [18.0, 3.0, T]]


def test_a_pause_between_sounds_belongs_to_none() -> None:
    spans = lay(heard((B, 4), (0, 7), (OW, 9)), [B, OW])
    assert spans == [[0.0, 4.0, B], [11.0, 9.0, OW]]


def test_a_sound_that_nobody_speaks_is_left_out() -> None:
    spans = lay(heard((0, 4), (B, 6), (OW, 12), (0, 4)), [B, T, OW])
    assert [phone for _, _, phone in spans] == [B, OW]


def test_sounds_stay_in_their_order_even_if_another_order_is_heard() -> None:
    spans = lay(heard((OW, 8), (B, 8)), [B, OW])
    assert [phone for _, _, phone in spans] in ([B, OW], [OW], [B])


def test_what_is_heard_comes_in_steps_of_10_ms_at_its_time() -> None:
    torch.manual_seed(0)
    listener = Listener().eval()
    sound = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    rows = hear(listener, sound)
    assert abs(len(rows) - 100) <= SHIFTS
    assert np.allclose(np.exp(rows).sum(axis=1), 1.0, atol=1e-4)
    # A listener who only hears that it is loud hears a burst EARLY rows late, which the times take back
    quiet = np.zeros(16_000, np.float32)
    quiet[8_000:8_640] = sound[:640]
    changed = np.abs(hear(listener, quiet) - hear(listener, np.zeros_like(quiet))).sum(axis=1)
    weight = changed / changed.sum()
    assert abs(float(weight @ np.arange(len(weight))) - EARLY - 51.5) < 3.0
