"""renderer/expression.py"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from renderer.expression import GAPS, LIP_GAP, PARTED, Expression
from renderer.settings import Settings

Weights = NDArray[np.float32]


def babble(frames: int = 200, seed: int = 0) -> list[Weights]:
    """A mouth that opens and shuts, and rounds and spreads, with the lips sealed now and then."""
    random = np.random.default_rng(seed)
    syllables = np.cumsum(random.uniform(0.5, 1.5, (frames, 10)), axis=0)
    spoken = np.sin(syllables) * 1.4
    spoken[:, GAPS] = np.abs(spoken[:, [LIP_GAP]]) * 1.2
    spoken[::9] *= 0.1
    return list(spoken.astype(np.float32))


def shown(frames: list[Weights], gain: float = 1.0, articulation: float = 1.0) -> NDArray[np.float32]:
    expression = Expression(gain, articulation)
    return np.stack([expression.step(weights) for weights in frames])


def test_left_alone_nothing_is_changed() -> None:
    frames = babble()
    assert shown(frames).tobytes() == np.stack(frames).tobytes()


def test_gain_scales_an_open_mouth() -> None:
    frames = [np.full(10, 2, np.float32)] * 5
    for gain in (0.0, 0.5, 1.5, 2.0):
        np.testing.assert_allclose(shown(frames, gain), 2 * gain)


def test_articulation_scales_what_moves_and_not_what_stays() -> None:
    frames = babble(2000)
    plain, clear, mumbled = (shown(frames, articulation=a) for a in (1.0, 1.5, 0.5))
    np.testing.assert_allclose(clear.mean(axis=0), plain.mean(axis=0), atol=0.15)
    assert clear[:, 3].std() > 1.3 * plain[:, 3].std()
    assert mumbled[:, 3].std() < 0.8 * plain[:, 3].std()
    held = shown([np.full(10, 2, np.float32)] * 300, articulation=1.5)
    np.testing.assert_allclose(held[-1], 2, atol=1e-3)


@given(
    gain=st.floats(0, 2),
    articulation=st.floats(0.5, 2.25),
    before=st.floats(0, 5),
    gap=st.floats(-0.5, 0.05),
)
def test_no_control_opens_a_closure(gain: float, articulation: float, before: float, gap: float) -> None:
    closed = np.full(10, 0.3, np.float32)
    closed[list(GAPS)] = gap
    frames = [np.full(10, before, np.float32)] * 30 + [closed]
    last = shown(frames, gain, articulation)[-1]
    assert (last[list(GAPS)] < 0.1).all()


@pytest.mark.parametrize("articulation", [0.5, 1.5])
@pytest.mark.parametrize("gain", [0.7, 1.8])
def test_nothing_jumps_as_the_lips_part(gain: float, articulation: float) -> None:
    for gap in np.linspace(-0.2, PARTED + 0.3, 40):
        near, far = (np.array([0.5, gap + d, *[0.5] * 8], np.float32) for d in (0.0, 1e-3))
        warm = [np.full(10, 1.5, np.float32)] * 10
        step = shown([*warm, far], gain, articulation)[-1] - shown([*warm, near], gain, articulation)[-1]
        assert np.abs(step).max() < 0.01


def test_the_future_changes_nothing() -> None:
    frames = babble()
    whole = shown(frames, 1.3, 1.4)
    assert shown(frames[:70], 1.3, 1.4).tobytes() == whole[:70].tobytes()


def test_a_choice_may_take_some_frames_and_no_step_is_large() -> None:
    expression = Expression(1.0, 1.0)
    open_wide = np.full(10, 2.0, np.float32)
    expression.step(open_wide)
    expression.express(2.0, 1.0, over=5)
    seen = [float(expression.step(open_wide)[0]) for _ in range(7)]
    assert seen == pytest.approx([2.4, 2.8, 3.2, 3.6, 4.0, 4.0, 4.0])


def test_reset_forgets_how_the_mouth_moved() -> None:
    expression, frames = Expression(1.0, 1.5), babble()
    first = [expression.step(weights).tobytes() for weights in frames]
    expression.reset()
    assert [expression.step(weights).tobytes() for weights in frames] == first


@pytest.mark.parametrize("gain", [-0.1, 2.1, float("nan")])
def test_a_gain_outside_its_limits_is_refused(gain: float) -> None:
    with pytest.raises(ValueError, match=r"mouth gain .*; 0 to 2 expected"):
        Settings(mouth_gain=gain)


@pytest.mark.parametrize("articulation", [0.0, 0.49, 1.51, float("nan")])
def test_an_articulation_outside_its_limits_is_refused(articulation: float) -> None:
    with pytest.raises(ValueError, match=r"articulation .*; 0.5 to 1.5 expected"):
        Settings(articulation=articulation)
