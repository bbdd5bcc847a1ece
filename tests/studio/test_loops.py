"""Clips are the calm and the long stretch, close on themselves, and are left where they look alike."""

from __future__ import annotations

import numpy as np
import pytest
from faces import draw, film_of
from needs import studio
from numpy.typing import NDArray

from renderer.studio.clips import clip_affines, clip_lowest, clip_pictures
from renderer.studio.loops import (
    MOST,
    Loop,
    close_at,
    cuts,
    find_loops,
    looks,
    neighbour_steps,
    seam,
    shown,
    small_grey,
)

pytestmark = studio


def wandering(count: int, seed: int = 3) -> NDArray[np.float32]:
    """What frames of somebody moving look like, shape (count, 6): smooth, now here, now there."""
    chance = np.random.default_rng(seed)
    way = np.cumsum(chance.normal(size=(count + 40, 6)), axis=0)
    smooth = np.stack([np.convolve(line, np.ones(40) / 40, "valid") for line in way.T], axis=1)[:count]
    return np.asarray(smooth - smooth.mean(axis=0), np.float32)


def first_loops(look: NDArray[np.float32], strain: NDArray[np.float32]) -> tuple[Loop, Loop]:
    listening, speaking = find_loops(look, strain)
    return listening[0], speaking[0]


def every(loops: tuple[list[Loop], list[Loop]]) -> list[Loop]:
    return [*loops[0], *loops[1]]


def none(count: int) -> NDArray[np.float32]:
    return np.zeros(count, np.float32)


def test_a_movement_that_repeats_is_cut_at_its_period() -> None:
    turn = 2 * np.pi * np.arange(500) / 110
    look = np.stack([np.sin(turn), np.cos(turn), np.sin(3 * turn)], axis=1).astype(np.float32)
    for loop in first_loops(look, none(500)):
        assert loop.frames % 110 <= 2 or loop.frames % 110 >= 108
        assert seam(look, loop) < 1.5


def test_the_seam_is_far_better_than_chance() -> None:
    look = wandering(600)
    listening, speaking = first_loops(look, none(600))
    chance = np.random.default_rng(0)
    any_loops = [Loop(start, start + 300) for start in chance.integers(10, 290, 40)]
    usual = np.median([seam(look, loop) for loop in any_loops])
    assert seam(look, listening) < 0.5 * usual
    assert seam(look, speaking) < 0.5 * usual


def test_listening_is_calm_and_speaking_is_long() -> None:
    look = wandering(1000)
    look[400:620] = look[400] + 0.02 * look[400:620]  # somebody sits still
    listening, speaking = first_loops(look, none(1000))
    assert listening.start >= 395
    assert listening.end <= 625
    assert 100 <= listening.frames <= 300
    assert speaking.frames >= 400


def test_no_clip_spans_a_cut_of_the_film() -> None:
    look = wandering(700)
    look[300:] += 200
    assert cuts(look).tolist() == [300]
    for loop in every(find_loops(look, none(700))):
        assert loop.start - loop.morph >= 300 or loop.end <= 300


def test_a_quick_hand_before_a_still_body_is_no_cut() -> None:
    # a rendered film is so still that hands which opened within 15 frames were taken for a cut
    look = np.zeros((400, 60), np.float32)
    ease = np.clip((np.arange(400) - 200) / 15, 0, 1)
    ease = ease * ease * (3 - 2 * ease)
    look += 12.0 * ease[:, None].astype(np.float32)
    assert neighbour_steps(look).max() > 5
    assert cuts(look).tolist() == []
    look[320:] += 12.0
    assert cuts(look).tolist() == [320]


def test_frames_that_cannot_be_driven_are_avoided() -> None:
    strain = none(800)
    strain[:350] = 1
    for loop in every(find_loops(wandering(800), strain)):
        assert strain[loop.start : loop.end].mean() < 0.1


