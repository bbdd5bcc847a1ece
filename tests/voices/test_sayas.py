from __future__ import annotations

import pytest

from renderer.voices.sayas import read_as


@pytest.mark.parametrize(
    ("kind", "text", "spoken"),
    [
        ("cardinal", "10,000", "10000"),
        ("cardinal", "-123.01", "-123.01"),
        ("digits", "123045", "1 2 3 0 4 5"),
        ("telephone", "5605560", "5 6 0, 5 5 6 0"),
        ("telephone", "13812345678", "1 3 8, 1 2 3 4, 5 6 7 8"),
        ("telephone", "+86 755 86013388", "+ 8 6, 7 5 5, 8 6 0 1, 3 3 8 8"),
        ("characters", "AB 1", "A B 1"),
        ("id", "X7", "X 7"),
        ("date", "2026-11-21", "2026-11-21"),
    ],
)
def test_signs_are_written_as_they_are_read(kind: str, text: str, spoken: str) -> None:
    assert read_as(kind, text) == spoken


@pytest.mark.parametrize(
    ("kind", "text"), [("cardinal", "ten"), ("cardinal", "1,00"), ("digits", "12a"), ("telephone", "-")]
)
def test_what_is_of_another_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_as(kind, text)
