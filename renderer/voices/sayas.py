"""`say-as`: numbers and signs written such that every voice reads them as meant.

What is read sign by sign is spaced out here; dates, times, measures and their like are left to the voice,
which knows its language's words for them.
"""

from __future__ import annotations

import re

SIGN_BY_SIGN = frozenset(("digits", "telephone", "characters", "id"))
BY_THE_VOICE = frozenset(("address", "date", "time", "punctuation", "measure", "currency"))
INTERPRETATIONS = SIGN_BY_SIGN | BY_THE_VOICE | {"cardinal"}

_CARDINAL = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_GROUPS = {7: (3, 4), 8: (4, 4), 10: (3, 3, 4), 11: (3, 4, 4)}
"""How telephone numbers of so many digits are grouped: 7 and 8 landlines, 10 American, 11 Chinese mobiles."""


def read_as(kind: str, text: str) -> str:
    """The text as it is to be spoken. Raises ValueError where it is not of this kind."""
    if kind == "cardinal":
        if not _CARDINAL.fullmatch(text):
            raise ValueError(f"{text!r}; a number expected, such as 123, -123.01 or 10,000")
        return text.replace(",", "")
    if kind == "digits":
        if not re.fullmatch(r"[\d\s]+", text):
            raise ValueError(f"{text!r}; digits only expected, such as 123045")
        return " ".join(text.replace(" ", ""))
    if kind == "telephone":
        return _telephone(text)
    if kind in ("characters", "id"):
        return " ".join(text.replace(" ", ""))
    assert kind in BY_THE_VOICE, kind
    return text


def _telephone(text: str) -> str:
    if not re.fullmatch(r"\+?[\d\s()./-]+", text) or not re.search(r"\d", text):
        raise ValueError(f"{text!r}; a telephone number expected, such as 5605560 or +86 755 8601 3388")
    groups = re.findall(r"\d+", text)
    spoken = [" ".join(part) for group in groups for part in _grouped(group)]
    return ("+ " if text.startswith("+") else "") + ", ".join(spoken)


def _grouped(digits: str) -> list[str]:
    parts, first = [], 0
    for size in _GROUPS.get(len(digits), (len(digits),)):
        parts.append(digits[first : first + size])
        first += size
    return parts
