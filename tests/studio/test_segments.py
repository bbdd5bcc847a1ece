"""The film's clips are found, named, and lead to each other only where they look alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from faces import write_film
from figures import WIDTH, figure, raised
from needs import studio
from numpy.typing import NDArray

from renderer.errors import StudioError
from renderer.studio.exits import FADE, find_exits, transitions
from renderer.studio.footage import probe
from renderer.studio.gestures import BodyMotion
from renderer.studio.loops import Loop, looks
from renderer.studio.segment_file import read_segments, segment_lines
from renderer.studio.segments import LEAD, TAIL, Segment, find_segments, gesture
from renderer.studio.thumbnails import write_thumbnails

pytestmark = studio

Found = tuple[list[Segment], NDArray[np.float32]]


@pytest.fixture(scope="module")
def found() -> Found:
    """A man of twenty seconds with two gestures and hands that rest for the first ten."""
    count = 500
    sway = 8 * np.sin(np.arange(count) / 17) + 2 * np.sin(np.arange(count) / 5)
    greys, points = figure(raised(count, (260, 26, 4), (380, 30, 10)), sway=sway)
    look = looks(greys, points)
    return find_segments(look, np.zeros(count), BodyMotion(greys, points, WIDTH)), look


def wandering(count: int, seed: int = 3) -> NDArray[np.float32]:
    chance = np.random.default_rng(seed)
    way = np.cumsum(chance.normal(size=(count + 40, 6)), axis=0)
    smooth = np.stack([np.convolve(line, np.ones(40) / 40, "valid") for line in way.T], axis=1)[:count]
    return np.asarray(smooth - smooth.mean(axis=0), np.float32)


def test_every_role_is_filled_and_gestures_are_numbered(found: Found) -> None:
    segments, _ = found
    names = [segment.name for segment in segments]
    assert names[0] == "listening"
    assert "speaking" in names
    assert names[-2:] == ["gesture1", "gesture2"]
    assert [segment.closes for segment in segments[-2:]] == [False, False]


def test_hands_rest_in_the_listening_clips(found: Found) -> None:
    for segment in found[0]:
        if segment.role == "listening":
            assert (
                segment.loop.end <= 262 or segment.loop.start >= 420 or segment.loop.start in range(285, 380)
            )


def test_a_gesture_begins_and_ends_in_stillness(found: Found) -> None:
    for segment, start, end in zip(found[0][-2:], (260, 380), (290, 420), strict=True):
        assert (segment.lead, segment.tail) == (LEAD, TAIL)
        assert segment.loop.start <= start - 1
        assert segment.loop.end >= end + FADE


def test_a_gesture_keeps_away_from_cuts_and_borders() -> None:
    look = wandering(200)
    look[100:] += 100
    assert gesture("a", 2, 40, look).loop == Loop(0, 50, 0)
    assert gesture("a", 60, 97, look).loop == Loop(54, 100, 0)
    assert gesture("a", 102, 150, look).loop == Loop(100, 160, 0)


def test_gestures_are_entered_at_their_beginning_and_left_at_their_end(found: Found) -> None:
    segments, look = found
    ways = {(way.source, way.target): way.pairs for way in transitions(look, segments)}
    assert not [way for way in ways if way[0].startswith("gesture") and way[1].startswith("gesture")]
    clips = {segment.name: segment for segment in segments}
    for (source, target), pairs in ways.items():
        for leave, enter in pairs:
            if target.startswith("gesture"):
                assert enter <= LEAD
            if source.startswith("gesture"):
                assert clips[source].loop.frames - TAIL - 1 <= leave <= clips[source].loop.frames - 1 - FADE
    for name in ("gesture1", "gesture2"):
        assert [way for way in ways if way[0] == name]
        assert [way for way in ways if way[1] == name]


def test_exits_lead_to_frames_that_look_alike_about_once_a_second() -> None:
    look = wandering(600)
    listening = Segment("listening", "listening", Loop(100, 300, 0))
    speaking = Segment("speaking", "speaking", Loop(20, 580, 0))
    cost, pairs = find_exits(look, listening, speaking)
    assert list(pairs) == sorted(pairs)
    assert len(pairs) >= 6
    assert cost < 0.01
    for leave, enter in pairs:
        # the same film runs on: the frame after the last shown of the one is the first of the other
        assert listening.loop.start + leave + 1 == speaking.loop.start + enter


def test_there_is_always_an_exit_and_where_it_jumps_only_the_best() -> None:
    look = wandering(400)
    look[200:] += 50
    a, b = Segment("listening", "listening", Loop(20, 190)), Segment("speaking", "speaking", Loop(220, 390))
    (there, back) = transitions(look, [a, b])
    for way in (there, back):
        assert way.pairs
        assert all(0 <= leave < 170 and 0 <= enter < 170 for leave, enter in way.pairs)
    far = Segment("listening2", "listening", Loop(30, 180))
    ways = {(way.source, way.target) for way in transitions(look, [a, far, b])}
    assert ("listening2", "speaking") not in ways
    assert ("listening2", "listening") in ways


def chosen(tmp_path: Path, text: str, found: Found) -> list[Segment]:
    file = tmp_path / "chosen.txt"
    file.write_text(text)
    return read_segments(file, found[1], found[0])


def test_what_is_listed_can_be_handed_back(tmp_path: Path, found: Found) -> None:
    segments, look = found
    lines = segment_lines(segments, look)
    again = chosen(tmp_path, "\n".join(lines), found)
    assert [(segment.name, segment.role) for segment in again] == [(s.name, s.role) for s in segments]
    for one, other in zip(again, segments, strict=True):
        assert abs(one.loop.start - other.loop.start) <= 10
        assert abs(one.loop.end - other.loop.end) <= 10


def test_times_may_be_minutes_and_what_is_left_out_is_found(tmp_path: Path, found: Found) -> None:
    segments = chosen(tmp_path, "0:10.2 11.9 gesture wave  # hello\n\n# nothing\n", found)
    assert [segment.name for segment in segments] == ["listening", "speaking", "wave"]
    assert segments[2].loop == Loop(255 - LEAD, 298 + TAIL, 0)


def test_names_left_out_become_the_role(tmp_path: Path, found: Found) -> None:
    text = "1 5 listening\n6 10 listening\n10.2 12 gesture\n15 17 gesture\n"
    names = [segment.name for segment in chosen(tmp_path, text, found)]
    assert names == ["listening", "listening2", "speaking", "gesture1", "gesture2"]


def test_segments_may_be_json(tmp_path: Path, found: Found) -> None:
    text = '[{"start": 1, "end": 9.5, "role": "speaking", "name": "talk"}]'
    assert [segment.name for segment in chosen(tmp_path, text, found)] == ["listening", "talk"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no segment in it"),
        ("1 2", r"line 1: 2 words; start, end, role"),
        ("# times\n1 8 dancing", r"line 2: role 'dancing'; one of listening, speaking, gesture"),
        ("1 8 speaking Big", "name 'Big'; small Latin letters"),
        ("one 8 speaking", "time 'one'; seconds such as 12.5"),
        ("-1 8 speaking", "time '-1'"),
        ("8 1 speaking", "ends before it begins"),
        ("1 25 speaking", r"outside the film of 20\.00 s"),
        ("1 2.5 listening", "too short; at least 2 s"),
        ("1 1.2 gesture", "too short; at least 0.3 s"),
        ("1 12 gesture", "too long; a gesture takes at most 10 s"),
        ("1 8 listening a\n5 12 listening b", "overlaps the one from 5 to 12 s"),
        ("1 8 listening a\n9 14 speaking a", "2 clips named 'a'"),
        ('[{"start": 1, "end": 5}]', "segment 1: an object of start, end, role"),
        ("[1, 2", "not JSON"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, found: Found, text: str, reason: str
) -> None:
    with pytest.raises(StudioError, match=reason):
        chosen(tmp_path, text, found)


def test_a_choice_across_a_cut_is_refused(tmp_path: Path, found: Found) -> None:
    look = found[1].copy()
    look[250:] += 60
    with pytest.raises(StudioError, match=r"spans a cut of the film at 10\.00 s"):
        chosen(tmp_path, "4 14 speaking", (found[0], look))
    assert chosen(tmp_path, "10.5 18 speaking", (found[0], look))


def test_a_missing_file_is_named(tmp_path: Path, found: Found) -> None:
    with pytest.raises(StudioError, match=r"none\.txt: no segments could be read"):
        read_segments(tmp_path / "none.txt", found[1], found[0])


def test_thumbnails_show_every_segment_in_a_row(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", [np.full((64, 96, 3), n, np.uint8) for n in range(110)])
    segments = [
        Segment("listening", "listening", Loop(10, 60)),
        Segment("speaking", "speaking", Loop(10, 109)),
    ]
    path = write_thumbnails(tmp_path / "out", probe(film), segments)
    assert path.name == "segments.png"
    assert path.stat().st_size > 1000
