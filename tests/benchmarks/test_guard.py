"""The guard sees a kernel without vectors, and forgives a busy moment."""

from __future__ import annotations

import pytest

from benchmarks.guard import LEAST, LEAST_TO_TWIN, better, ratios, too_slow

SCALAR = {"fade": (1.0, 5.0), "paste": (0.3, 7.0)}
VECTOR = {"fade": (0.1, 5.0), "paste": (0.1, 7.0)}


def test_vectors_pass() -> None:
    found = ratios(SCALAR, VECTOR)
    assert found["fade"] == pytest.approx((10.0, 50.0))
    assert found["paste"] == pytest.approx((3.0, 70.0))
    assert too_slow(ratios(SCALAR, VECTOR)) == []


def test_a_kernel_as_slow_as_its_scalar_self_is_named() -> None:
    assert too_slow(ratios(SCALAR, {**VECTOR, "paste": (0.29, 7.0)})) == ["paste"]


def test_a_kernel_not_much_faster_than_numpy_is_named() -> None:
    assert too_slow(ratios({**SCALAR, "fade": (30.0, 5.0)}, {**VECTOR, "fade": (1.0, 5.0)})) == ["fade"]


def test_one_undisturbed_measurement_is_enough() -> None:
    disturbed = {"fade": (1.0, 50.0), "paste": (4.0, 1.0)}
    calm = {"fade": (10.0, 50.0), "paste": (3.0, 70.0)}
    assert too_slow(disturbed) == ["fade", "paste"]
    assert too_slow(better(disturbed, calm)) == []
    assert better({}, calm) == calm


def test_the_floors_lie_between_what_is_lost_and_what_was_measured() -> None:
    assert 1.0 < LEAST < 1.9
    assert 1.0 < LEAST_TO_TWIN < 47 / 2.5
