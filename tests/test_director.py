"""The director changes clips where they look alike, and the state at once."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.director import (
    GESTURE_PATIENCE,
    MOST_WISHES,
    PATIENCE,
    SPACING,
    Director,
    Shot,
)
from renderer.package.manifest import Manifest
from renderer.stance import REST_AFTER, ClipFrame
from renderer.types import State
from renderer.ways import FADE, LEAD, LONG_FADE

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
    shots = play(Director(manifest()), ".." + "w" * 30)
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


def test_without_matching_frames_a_long_fade_covers_the_change() -> None:
    shots = play(Director(manifest(pairs=False)), "." + "w" * (PATIENCE + LONG_FADE + 5))
    first = next(i for i, shot in enumerate(shots) if shot.now.clip == "talk")
    assert LEAD < first <= PATIENCE + 1
    assert sum(shot.before is not None for shot in shots) == LONG_FADE


def test_an_exit_that_comes_too_late_is_not_waited_for() -> None:
    far = cast(Any, manifest())
    far.clips["calm"].frames = 4 * PATIENCE
    far.transitions[0].pairs = ((3 * PATIENCE, 44),)
    shots = play(Director(far), "w" * (PATIENCE + 3))
    assert shots[-1].now.clip == "talk"


# -- gestures

WAVE = 50


def with_gestures(
    random_gestures: bool = False,
    seed: int = 0,
    ways: bool = True,
    wave: int = WAVE,
    rests: tuple[tuple[int, int], ...] = ((47, 8),),
) -> Director:
    """`wave` and `nod` beside the two clips; `wave` leads back from its frame 47, `nod` from nowhere."""
    stage = cast(Any, manifest())
    stage.clips["wave"] = SimpleNamespace(role="gesture", frames=wave, loops=False)
    stage.clips["nod"] = SimpleNamespace(role="gesture", frames=30, loops=False)
    if ways:
        stage.transitions += (
            SimpleNamespace(source="talk", target="wave", pairs=((15, 0), (45, 0), (75, 0))),
            SimpleNamespace(source="calm", target="wave", pairs=((12, 0), (30, 0))),
            SimpleNamespace(source="wave", target="talk", pairs=((4, 11), (47, 40))),
            SimpleNamespace(source="wave", target="calm", pairs=rests),
        )
    return Director(stage, random_gestures, seed)


def clips(shots: list[Shot]) -> list[str]:
    """The clips shown, each once for a stretch."""
    return [shot.now.clip for i, shot in enumerate(shots) if not i or shot.now.clip != shots[i - 1].now.clip]


def test_a_gesture_begins_at_an_exit_is_shown_whole_and_leads_back() -> None:
    director = with_gestures()
    play(director, "." * 5)
    director.gesture("wave")
    shots = play(director, "." * 120)
    assert clips(shots) == ["calm", "wave", "calm"]
    made = [shot.now.frame for shot in shots if shot.gesture == "wave"]
    assert made == list(range(48))
    begins = next(i for i, shot in enumerate(shots) if shot.gesture)
    assert shots[begins - 1].now.frame == 12


def test_a_gesture_made_while_speaking_leads_back_to_speaking() -> None:
    director = with_gestures()
    play(director, "w" * 60)
    director.gesture("wave")
    assert clips(play(director, "w" * 150)) == ["talk", "wave", "talk"]


def test_a_gesture_no_exit_leads_to_is_faded_in_after_a_moment_and_out_before_it_freezes() -> None:
    director = with_gestures()
    play(director, "." * 3)
    director.gesture("nod")
    shots = play(director, "." * 90)
    assert clips(shots) == ["calm", "nod", "calm"]
    begins = next(i for i, shot in enumerate(shots) if shot.gesture)
    assert begins <= GESTURE_PATIENCE + 1
    assert sum(shot.before is not None for shot in shots) == 2 * LONG_FADE
    leaving = [shot.before.frame for shot in shots if shot.before and shot.before.clip == "nod"]
    assert leaving == sorted(set(leaving)), "both clips move while one fades into the other"


def test_next_waits_for_the_end_of_the_gesture_that_runs_and_now_for_hands_at_rest() -> None:
    for when, made in (("next", 148), ("now", 47)):
        director = with_gestures(wave=150, rests=((47, 8), (148, 8)))
        director.gesture("wave")
        play(director, "." * 20)
        director.gesture("nod", cast(Any, when))
        shots = play(director, "." * 300)
        assert [clip for clip in clips(shots) if clip != "calm"] == ["wave", "nod"]
        assert max(shot.now.frame for shot in shots if shot.gesture == "wave") == made


def test_a_gesture_asked_for_now_does_not_wait_for_hands_longer_than_patience() -> None:
    director = with_gestures(wave=400, rests=((390, 8),))
    director.gesture("wave")
    play(director, "." * 30)
    director.gesture("nod")
    shots = play(director, "." * 80)
    assert next(i for i, shot in enumerate(shots) if shot.gesture == "nod") <= GESTURE_PATIENCE


def test_gestures_wait_for_their_turn_but_not_without_end() -> None:
    director = with_gestures()
    for _ in range(100):
        director.gesture("wave", "next")
    starts = [shot for shot in play(director, "." * 2000) if shot.gesture and shot.now.frame == 0]
    assert len(starts) == MOST_WISHES


def test_an_interruption_listens_at_once_and_forgets_gestures_to_come() -> None:
    director = with_gestures()
    play(director, "w" * 20)
    director.gesture("wave")
    director.gesture("nod", "next")
    director.interrupt()
    shots = play(director, "." * 200)
    assert {shot.state for shot in shots} == {State.LISTENING}
    assert not any(shot.gesture for shot in shots)


def test_thinking_lasts_until_the_word_comes() -> None:
    director = with_gestures()
    director.think()
    thinking = play(director, "." * 100)
    assert {shot.state for shot in thinking} == {State.THINKING}
    assert play(director, "w")[0].state is State.SPEAKING
    assert play(director, "." * (REST_AFTER + 1))[-1].state is State.LISTENING


def test_random_gestures_keep_their_distance_and_only_a_speaker_makes_them() -> None:
    director = with_gestures(random_gestures=True)
    shots = play(director, "w" * 10_000)
    begins = [i for i, shot in enumerate(shots) if shot.gesture and not shots[i - 1].gesture]
    ends = [i for i, shot in enumerate(shots) if not shot.gesture and shots[i - 1].gesture]
    assert 10_000 / (SPACING[1] + 200) < len(begins) < 10_000 / SPACING[0]
    assert min(begin - end for end, begin in zip(ends, begins[1:], strict=False)) >= SPACING[0]
    assert {shot.gesture for shot in shots} == {None, "wave"}, "only what an exit leads to"
    assert not any(shot.gesture for shot in play(with_gestures(random_gestures=True), "." * 5000))


def test_the_seed_decides_about_random_gestures() -> None:
    films = [play(with_gestures(random_gestures=True, seed=seed), "w" * 3000) for seed in (1, 1, 2)]
    assert films[0] == films[1] != films[2]


def test_who_directs_gestures_gets_no_random_ones() -> None:
    director = with_gestures(random_gestures=True)
    play(director, "w" * 30)
    director.gesture("nod")
    shots = play(director, "w" * 3000)
    assert {shot.gesture for shot in shots} == {None, "nod"}
    play(director, "." * REST_AFTER)
    assert "wave" in {shot.gesture for shot in play(director, "w" * 3000)}


def test_frames_can_be_taken_back() -> None:
    director = with_gestures(random_gestures=True)
    play(director, "w" * 137)
    stance = director.stance
    once = play(director, "w" * 300)
    director.stance = stance
    assert play(director, "w" * 300) == once


def test_what_comes_after_a_cut_was_announced_in_time() -> None:
    """A decoder needs some frames to get to an entry; an unforeseen cut costs three times a frame."""
    director = with_gestures(random_gestures=True)
    chance = Random(0)
    announced: list[set[ClipFrame]] = [set()]
    for _ in range(5000):
        if chance.random() < 0.01:
            director.gesture(chance.choice(["wave", "nod"]), chance.choice(["now", "next"]))
        before = director.stance.now
        shot = director.step(chance.random() < 0.5)
        leaves = before.frame >= 0 and shot.now.clip != before.clip
        if leaves and before.clip in ("calm", "talk"):  # a gesture's last exit does not come again
            assert all(shot.now in seen for seen in announced[-(LEAD - 1) :])
        announced.append(set(director.coming()))


# -- whatever is called


def check_play(shots: list[Shot], lengths: dict[str, int], loops: bool) -> None:
    """No frame jumps: each plays on in its clip, or begins a fade over the clip that plays on."""

    def plays_on(a: ClipFrame, b: ClipFrame) -> bool:
        last = a.frame == lengths[a.clip] - 1
        is_loop = loops and a.clip in ("calm", "talk")
        return a.clip == b.clip and b.frame == (a.frame + 1 if not last else 0 if is_loop else a.frame)

    for was, shot in pairwise(shots):
        assert 0 <= shot.now.frame < lengths[shot.now.clip]
        if shot.before is not None and was.before is None:
            assert shot.share < 0.5
            assert plays_on(was.now, shot.before)
            continue
        assert plays_on(was.now, shot.now)
        if shot.before is not None and was.before is not None:
            assert plays_on(was.before, shot.before)
            assert 0 < shot.share - was.share < 0.2
        elif was.before is not None:
            assert was.share > 0.8, "a fade is never broken off"


@settings(deadline=None)
@given(st.text(alphabet="w.", max_size=600), st.booleans(), st.booleans())
def test_no_frame_ever_jumps_without_a_fade(words: str, pairs: bool, loops: bool) -> None:
    lengths = {"calm": LISTENING, "talk": SPEAKING}
    check_play(play(Director(manifest(pairs, loops)), words), lengths, loops)


def test_ten_thousand_sequences_of_calls_never_make_it_jump() -> None:
    lengths = {"calm": LISTENING, "talk": SPEAKING, "wave": WAVE, "nod": 30}
    chance = Random(0)
    made = 0
    for number in range(10_000):
        director = with_gestures(random_gestures=True, seed=number, ways=bool(number % 3))
        shots = []
        for _ in range(6):
            call = chance.choice(["word", "hush", "now", "next", "interrupt", "think", "back"])
            if call in ("now", "next"):
                director.gesture(chance.choice(["wave", "nod"]), cast(Any, call))
            elif call in ("interrupt", "think"):
                getattr(director, call)()
            stance = director.stance
            taken = play(director, ("w" if call == "word" else ".") * chance.randrange(10))
            if call == "back":  # as a session does with frames nobody has seen
                director.stance = stance
            else:
                shots += taken
        check_play(shots, lengths, loops=True)
        made += any(shot.gesture for shot in shots)
    assert made > 1000
