from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.voices.sentences import LONGEST, clauses, sentences


def cut(text: str) -> list[str]:
    return [text[first:last].strip() for first, last in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Good morning. How are you? Fine!", ["Good morning.", "How are you?", "Fine!"]),
        (
            "It costs 3.50 at Mr. Smith's, e.g. today. Yes",
            ["It costs 3.50 at Mr. Smith's, e.g. today.", "Yes"],
        ),
        ("J. R. Tolkien wrote it.", ["J. R. Tolkien wrote it."]),
        ('"Stop!" he cried. "Why?"', ['"Stop!"', "he cried.", '"Why?"']),
        ("你好。“真的？”好！走吧", ["你好。", "“真的？”", "好！", "走吧"]),
        ("Wait... what", ["Wait...", "what"]),
        ("A heading\n\nand its text", ["A heading", "and its text"]),
        ("wrapped\nlines", ["wrapped\nlines"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_a_reader_takes_breath(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet="ab. ,!?。，\n", max_size=700))
def test_sentences_follow_each_other_and_lose_nothing(text: str) -> None:
    spans = list(sentences(text))
    assert "".join(text[first:last] for first, last in spans) == text
    assert all(0 < last - first <= LONGEST for first, last in spans)


@given(st.text(alphabet="abc ,;，", max_size=300))
def test_clauses_follow_each_other_and_lose_nothing(text: str) -> None:
    assert "".join(text[first:last] for first, last in clauses(text, 10, 40)) == text


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    text = "one two three four five, " * 30
    assert all(part.endswith(",") for part in cut(text))


def test_clauses_are_not_too_short() -> None:
    text = "Yes, well, good morning to you all, and welcome to the museum"
    parts = [text[first:last] for first, last in clauses(text, 24, 120)]
    assert parts == ["Yes, well, good morning to you all, ", "and welcome to the museum"]
