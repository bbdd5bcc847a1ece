"""A buffer is used again only when nobody holds any part of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from renderer.buffers import KEPT, Buffers


def test_what_is_held_is_never_handed_out_again() -> None:
    buffers = Buffers((4, 4, 3))
    held: list[Any] = [buffers.take() for _ in range(3)]
    held[0] = held[0][1:, ::2]  # a view
    held[1] = memoryview(held[1])
    held[2] = np.asarray(held[2]).reshape(-1)
    parts = [np.asarray(part) for part in held]
    for _ in range(2 * KEPT):
        taken = buffers.take()
        assert not any(np.shares_memory(taken, part) for part in parts)


def test_what_is_let_go_is_used_again() -> None:
    buffers = Buffers((4, 4, 3))
    places = set()
    for _ in range(100):
        taken = buffers.take()
        places.add(taken.ctypes.data)
        del taken
    assert len(places) == 1


def test_a_host_that_keeps_everything_gets_new_ones_and_we_keep_few() -> None:
    buffers = Buffers((4, 4, 3))
    held = [buffers.take() for _ in range(100)]
    assert len({array.ctypes.data for array in held}) == 100
    assert len(buffers._kept) == KEPT
