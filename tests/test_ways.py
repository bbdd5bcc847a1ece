"""A clip is left where faces are near each other: at an exit the package names, or at one that was found."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.avatar import Avatar
from renderer.director import GESTURE_PATIENCE, PATIENCE, Director
from renderer.package.manifest import Manifest
from renderer.poses import Poses
from renderer.stance import ClipFrame
from renderer.ways import ALIKE, FADE, LEAD, LONG_FADE, Ways

CALM, TALK, NOD = 200, 300, 60


def manifest(**pairs: tuple[tuple[int, int], ...]) -> Manifest:
    """Three clips and the ways named: `calm_nod=((10, 0),)`."""
    clips = {
        "calm": SimpleNamespace(role="listening", frames=CALM, loops=True),
        "talk": SimpleNamespace(role="speaking", frames=TALK, loops=True),
        "nod": SimpleNamespace(role="gesture", frames=NOD, loops=False),
    }
    ways = tuple(
        SimpleNamespace(source=way.split("_")[0], target=way.split("_")[1], pairs=found)
        for way, found in pairs.items()
    )
    return cast(Manifest, SimpleNamespace(clips=clips, transitions=ways))


def poses(calm: Any, talk: Any, nod: Any) -> Poses:
    """Faces that only move sideways: one number a frame, in sides of the mouth crop."""
    patch = np.array([(0, 0), (1, 0), (0, 1), (1, 1)], np.float32)
    places = {"calm": calm, "talk": talk, "nod": nod}
    return Poses(
        {clip: patch + np.asarray(at, np.float32)[:, None, None] * (1, 0) for clip, at in places.items()}
    )


def moving(seed: int) -> Poses:
    """Heads that sway, each clip in its own way."""
    rng = np.random.default_rng(seed)
    sways = [
        np.sin(np.arange(frames) / rng.uniform(5, 40) + rng.uniform(0, 6)) * rng.uniform(0.05, 0.5)
        for frames in (CALM, TALK, NOD)
    ]
    return poses(*sways)


def test_the_soonest_of_the_exits_that_are_alike_is_taken() -> None:
    still = poses(np.zeros(CALM), np.zeros(TALK), np.zeros(NOD))
    ways = Ways(manifest(calm_talk=((5, 1), (30, 2), (50, 3))), still)
    way = ways.named(ClipFrame("calm", 0), ["talk"], PATIENCE)
    assert way is not None
    assert (way.leave.frame, way.entry.frame, way.fade) == (30, 2, FADE), "5 comes too soon for a decoder"


def test_a_later_exit_is_taken_where_the_face_is_nearer() -> None:
    calm = np.zeros(CALM)
    calm[31] = 5 * ALIKE
    ways = Ways(manifest(calm_talk=((30, 2), (50, 3))), poses(calm, np.zeros(TALK), np.zeros(NOD)))
    way = ways.named(ClipFrame("calm", 0), ["talk"], PATIENCE)
    assert way is not None
    assert way.leave.frame == 50
    hasty = ways.named(ClipFrame("calm", 0), ["talk"], 40)
    assert hasty is not None
    assert hasty.leave.frame == 30


def test_where_no_exit_is_named_one_is_made_where_the_face_is_nearest() -> None:
    calm = np.linspace(0, 1, CALM)
    nod = np.full(NOD, 0.2)
    way = Ways(manifest(talk_nod=((9, 4),)), poses(calm, np.zeros(TALK), nod)).made(
        ClipFrame("calm", 0), ["nod"], GESTURE_PATIENCE
    )
    assert calm[way.leave.frame + 1] == pytest.approx(0.2, abs=ALIKE)
    assert way.fade == LONG_FADE
    assert way.entry.frame <= 4, "a gesture begins at its beginning"


def test_a_gesture_is_left_where_hands_are_at_rest_even_for_another() -> None:
    still = poses(np.zeros(CALM), np.zeros(TALK), np.zeros(NOD))
    ways = Ways(manifest(nod_calm=((44, 7),)), still)
    assert ways.made(ClipFrame("nod", 3), ["nod"], GESTURE_PATIENCE).leave.frame == 44
    assert Ways(manifest(), still).made(ClipFrame("nod", 3), ["calm"]).leave.frame == NOD - 1 - LONG_FADE


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    start=st.integers(0, CALM - 1),
    exits=st.lists(st.tuples(st.integers(0, CALM - 1), st.integers(0, 5)), max_size=8),
)
def test_no_fade_joins_faces_further_apart_than_another_within_patience_would(
    seed: int, start: int, exits: list[tuple[int, int]]
) -> None:
    """It used to take the soonest exit, and after 0.8 s any frame at all: faces were seen double."""
    named = {"calm_nod": tuple(sorted(exits))} if exits else {}
    stage, seen = manifest(**named), moving(seed)
    director = Director(stage, random_gestures=False, poses=seen)
    for _ in range(start + 1):
        director.step(False)
    director.gesture("nod")
    waited = 0
    while (shot := director.step(False)).gesture is None:
        waited += 1
    assert LEAD <= waited <= GESTURE_PATIENCE
    assert shot.before is not None

    def apart(leave: int, enter: int) -> float:
        return float(seen.apart("calm", np.array([(leave + 1) % CALM]), "nod", np.array([enter]))[0, 0])

    within = [(start + wait) % CALM for wait in range(LEAD, GESTURE_PATIENCE)]
    better = [apart(leave, enter) for leave, enter in exits if leave in within]
    if not better:  # none named comes in time: the best of all frames
        better = [apart(leave, 0) for leave in within]
    taken = apart((shot.before.frame - 1) % CALM, shot.now.frame)
    assert taken <= max(ALIKE, min(better)) + 1e-4  # float32, summed in another order


def test_poses_are_those_of_the_package(avatar: Avatar) -> None:
    seen = Poses.of(avatar._package)
    clip = next(iter(avatar.manifest.clips))
    frames = np.arange(avatar.manifest.clips[clip].frames)
    ways = seen.apart(clip, frames, clip, frames)
    assert ways.shape == (len(frames), len(frames))
    assert np.array_equal(ways.diagonal(), np.zeros(len(frames)))
    assert np.array_equal(ways, ways.T)
