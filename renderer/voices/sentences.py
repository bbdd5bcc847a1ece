"""Where a text may be cut, so that its beginning is heard before its end has been made."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 240
"""Characters of the longest sentence, about 16 s of English: longer ones are cut at a clause or a space."""

_END = re.compile(
    r"[。！？；]+[”’」』）》\"')\]]*\s*"  # full-width marks need no space after them
    r"|(?:[!?]|\.+|…)+[”’\"')\]»]*(?:\s+|$)"
    r"|\s*\n[ \t]*\n\s*"  # a paragraph
)
_CLAUSE = re.compile(r"[,;:–—，、：;](?:\s+|(?<=[，、：—]))|\s+[-–—]\s+")
_ABBREVIATIONS = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "vol", "fig", "approx", "bzw", "ca", "nr")
)


def sentences(text: str, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """Cut a text into sentences: spans that follow each other and together are the whole text.

    A full stop after an abbreviation or an initial, within a number or before a small letter ends nothing.
    """
    first = 0
    for end in _END.finditer(text):
        if _ends(text, first, end):
            yield from _cut(text, first, end.end(), longest)
            first = end.end()
    if first < len(text):
        yield from _cut(text, first, len(text), longest)


def clauses(text: str, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence at its commas and their like, into spans of at least `shortest` characters."""
    first = 0
    for mark in _CLAUSE.finditer(text):
        if mark.end() - first >= shortest and len(text) - mark.end() >= shortest:
            yield from _cut(text, first, mark.end(), longest)
            first = mark.end()
    if first < len(text):
        yield from _cut(text, first, len(text), longest)


def _ends(text: str, first: int, end: re.Match[str]) -> bool:
    mark = end.group().strip()
    if mark != ".":
        return True
    if text[end.end() : end.end() + 1].islower():
        return False
    word = re.split(r"[\s(\[\"'“‘]", text[first : end.start()])[-1]
    is_initial = len(word) == 1 and word.isalpha() and word != "I"
    return not (is_initial or word.lower() in _ABBREVIATIONS or _is_initials(word))


def _is_initials(word: str) -> bool:
    return bool(re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word))


def _cut(text: str, first: int, last: int, longest: int) -> Iterator[tuple[int, int]]:
    while last - first > longest:
        window = text[first : first + longest]
        marks = [mark.end() for mark in _CLAUSE.finditer(window) if mark.end() > longest // 4]
        cut = marks[-1] if marks else window.rfind(" ") + 1
        cut = cut if cut > 0 else longest
        yield first, first + cut
        first += cut
    if first < last:
        yield first, last
