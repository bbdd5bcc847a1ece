"""The director changes clips where they look alike, and the state at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.director import FADE, LONG_FADE, PATIENCE, REST_AFTER, Director, Shot
from renderer.package.manifest import Manifest
from renderer.types import State

LISTENING, SPEAKING = 40, 90


def manifest(pairs: bool = True, loops: bool = True) -> Manifest:
    """What the director reads of a manifest: clips, roles, transitions."""
    clips = {
        "calm": SimpleNamespace(role="listening", frames=LISTENING, loops=loops),
        "talk": SimpleNamespace(role="speaking", frames=SPEAKING, loops=loops),
    }
    ways = (
        SimpleNamespace(source="calm", target="talk", pairs=((10, 30), (25, 70))),
        SimpleNamespace(source="talk", target="calm", pairs=((20, 5), (60, 33))),
    )
    return cast(Manifest, SimpleNamespace(clips=clips, transitions=ways if pairs else ()))


def play(director: Director, words: str) -> list[Shot]:
    """One shot per letter: `w` has the word, `.` has not."""
    return [director.step(letter == "w") for letter in words]


def test_the_listening_clip_plays_round_and_round() -> None:
    shots = play(Director(manifest()), "." * 100)
    assert [shot.now.frame for shot in shots] == [i % LISTENING for i in range(100)]
    assert {shot.now.clip for shot in shots} == {"calm"}


def test_a_clip_that_does_not_close_holds_its_last_frame() -> None:
    shots = play(Director(manifest(loops=False)), "." * 60)
    assert [shot.now.frame for shot in shots[-21:]] == [LISTENING - 1] * 21


def test_the_state_follows_the_word_at_once_and_rests_after_a_pause() -> None:
    director = Director(manifest())
    shots = play(director, ".." + "w" * 5 + "." * (REST_AFTER + 2))
    states = [shot.state for shot in shots]
    assert states[:2] == [State.LISTENING] * 2
    assert states[2 : 7 + REST_AFTER - 1] == [State.SPEAKING] * (5 + REST_AFTER - 1)
    assert states[-2:] == [State.LISTENING] * 2


def test_the_body_leaves_only_at_an_exit_and_enters_at_its_entry() -> None:
    shots = play(Director(manifest()), "." * 5 + "w" * 30)
    first = next(i for i, shot in enumerate(shots) if shot.now.clip == "talk")
    assert shots[first - 1].now.frame == 10
    assert shots[first].now.frame == 30
    left = shots[first].before
    assert left is not None
    assert left.frame == 11


def test_a_fade_rises_steadily_and_both_clips_move_on() -> None:
    shots = play(Director(manifest()), "w" * 40)
    fading = [shot for shot in shots if shot.before is not None]
    assert len(fading) == FADE
    assert [shot.share for shot in fading] == pytest.approx([(i + 1) / (FADE + 1) for i in range(FADE)])
    assert [shot.now.frame for shot in fading] == list(range(30, 30 + FADE))
    assert [shot.before.frame for shot in fading if shot.before is not None] == list(range(11, 11 + FADE))


def test_without_matching_frames_patience_ends_in_a_long_fade() -> None:
    shots = play(Director(manifest(pairs=False)), "." + "w" * (PATIENCE + LONG_FADE + 5))
    first = next(i for i, shot in enumerate(shots) if shot.now.clip == "talk")
    assert first == PATIENCE + 1
    assert sum(shot.before is not None for shot in shots) == LONG_FADE


def test_impatience_enters_where_the_next_exit_would_have_led() -> None:
    far = cast(Any, manifest())
    far.clips["calm"].frames = 4 * PATIENCE
    far.transitions[0].pairs = ((3 * PATIENCE, 44),)
    shots = play(Director(far), "w" * (PATIENCE + 3))
    assert next(shot for shot in shots if shot.now.clip == "talk").now.frame == 44


@given(st.text(alphabet="w.", max_size=600), st.booleans(), st.booleans())
def test_no_frame_ever_jumps_without_a_fade(words: str, pairs: bool, loops: bool) -> None:
    frames = {"calm": LISTENING, "talk": SPEAKING}
    previous: Shot | None = None
    for shot in play(Director(manifest(pairs, loops)), words):
        assert 0 <= shot.now.frame < frames[shot.now.clip]
        assert 0 < shot.share <= 1
        if previous is not None and previous.now != shot.now:
            step = shot.now.frame - previous.now.frame
            plays_on = previous.now.clip == shot.now.clip and step in (1, 1 - frames[shot.now.clip])
            assert plays_on or (shot.before is not None and shot.share < 0.5)
        previous = shot
