"""renderer/presence.py"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from renderer.presence import FALL, LIKELY, RISE, SURE, Gate, Presence


def presence(gate: Gate, voices: list[float]) -> list[float]:
    one = Presence(gate)
    return [one.step(voice) for voice in voices]


def test_it_comes_with_the_frame_that_agrees_and_no_earlier() -> None:
    for gate in (SURE, LIKELY):
        seen = presence(gate, [1.0] * (gate.agreed + 2))
        assert not any(seen[: gate.agreed - 1])
        assert seen[gate.agreed - 1] == RISE


def test_it_lingers_and_then_goes() -> None:
    for gate in (SURE, LIKELY):
        seen = presence(gate, [1.0] * 10 + [0.0] * 20)
        assert seen[9 + gate.linger] == 1
        assert seen[10 + gate.linger] == 1 - FALL
        assert seen[-1] == 0


def test_between_the_thresholds_everything_stays_as_it_is() -> None:
    between = [(SURE.over + SURE.under) / 2] * 50
    assert not any(presence(SURE, between))
    assert presence(SURE, [1.0] * 10 + between)[-1] == 1


@given(st.lists(st.floats(0, 1), max_size=60))
def test_it_never_jumps_and_never_leaves_its_range(voices: list[float]) -> None:
    before = 0.0
    for value in presence(SURE, voices):
        assert 0 <= value <= 1
        assert -FALL - 1e-6 <= value - before <= RISE + 1e-6
        before = value


@given(st.lists(st.floats(0, 1), max_size=60))
def test_what_is_surely_speech_is_likely_speech(voices: list[float]) -> None:
    sure, likely = Presence(SURE), Presence(LIKELY)
    run = 0
    for voice in voices:
        run = run + 1 if voice > SURE.over else 0
        sure.step(voice)
        if likely.step(voice) == 0:
            assert run < LIKELY.agreed
