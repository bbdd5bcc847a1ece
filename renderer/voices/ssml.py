"""SSML as virtual humans are driven with it: what to say, where to pause, where to gesture.

    speak p s                             the whole, a paragraph, a sentence
    phoneme alphabet="py" ph="hao3"       the pinyin of each character inside
    break time="500ms" | strength="weak"  a pause
    sub alias="…"                         what is said in place of what is written
    say-as interpret-as="digits"          how numbers and signs are read (renderer/voices/sayas.py)
    word                                  one word
    insert-action type="wave"             begin this gesture at the next word

The root may be left out. Documents are parsed without document types, entities and namespaces, up to a
size; errors say line and column.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from ..errors import TextError
from .sayas import INTERPRETATIONS, read_as
from .script import Passage, Pause, Script
from .voice import Reading

LONGEST_DOCUMENT = 100_000
"""Characters of a document, tags included; virtual-human services take 20,000."""

SHORTEST_BREAK, LONGEST_BREAK = 0.05, 10.0
"""Seconds of one break."""

STRENGTHS = {"none": 0.0, "x-weak": 0.25, "weak": 0.5, "medium": 0.75, "strong": 1.0, "x-strong": 1.25}
"""Seconds of a break of each strength; the values are those of Azure's speech service."""

_ANY = frozenset({"phoneme", "break", "sub", "say-as", "word", "insert-action"})
_INSIDE = {
    "speak": _ANY | {"p", "s"},
    "p": _ANY | {"s"},
    "s": _ANY,
    "word": frozenset({"insert-action", "phoneme", "sub"}),
    "sub": frozenset({"insert-action"}),
    "phoneme": frozenset[str](),
    "break": frozenset[str](),
    "say-as": frozenset[str](),
    "insert-action": frozenset[str](),
}
_ATTRIBUTES = {
    "phoneme": frozenset({"alphabet", "ph"}),
    "break": frozenset({"time", "strength"}),
    "sub": frozenset({"alias"}),
    "say-as": frozenset({"interpret-as", "format", "detail"}),
    "word": frozenset[str](),
    "insert-action": frozenset({"type", "name", "tag", "id"}),
}
_LOOKS_LIKE_SSML = re.compile(
    rf"^\s*<(?:\?xml|!DOCTYPE)\b|</?(?:speak|{'|'.join(sorted(_ANY))})(?=[\s/>]|$)", re.IGNORECASE
)
"""A document, or one of the tags that nothing but SSML has."""
_HAS_ROOT = re.compile(r"\s*(?:<\?xml|<!|<speak(?=[\s/>]))")
_SYLLABLE = re.compile(r"[a-zü]{1,6}[1-5]")
_TIME = re.compile(r"(\d+(?:\.\d+)?)(s|ms)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def parse(text: str) -> Script:
    """Plain text or SSML as a script. Plain text is taken as it is, `<` and `&` included.

    Raises TextError where it looks like SSML and is not.
    """
    if not _LOOKS_LIKE_SSML.search(text):
        passage = Passage()
        passage.text = _CONTROL.sub(" ", text)
        return list(passage.lines())
    if len(text) > LONGEST_DOCUMENT:
        raise TextError(
            f"SSML of {len(text)} characters; at most {LONGEST_DOCUMENT} expected; say it in several parts"
        )
    return _Reader(text).read()


class _Reader:
    """One document on its way through the parser."""

    def __init__(self, text: str) -> None:
        self._has_root = bool(_HAS_ROOT.match(text))
        self._lines_before = (
            len(text[: len(text) - len(text.lstrip())].splitlines()) if self._has_root else -1
        )
        self._text = _CONTROL.sub(" ", text)
        self._script: Script = []
        self._passage = Passage()
        self._open: list[tuple[str, dict[str, str]]] = []
        self._content = ""  # of an element whose text is read in one piece
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self) -> Script:
        document = self._text.lstrip() if self._has_root else f"<speak>\n{self._text}</speak>"
        try:
            self._parser.Parse(document, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise self._wrong(
                f"{reason}; well-formed SSML expected: close every tag, write &lt; for < and &amp; for &",
                error.lineno,
                error.offset,
            ) from error
        self._cut()
        return self._script

    def _refuse(self, *_: object) -> None:
        raise self._wrong("a document type; SSML without <!DOCTYPE> and without entities of its own expected")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1][0] if self._open else ""
        allowed = _INSIDE[parent] if parent else {"speak"}
        if tag not in allowed:
            place = f"inside <{parent}>" if parent else "as the root"
            expected = ", ".join(f"<{name}>" for name in sorted(allowed)) or "text only"
            raise self._wrong(f"<{tag}> {place}; {expected} expected")
        unknown = sorted(set(attributes) - _ATTRIBUTES.get(tag, set(attributes)))
        if unknown:
            expected = ", ".join(sorted(_ATTRIBUTES[tag])) or "none"
            raise self._wrong(f"<{tag}> with the attribute {unknown[0]!r}; {expected} expected")
        self._open.append((tag, attributes))
        if tag in ("phoneme", "say-as"):
            self._content = ""
        elif tag == "break":
            self._break(attributes)
        elif tag == "sub":
            self._add(_collapsed(self._needed(tag, attributes, "alias")))
        elif tag == "insert-action":
            self._gesture(attributes)
        elif tag in ("p", "s"):
            self._cut()

    def _end(self, tag: str) -> None:
        _, attributes = self._open.pop()
        if tag == "phoneme":
            self._phoneme(attributes)
        elif tag == "say-as":
            self._say_as(attributes)
        elif tag in ("p", "s"):
            self._cut()

    def _characters(self, text: str) -> None:
        tag = self._open[-1][0] if self._open else ""
        if tag in ("phoneme", "say-as"):
            self._content += text
        elif tag in ("break", "insert-action"):
            if text.strip():
                raise self._wrong(f"text inside <{tag}>; an empty tag <{tag}/> expected")
        elif not any(name == "sub" for name, _ in self._open):  # the alias is said in its place
            self._add(_collapsed(text))

    def _add(self, text: str) -> None:
        passage = self._passage
        if passage.text.endswith(" ") or not passage.text:
            text = text.lstrip(" ")
        passage.text += text

    def _cut(self) -> None:
        self._script.extend(self._passage.lines())
        self._passage = Passage()

    def _break(self, attributes: dict[str, str]) -> None:
        strength = attributes.get("strength", "medium")
        if strength not in STRENGTHS:
            raise self._wrong(f'<break strength="{strength}">; {", ".join(STRENGTHS)} expected')
        seconds = STRENGTHS[strength]
        if "time" in attributes:
            match = _TIME.fullmatch(attributes["time"].strip())
            seconds = float(match[1]) * (0.001 if match[2] == "ms" else 1.0) if match else -1.0
            if not SHORTEST_BREAK <= seconds <= LONGEST_BREAK:
                raise self._wrong(
                    f'<break time="{attributes["time"]}">; {1000 * SHORTEST_BREAK:.0f}ms '
                    f"to {LONGEST_BREAK:.0f}s expected, such as 500ms or 2s"
                )
        self._cut()
        if seconds:
            self._script.append(Pause(seconds))

    def _gesture(self, attributes: dict[str, str]) -> None:
        name = (attributes.get("type") or attributes.get("name") or "").strip()
        if not name:
            raise self._wrong('<insert-action> without a name; type="the gesture\'s name" expected')
        self._passage.gestures.append((name, len(self._passage.text)))

    def _phoneme(self, attributes: dict[str, str]) -> None:
        alphabet = self._needed("phoneme", attributes, "alphabet")
        if alphabet != "py":
            raise self._wrong(f'<phoneme alphabet="{alphabet}">; py (pinyin) expected')
        syllables = tuple(self._needed("phoneme", attributes, "ph").lower().replace("u:", "ü").split())
        wrong = [syllable for syllable in syllables if not _SYLLABLE.fullmatch(syllable)]
        if wrong:
            raise self._wrong(
                f"<phoneme> with the pinyin {wrong[0]!r}; a syllable and its tone, 1 to 5, expected: hao3"
            )
        characters = "".join(self._content.split())
        if len(syllables) != len(characters) or not syllables:
            raise self._wrong(
                f"<phoneme> with {len(syllables)} syllables for the {len(characters)} characters "
                f"{characters!r}; one syllable per character expected, separated by spaces"
            )
        first = len(self._passage.text)
        self._passage.text += characters
        self._passage.readings.append(Reading(first, len(self._passage.text), syllables))

    def _say_as(self, attributes: dict[str, str]) -> None:
        kind = self._needed("say-as", attributes, "interpret-as")
        if kind not in INTERPRETATIONS:
            raise self._wrong(
                f'<say-as interpret-as="{kind}">; {", ".join(sorted(INTERPRETATIONS))} expected'
            )
        try:
            self._add(read_as(kind, _collapsed(self._content).strip()))
        except ValueError as error:
            raise self._wrong(f'<say-as interpret-as="{kind}">: {error}') from None

    def _needed(self, tag: str, attributes: dict[str, str], name: str) -> str:
        if not attributes.get(name, "").strip():
            raise self._wrong(f"<{tag}> without {name}; <{tag} {name}=…> expected")
        return attributes[name].strip()

    def _wrong(self, message: str, line: int | None = None, column: int | None = None) -> TextError:
        line = self._parser.CurrentLineNumber if line is None else line
        column = self._parser.CurrentColumnNumber if column is None else column
        line += self._lines_before
        return TextError(f"SSML, line {max(1, line)}, column {column + 1}: {message}")


def _collapsed(text: str) -> str:
    return re.sub(r"\s+", " ", text)
