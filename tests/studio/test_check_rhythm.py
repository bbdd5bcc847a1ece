"""Cuts, left-out, repeated and late frames are told from movement, a trembling camera from a moving hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from needs import studio
from numpy.typing import NDArray

from renderer.studio.check import motion, rhythm
from renderer.studio.check.camera import judge_camera
from renderer.studio.check.findings import Finding, Span, clock, merged, spans_where
from renderer.studio.check.looking import Look
from renderer.studio.check.motion import MotionWatch
from renderer.studio.check.notes import Notes, Series
from renderer.studio.footage import Footage

pytestmark = studio

COUNT = 200
FOOTAGE = Footage(Path("film.mp4"), "mov", "h264", 320, 180, 0, 25.0, COUNT / 25, False, False)


def seen(noted: Series) -> Look:
    """A recording without a face, of whose movement this was noted."""
    none = np.full(COUNT, np.nan)
    face = dict.fromkeys(("x", "y", "eyes"), none)
    return Look(FOOTAGE, 0.0, noted, face, none, np.zeros((COUNT, 10), np.float32), {}, ())


def moving(change: NDArray[np.float64], time: NDArray[np.float64] | None = None) -> Look:
    """One whose pictures change by so many grey levels from frame to frame."""
    noted = {name: np.zeros(COUNT) for name in motion.FIELDS}
    noted["time"] = np.arange(COUNT) / 25 if time is None else time
    noted["step"], noted["all"] = change, 1.2 * change
    noted["beside"], noted["head"] = change, 3 * change
    return seen(noted)


def calm() -> NDArray[np.float64]:
    """How much somebody's pictures change who moves now more, now less."""
    chance = np.random.default_rng(1)
    return np.asarray((1 + 0.5 * np.sin(np.arange(COUNT) / 9)) * np.exp(chance.normal(0, 0.12, COUNT)))


def found(look: Look) -> dict[str, Finding]:
    return {finding.rule: finding for finding in rhythm.judge_rhythm(look)}


def test_movement_is_no_fault() -> None:
    assert {finding.status for finding in found(moving(calm())).values()} == {"pass"}


def test_a_cut_is_found_at_its_frame() -> None:
    change = calm()
    change[80] = 12.0
    cut = found(moving(change))["cut"]
    assert (cut.status, cut.figure) == ("fail", "1 cut")
    assert cut.spans[0].start < 80 / 25 < cut.spans[0].end


def test_a_quick_movement_is_no_cut() -> None:
    change = calm()
    change[80:86] *= (2, 5, 8, 8, 5, 2)
    assert found(moving(change))["cut"].status == "pass"


def test_frozen_frames_are_found() -> None:
    change = calm()
    change[100:110] = 0.01
    repeat = found(moving(change))["repeat"]
    assert repeat.status == "fail"
    assert repeat.spans == (Span(4.0, 4.4),)


@pytest.mark.parametrize("period", [2, 5, 6, 12])
def test_frames_left_out_regularly_are_no_cuts_but_a_converted_rate(period: int) -> None:
    change = calm()
    change[3::period] *= 2.2
    judged = found(moving(change))
    assert judged["cut"].status == "pass"
    assert judged["repeat"].status == "warn"
    assert {2: "2nd"}.get(period, f"{period}th") in judged["repeat"].figure


def test_every_sixth_frame_repeated_is_a_converted_rate() -> None:
    change = calm()
    change[2::6] *= 0.05
    repeat = found(moving(change))["repeat"]
    assert repeat.status == "fail"
    assert "16% of the moving frames repeat" in repeat.figure


def test_frames_that_come_late_are_found() -> None:
    lasts = np.full(COUNT, 0.04)
    lasts[50] = 0.2
    steady = found(moving(calm(), np.cumsum(lasts)))["steady"]
    assert steady.status == "warn"
    assert "4 are missing" in steady.figure