@pytest.mark.parametrize("count", [100, 130, 250, 6000])
def test_any_length_of_footage_gives_clips_inside_it(count: int) -> None:
    for loop in every(find_loops(wandering(count), none(count))):
        assert loop.start - loop.morph >= 0
        assert loop.end <= count
        assert loop.frames >= min(50, count // 2)


def test_a_clip_closes_on_itself_in_pictures() -> None:
    count = 160
    sway = 14 * np.sin(np.arange(count) / 9) + 3 * np.sin(np.arange(count) / 23)
    points = film_of(np.zeros(count), sway)
    film = [draw(frame) for frame in points]
    look = looks(np.stack([small_grey(picture) for picture in film]), points)
    _, speaking = first_loops(look, none(count))
    clip = [picture.astype(np.int16) for picture in clip_pictures(enumerate(film), speaking)]
    assert len(clip) == speaking.frames
    steps = [float(np.abs(b - a).mean()) for a, b in zip(clip, [*clip[1:], clip[0]], strict=True)]
    assert steps[-1] <= 1.5 * np.median(steps[: -speaking.morph])
    assert max(steps[-speaking.morph :]) <= 1.5 * max(steps[: -speaking.morph])


def test_the_mouth_track_closes_with_the_pictures() -> None:
    affine = np.zeros((200, 2, 3))
    affine[:, 0, 2] = 5 * np.sin(np.arange(200) / 12)
    loop = Loop(20, 150)
    track = clip_affines(affine, loop)
    assert track.shape == (130, 2, 3)
    np.testing.assert_allclose(track[:120], affine[20:140], atol=1e-6)
    assert abs(track[-1, 0, 2] - affine[19, 0, 2]) < 0.3
    covered = np.ones(200, np.float32)
    covered[12] = 0.0  # seen only while the end turns into the frames before the start
    assert clip_lowest(covered, loop)[122] == 0.0
    assert clip_lowest(covered, loop)[:120].min() == 1.0


def test_hands_rest_while_somebody_listens() -> None:
    turn = 2 * np.pi * np.arange(800) / 50
    look = np.stack([np.sin(turn), np.cos(turn)], axis=1).astype(np.float32)
    look[100:400] *= 0.7  # the calmest part, but for the hands
    hands = none(800)
    assert first_loops(look, none(800))[0].start < 400
    hands[120:380] = 1.0
    listening = find_loops(look, none(800), hands)[0][0]
    assert hands[listening.start : listening.end].mean() < 0.15


def test_a_body_speaks_where_its_mouth_talked_and_listens_where_it_did_not() -> None:
    turn = 2 * np.pi * np.arange(800) / 50
    look = np.stack([np.sin(turn), np.cos(turn)], axis=1).astype(np.float32)
    look[:400] *= 0.7  # the calm half closes best
    talking = none(800)
    assert first_loops(look, talking)[1].start < 200
    talking[400:] = 1.0
    listening, speaking = (loops[0] for loops in find_loops(look, none(800), None, talking))
    assert talking[speaking.start : speaking.end].mean() > 0.9
    assert talking[listening.start : listening.end].mean() < 0.1


def test_footage_that_offers_more_gives_several_clips_that_share_little() -> None:
    turn = 2 * np.pi * np.arange(3000) / 130
    look = np.stack([np.sin(turn), np.cos(turn), np.sin(3 * turn)], axis=1).astype(np.float32)
    listening, speaking = find_loops(look, none(3000))
    assert len(listening) == MOST["listening"]
    assert len(speaking) == MOST["speaking"]
    for loops in (listening, speaking):
        frames = np.zeros(3000, int)
        for loop in loops:
            frames[loop.start : loop.end] += 1
            assert seam(look, loop) < 3
        assert (frames > 1).sum() <= 0.2 * min(loop.frames for loop in loops) * len(loops)


def test_ends_chosen_by_hand_are_moved_to_where_the_clip_closes() -> None:
    turn = 2 * np.pi * np.arange(500) / 110
    look = np.stack([np.sin(turn), np.cos(turn), np.sin(3 * turn)], axis=1).astype(np.float32)
    loop = close_at(look, 100, 326)
    assert abs(loop.start - 100) <= 10
    assert abs(loop.end - 326) <= 10
    assert abs(loop.frames - 220) <= 1
    assert close_at(look, 0, 500).start >= close_at(look, 0, 500).morph


def test_what_a_clip_shows_turns_with_its_pictures() -> None:
    look = wandering(300)
    loop = Loop(50, 250)
    seen = shown(look, loop)
    np.testing.assert_array_equal(seen[: -loop.morph], look[50 : 250 - loop.morph])
    assert np.linalg.norm(seen[-1] - look[49]) < 0.1 * np.linalg.norm(look[249] - look[49])
