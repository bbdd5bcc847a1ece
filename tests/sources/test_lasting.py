"""A lost microphone is told once and found again; no read outlives `close`."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from renderer.errors import DeviceError, DeviceLost
from renderer.sources.lasting import LONGEST_RETRY, RETRY, LastingSource
from renderer.types import Samples


class Device:
    """Gives its number for so many ticks, then is gone."""

    def __init__(self, number: int, ticks: int) -> None:
        self.name = f"microphone {number}"
        self.is_open = True
        self._ticks = [np.full(640, number, np.float32)] * ticks

    def read(self) -> Samples | None:
        assert self.is_open
        if not self._ticks:
            raise DeviceError("gone; connect it again")
        return self._ticks.pop()

    def close(self) -> None:
        self.is_open = False


class Desk:
    """What is plugged in whenever one is opened: a device of so many ticks, or None for nothing."""

    def __init__(self, *plan: int | None) -> None:
        self.plan = list(plan)
        self.opened: list[Device] = []
        self.asked: list[bool] = []
        self.waits: list[float] = []

    def open(self, look_again: bool = False) -> Device:
        self.asked.append(look_again)
        ticks = self.plan.pop(0)
        if ticks is None:
            raise DeviceError("no microphone")
        self.opened.append(Device(len(self.opened) + 1, ticks))
        return self.opened[-1]

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return False


def test_a_lost_microphone_is_told_once_and_found_again() -> None:
    desk = Desk(2, None, None, None, None, None, 2)
    source = LastingSource(desk.open, desk.wait)
    assert source.name == "microphone 1"
    assert [tick[0] for tick in (source.read(), source.read()) if tick is not None] == [1, 1]
    with pytest.raises(DeviceLost, match="gone; connect it again; it is looked for"):
        source.read()
    assert not desk.opened[0].is_open
    tick = source.read()
    assert tick is not None
    assert tick[0] == 2
    assert source.name == "microphone 2"
    assert desk.waits == [RETRY, 2 * RETRY, 4 * RETRY, 8 * RETRY, LONGEST_RETRY, LONGEST_RETRY]
    assert desk.asked == [False] + [True] * 6
    source.close()
    assert not desk.opened[1].is_open
    assert source.read() is None


def test_no_microphone_at_the_start_is_the_callers_to_know() -> None:
    with pytest.raises(DeviceError, match="no microphone"):
        LastingSource(Desk(None).open)


def test_close_ends_the_search_in_another_thread() -> None:
    source = LastingSource(Desk(0).open)
    with pytest.raises(DeviceLost):
        source.read()
    found: list[Samples | None] = []
    thread = threading.Thread(target=lambda: found.append(source.read()))
    thread.start()
    source.close()
    thread.join(10)
    assert found == [None]


def test_a_microphone_found_while_it_is_closed_is_given_back() -> None:
    desk = Desk(0, 5)
    source = LastingSource(desk.open, desk.wait)
    with pytest.raises(DeviceLost):
        source.read()

    def wait(_: float) -> bool:
        source.close()
        return False

    source._wait = wait
    assert source.read() is None
    assert not desk.opened[1].is_open