def watched(pictures: list[NDArray[np.uint8]]) -> Look:
    watch = MotionWatch(FOOTAGE)
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, "gray")
        frame.time_base = Fraction(1, 25)
        watch.see(number / 25, frame)
    return seen(watch.series())


def room() -> NDArray[np.uint8]:
    """A wall with things on it, larger than the picture."""
    chance = np.random.default_rng(1).integers(0, 255, (25, 43), np.uint8)
    return np.asarray(cv2.resize(chance, (344, 200), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_a_trembling_camera_is_found_where_it_trembles() -> None:
    wall, pictures = room(), []
    for number in range(100):
        x, y = (0.8 * np.sin(number * np.array([1.1, 1.4]))) if 40 <= number < 70 else (0.0, 0.0)
        at = np.array([[1, 0, x - 12], [0, 1, y - 10]])
        pictures.append(np.asarray(cv2.warpAffine(wall, at, (320, 180)), np.uint8))
    shake = judge_camera(watched(pictures))[0]
    assert shake.status == "fail"
    assert shake.spans[0].start >= 1.2
    assert shake.spans[0].end <= 3.2


def test_a_hand_that_waves_is_no_trembling_camera() -> None:
    wall, hand, pictures = room()[:180, :320], room()[:90, :90] // 2, []
    for number in range(100):
        picture = wall.copy()
        x = int(150 + 40 * np.sin(number / 2))
        picture[70:160, x : x + 90] = hand
        pictures.append(picture)
    assert judge_camera(watched(pictures))[0].status == "pass"


def test_a_camera_that_pans_is_found() -> None:
    wall, pictures = room(), []
    for number in range(100):
        at = np.array([[1, 0, -number / 5], [0, 1, -10]])
        pictures.append(np.asarray(cv2.warpAffine(wall, at, (320, 180)), np.uint8))
    shake = judge_camera(watched(pictures))[0]
    assert shake.status == "fail"
    assert "moves" in shake.figure


def test_a_step_of_the_exposure_is_found_where_it_is() -> None:
    wall = room()[:180, :320] // 2
    lighter = np.asarray(wall * 1.3, np.uint8)
    pictures = [np.asarray(wall if number < 60 else lighter) for number in range(100)]
    exposure = judge_camera(watched(pictures))[1]
    assert exposure.status == "fail"
    assert exposure.spans[0].start == pytest.approx(60 / 25, abs=0.05)


def test_spans_join_end_and_are_long_enough() -> None:
    times = np.arange(10) / 10
    mask = np.array([1, 1, 0, 1, 0, 0, 0, 0, 1, 1], bool)
    assert spans_where(mask, times) == (Span(0.0, 0.2), Span(0.3, 0.4), Span(0.8, 1.0))
    assert spans_where(mask, times, join=0.15) == (Span(0.0, 0.4), Span(0.8, 1.0))
    assert spans_where(mask, times, least=0.15) == (Span(0.0, 0.2), Span(0.8, 1.0))


def test_spans_that_overlap_become_one() -> None:
    spans = (Span(3.0, 4.0), Span(0.0, 2.0), Span(1.0, 1.5))
    assert merged(spans) == (Span(0.0, 2.0), Span(3.0, 4.0))


def test_times_read_like_a_clock() -> None:
    assert [clock(seconds) for seconds in (0, 83.46, 59.97, 3725.0)] == [
        "0:00.0",
        "1:23.5",
        "1:00.0",
        "1:02:05.0",
    ]
    assert str(Span(1.0, 2.5)) == "0:01.0–0:02.5"
    assert str(Span(1.0, 1.04)) == "0:01.0"


def test_notes_keep_what_was_noted() -> None:
    notes = Notes(("a", "b"))
    assert {name: len(values) for name, values in notes.series().items()} == {"a": 0, "b": 0}
    notes.add((1.0, 2.0))
    notes.add((3.0, np.nan))
    assert (len(notes), notes.last("a")) == (2, 3.0)
    np.testing.assert_array_equal(notes.series()["b"], [2.0, np.nan])
