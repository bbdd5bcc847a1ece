from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import TextError
from renderer.voices import ssml
from renderer.voices.script import Gesture, Line, Pause
from renderer.voices.ssml import parse
from renderer.voices.voice import Reading, Sentence


def said(text: str) -> list[str]:
    return [item.sentence.text for item in parse(text) if isinstance(item, Line)]


@pytest.mark.parametrize(
    "text", ["Tom & Jerry", "a < b, b > c", "5 <6", "<3 you", "<b>bold</b> & [[x]]", "use the <s> tag"]
)
def test_plain_text_passes_unchanged(text: str) -> None:
    assert parse(text) == [Line(Sentence(text))]


def test_what_a_voice_would_take_for_commands_is_taken_out() -> None:
    assert said("a\x01b\x00c") == ["a b c"]
    assert said("a\ud800b") == ["a b"]


@pytest.mark.parametrize(
    ("markup", "seconds"),
    [
        ('<break time="500ms"/>', 0.5),
        ('<break time="9s"/>', 9.0),
        ('<break time="1.5s"></break>', 1.5),
        ("<break/>", 0.75),
        ('<break strength="x-strong"/>', 1.25),
        ('<break strength="weak" time="2s"/>', 2.0),
    ],
)
def test_breaks_last_as_long_as_they_say(markup: str, seconds: float) -> None:
    script = parse(f"<speak>one{markup} two</speak>")
    assert script == [Line(Sentence("one")), Pause(seconds), Line(Sentence("two"))]


def test_an_action_belongs_to_the_next_word() -> None:
    (line,) = parse(
        'Please <insert-action type="wave"/> come in <word>here<insert-action type="nod"/></word> now'
    )
    assert isinstance(line, Line)
    assert line.sentence.text == "Please come in here now"
    assert [(gesture.name, line.sentence.text[gesture.at :]) for gesture in line.gestures] == [
        ("wave", "come in here now"),
        ("nod", "now"),
    ]


def test_an_action_after_a_full_stop_belongs_to_the_next_sentence() -> None:
    first, second = parse('<speak>Hello.<insert-action type="bow"/> Good to see you.</speak>')
    assert first == Line(Sentence("Hello."))
    assert second == Line(Sentence("Good to see you."), (Gesture("bow", 0),))


def test_an_action_after_the_last_word_stands_by_itself() -> None:
    assert parse('Bye!<insert-action type="bow"/>') == [Line(Sentence("Bye!")), Gesture("bow", 0)]


def test_pinyin_is_kept_with_its_characters() -> None:
    (line,) = parse('我在<phoneme alphabet="py" ph="chong2 qing4">重庆</phoneme>。')
    assert line == Line(Sentence("我在重庆。", (Reading(2, 4, ("chong2", "qing4")),)))
    assert isinstance(line, Line)
    spelled, origin = line.sentence.spelled()
    assert spelled == "我在 chong2  qing4 。"
    assert [origin[spelled.index(part)] for part in ("我", "chong2", "qing4", "。")] == [0, 2, 3, 4]


def test_pinyin_keeps_its_place_in_a_later_sentence() -> None:
    _, line = parse('<speak>你好。 他<phoneme alphabet="py" ph="de5">的</phoneme>书</speak>')
    assert line == Line(Sentence("他的书", (Reading(1, 2, ("de5",)),)))


def test_an_alias_is_said_for_what_is_written() -> None:
    assert said('<speak>Use <sub alias="text to speech">TTS</sub> now</speak>') == ["Use text to speech now"]


def test_numbers_are_read_as_asked() -> None:
    assert said('Dial <say-as interpret-as="digits">112</say-as>.') == ["Dial 1 1 2."]


def test_paragraphs_and_sentences_are_ends() -> None:
    assert said("<speak><p><s>one</s><s>two</s></p><p>three</p></speak>") == ["one", "two", "three"]


def test_a_document_may_say_who_it_is() -> None:
    document = (
        '\n<?xml version="1.0" encoding="UTF-8"?>\n<!-- greeting -->\n<speak version="1.1" xml:lang="en-US" '
        'xmlns="http://www.w3.org/2001/10/synthesis">Fish &amp; chips &#8364;5</speak>'
    )
    assert said(document) == ["Fish & chips €5"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("<speak>\n a<foo/></speak>", "line 2, column 3: <foo> inside <speak>; .*<word> expected"),
        ("\n\n<speak>a</speek>", "line 3, column 11: mismatched tag"),
        ("one\ntwo <word>x", "line 2, column [0-9]+: .*close every tag"),
        ("<speak>a<break time='20s'/></speak>", "column 9: .*50ms to 10s expected"),
        ("<speak>a<break time='1h'/></speak>", "50ms to 10s expected"),
        ("<break strength='huge'/>", "x-weak, weak, medium, strong, x-strong expected"),
        ("<break tme='1s'/>", "attribute 'tme'; strength, time expected"),
        ("<break>text</break>", "an empty tag <break/> expected"),
        ("<phoneme alphabet='ipa' ph='a'>a</phoneme>", "py .pinyin. expected"),
        ("<phoneme alphabet='py' ph='hao'>好</phoneme>", "'hao'; a syllable and its tone"),
        ("<phoneme alphabet='py' ph='hao3'>你好</phoneme>", "1 syllables for the 2 characters"),
        ("<sub>x</sub>", "<sub> without alias"),
        ("<insert-action/>", "without a name"),
        ("<say-as interpret-as='digits'>1a</say-as>", "digits only expected"),
        ("<say-as interpret-as='digit'>1</say-as>", "cardinal, .*telephone, time expected"),
        ("<speak>a</speak><speak>", "junk after document element"),
        ("<speak>&nbsp;</speak>", "undefined entity"),
        ("<speak", "well-formed SSML expected"),
    ],
)
def test_errors_say_where_and_what_was_expected(document: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        parse(document)


def test_entities_are_not_expanded() -> None:
    """A billion laughs: a few lines that ten levels of entities make gigabytes of."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(TextError, match="line 1, column 17: a document type"):
        parse(f'<!DOCTYPE speak [<!ENTITY l0 "ha">{levels}]><speak>&l9;</speak>')
    with pytest.raises(TextError, match="a document type"):
        parse('<?xml version="1.0"?><!DOCTYPE speak SYSTEM "file:///etc/passwd"><speak>&x;</speak>')


def test_a_document_may_not_be_endless() -> None:
    with pytest.raises(TextError, match="in several parts"):
        parse("<speak>" + "a" * ssml.LONGEST_DOCUMENT + "</speak>")


@given(st.text(alphabet="<>/&;=\"' ab.speakbreaktimeword", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(TextError):
        parse(text)
