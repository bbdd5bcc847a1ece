"""A person is heard, and the avatar's own voice is not, though both come through one microphone."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.hearing import PREROLL, Change, Hearing, level_of
from renderer.types import Samples

TICK = 640
NOISE = np.random.default_rng(1)


def room(seconds: float, level: float = 0.001) -> Samples:
    """A quiet room's noise."""
    return np.asarray(level * NOISE.standard_normal(round(seconds * 16_000)), np.float32)


def changes(hearing: Hearing, sound: Samples, played: Samples | None = None) -> list[tuple[Change, float]]:
    """What changes, and at which second, while a microphone hears `sound`."""
    found = []
    for at in range(0, len(sound) - TICK + 1, TICK):
        if played is not None:
            hearing.played(played[at : at + TICK])
        change = hearing.push(sound[at : at + TICK]).change
        if change is not None:
            found.append((change, at / 16_000))
    return found


def avatar_speaks(seconds: float) -> Samples:
    """Something that comes and goes like speech, loud."""
    time = np.arange(round(seconds * 16_000)) / 16_000
    swing = 0.5 + 0.5 * np.sin(2 * np.pi * 3 * time)
    return np.asarray(0.3 * swing * NOISE.standard_normal(len(time)), np.float32)


def echo(played: Samples, gain: float = 0.3, delay: float = 0.2) -> Samples:
    shift = round(delay * 16_000)
    late: Samples = np.concatenate([np.zeros(shift, np.float32), gain * played[:-shift]])
    return late + room(len(played) / 16_000)


@pytest.fixture
def person(speech: Samples) -> Samples:
    """Two seconds of a person's speech."""
    return speech[:32_000]


def test_a_person_is_heard_from_begin_to_end(person: Samples) -> None:
    sound = np.concatenate([room(2), person, room(2)])
    (began, at), (ended, until) = changes(Hearing(patience=10), sound)
    assert (began, ended) == (Change.BEGAN, Change.ENDED)
    assert 1.9 < at < 2.6
    assert 3.5 < until < 5.2


def test_what_was_said_comes_whole_with_its_soft_beginning(person: Samples) -> None:
    sound = np.concatenate([room(2), person, room(2)])
    hearing = Hearing(patience=10)
    pieces = [hearing.push(sound[at : at + TICK]) for at in range(0, len(sound) - TICK + 1, TICK)]
    first = next(index for index, piece in enumerate(pieces) if piece.change is Change.BEGAN)
    said = np.concatenate([piece.samples for piece in pieces])
    start = (first + 1 - PREROLL) * TICK
    assert np.array_equal(said, sound[start : start + len(said)])
    assert start <= 32_000 + TICK


def test_a_pause_within_a_sentence_does_not_end_it(person: Samples) -> None:
    sound = np.concatenate([room(2), person[:16_000], room(0.5), person[:16_000], room(2)])
    assert len(changes(Hearing(patience=10), sound)) == 2


@pytest.mark.parametrize("gain", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("delay", [0.08, 0.35])
def test_the_avatar_does_not_hear_itself(gain: float, delay: float) -> None:
    played = avatar_speaks(20)
    assert changes(Hearing(), echo(played, gain, delay), played) == []


def test_a_person_may_break_in_over_the_echo(person: Samples) -> None:
    played = avatar_speaks(10)
    sound = echo(played, gain=0.1)
    loud = person * (0.5 / np.abs(person).max())
    sound[80_000 : 80_000 + len(loud)] += loud
    (began, at), *_ = changes(Hearing(), sound, played)
    assert began is Change.BEGAN
    assert 5.0 <= at < 6.0


def test_with_headphones_a_soft_voice_breaks_in(person: Samples) -> None:
    played = avatar_speaks(10)
    sound = room(10, 0.0003)
    sound[80_000 : 80_000 + len(person)] += 0.1 * person
    (began, at), *_ = changes(Hearing(), sound, played)
    assert began is Change.BEGAN
    assert 5.0 <= at < 6.5


def test_after_the_avatar_a_person_is_heard_as_ever(person: Samples) -> None:
    played = np.concatenate([avatar_speaks(5), np.zeros(80_000, np.float32)])
    sound = echo(played, gain=0.3)
    sound[112_000 : 112_000 + len(person)] += person
    (began, at), *_ = changes(Hearing(), sound, played)
    assert began is Change.BEGAN
    assert 6.9 < at < 7.7


def test_a_click_is_no_person() -> None:
    played = avatar_speaks(8)
    sound = echo(played, gain=0.1)
    sound[64_000:64_800] += 0.9
    assert changes(Hearing(), sound, played) == []


def test_levels_are_in_decibels() -> None:
    assert level_of(np.zeros(5, np.float32)) == -120
    assert level_of(np.zeros(0, np.float32)) == -120
    assert level_of(np.ones(5, np.float32)) == pytest.approx(0)
