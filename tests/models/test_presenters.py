"""What the presenters' recipe promises the studio, without drawing anything."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

pytest.importorskip("espeakng_loader")
pytest.importorskip("scipy")

from models.presenters.coarticulation import FPS
from models.presenters.gestures import GESTURES, LEAD, WINDOW
from models.presenters.human import Floats
from models.presenters.nora import NORA
from models.presenters.performance import SETTLE, Performance, perform
from models.presenters.presenter import Presenter
from models.presenters.theo import THEO
from models.presenters.visemes import PHONEMES, visemes_of
from models.presenters.voice import Phone, speak


@pytest.fixture(scope="module", params=(NORA, THEO), ids=lambda who: who.name)
def who(request: pytest.FixtureRequest) -> Presenter:
    presenter: Presenter = request.param
    return presenter


@pytest.fixture(scope="module")
def spoken(who: Presenter) -> list[list[Phone]]:
    # In a process of its own: espeak-ng is one per process, and the recipe ends it where the runtime goes on
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        said = [apart.submit(speak, text, who.voice, who.words_per_minute, who.pitch) for text in who.text]
        return [one.result()[2] for one in said]


@pytest.fixture(scope="module")
def show(who: Presenter, spoken: list[list[Phone]]) -> Performance:
    return perform(spoken, who.plan)[0]


def moving(show: Performance) -> Floats:
    """Everything a frame shows beside the mouth, one row a frame."""
    return np.column_stack(
        [show.head, show.sway * 1000, show.gaze, show.brow, show.opened, show.blink, show.breath]
    )


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_is_over_within_two_seconds_and_leads_back(name: str) -> None:
    head, sway, brow, opened = GESTURES[name]()
    course = np.column_stack([head, sway * 1000, brow, opened])
    assert len(course) <= 2 * FPS
    assert len(course) + LEAD < WINDOW
    step = np.abs(np.diff(course, axis=0)).max()
    assert np.abs(course[[0, -1]]).max() <= step


def test_a_gesture_begins_and_ends_in_the_same_stillness_with_a_closed_mouth(show: Performance) -> None:
    assert {name for name, _, _ in show.windows} == {"nod", "open-hands", "tilt"}
    for _, first, end in show.windows:
        np.testing.assert_allclose(moving(show)[first], moving(show)[end], atol=1e-9)
        assert not show.mouth[first : end + 1].any()


def test_what_the_studio_shows_of_a_gesture_ends_as_it_began(show: Performance) -> None:
    # A window lasts a breath, the studio shows less of it: Theo's chest was not back when a gesture ended
    pytest.importorskip("cv2", reason="needs the extra [studio]")
    from renderer.studio import segments as studio

    shown = moving(show)
    for _, begin, back in show.windows:
        first, last = begin + LEAD - studio.LEAD, back - LEAD + studio.TAIL - 1
        usual = np.median(np.abs(np.diff(shown[first : last + 1], axis=0)), axis=0)
        assert (np.abs(shown[first] - shown[last]) <= 1.5 * usual + 1e-9).all()


def test_gestures_are_five_seconds_apart_and_the_last_part_has_none(show: Performance) -> None:
    starts = [first for _, first, _ in show.windows] + [len(show.mouth)]
    ends = [0] + [end for _, _, end in show.windows]
    assert all(start - end >= 5 * FPS for start, end in zip(starts, ends, strict=True))


def test_listening_repeats_exactly_for_twelve_seconds_and_the_mouth_stays_closed(
    who: Presenter, show: Performance
) -> None:
    silence = int(who.plan.listen * FPS) - round(SETTLE * FPS)
    cycle = who.plan.cycle
    assert cycle >= 12 * FPS
    np.testing.assert_allclose(moving(show)[cycle:silence], moving(show)[: silence - cycle], atol=1e-9)
    assert not show.mouth[:silence].any()


def test_there_are_two_thousand_mouths_and_every_viseme_in_several_contexts(
    spoken: list[list[Phone]], show: Performance
) -> None:
    contexts: Counter[int] = Counter()
    elsewhere = PHONEMES["o"]  # American English glides through this one, from ROUND_O to CLOSE_U
    kinds = {id(v) for parts in PHONEMES.values() for v in parts if v not in elsewhere}
    for phones in spoken:
        course = [viseme for phone in phones for viseme in visemes_of(phone.name)]
        around = {tuple(map(id, course[k - 1 : k + 2])) for k in range(1, len(course) - 1)}
        contexts.update(middle for _, middle, _ in around)
    assert show.mouth.any(axis=1).sum() >= 2000
    assert min(contexts[kind] for kind in kinds) >= 5
