"""How many sessions a device holds is found in few tries."""

from __future__ import annotations

import pytest

from renderer import Settings
from renderer.avatar import Avatar
from renderer.bench.sessions import SETTLED, films, run_sessions, search


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 7, 13, 20, 63, 64, 1000])
def test_the_number_found_holds_and_is_at_most_a_quarter_too_small(limit: int) -> None:
    tried: list[int] = []

    def holds(count: int) -> bool:
        tried.append(count)
        return count <= limit

    found = search(holds, 64, lambda _: True)
    assert found <= limit
    assert found >= min(limit, 64) * 0.75 - 1
    assert len(tried) <= 10
    assert len(set(tried)) == len(tried)


def test_no_more_are_tried_than_there_is_memory_for() -> None:
    assert search(lambda _: True, 64, lambda more: more < 3) == 4


def test_every_session_gives_its_frames(avatar: Avatar) -> None:
    seconds = 0.4
    told = run_sessions(avatar, Settings(pixels="bgra"), 3, seconds)
    assert told["sessions"] == 3
    assert told["frames"] == 3 * round(seconds * 25)
    assert 0 <= told["late"] <= told["frames"]
    assert SETTLED > 0


def test_what_a_session_raises_is_raised(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ArithmeticError("spoilt")

    monkeypatch.setattr("renderer.pipeline.Pipeline.draw", broken)
    with pytest.raises(ArithmeticError, match="spoilt"):
        run_sessions(avatar, Settings(), 2, 0.2)


def test_films_side_by_side_are_all_counted(avatar: Avatar) -> None:
    settings = Settings(pixels="bgra")
    assert films(avatar, settings, 2, 0.3) > 0
    assert films(avatar, settings, 2, 0.0) == 0, "only what is drawn in time counts"
