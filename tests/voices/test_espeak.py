from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest

from renderer.errors import MissingExtra, VoiceError
from renderer.voices import libespeak
from renderer.voices.espeak import EspeakVoice
from renderer.voices.voice import Piece, Reading, Sentence, words_of

try:
    libespeak.library()
except MissingExtra as error:
    pytest.skip(str(error), allow_module_level=True)


def speak(text: str, language: str = "en", *readings: Reading, speed: float = 1.0) -> Piece:
    (piece,) = EspeakVoice(language, speed).speak(Sentence(text, readings))
    return piece


def test_words_come_in_order_with_their_times() -> None:
    piece = speak("Mr Smith paid 3.50 at ten.")
    assert [word.text for word in piece.words] == ["Mr", "Smith", "paid", "3.50", "at", "ten"]
    times = [word.sample for word in piece.words]
    assert times == sorted(set(times))
    assert 0 <= times[0] < times[-1] < len(piece.samples)
    assert [word.first for word in piece.words] == [0, 3, 9, 14, 19, 22]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("As soon as I am in the house for a while.", "en"),
        ("Es ist in der Tat so.", "de"),
        ("重庆是一个很大的城市。", "zh"),
    ],
)
def test_words_said_in_one_breath_are_all_told(text: str, language: str) -> None:
    """espeak-ng tells of "I am" as one word: subtitles said "I"."""
    words = speak(text, language).words
    assert [(word.text, word.first) for word in words] == list(words_of(text))
    times = [word.sample for word in words]
    assert times == sorted(set(times))


def test_a_word_begins_when_it_is_heard() -> None:
    """A comma's silence lies before the second word."""
    piece = speak("hello, world")
    begin = piece.words[1].sample
    sound = np.abs(piece.samples)
    assert sound[begin - 500 : begin].max() < 0.05 < sound[begin : begin + 4000].max()


def test_phonemes_are_told_in_ipa() -> None:
    assert "".join(ipa("hello", "en")) == "hələʊ"


def test_pinyin_prescribes_how_a_character_is_read() -> None:
    assert ipa("重", "zh")[0] == "ts."
    assert ipa("重", "zh", Reading(0, 1, ("chong2",)))[0] == "ts.h"
    assert [word.text for word in speak("重", "zh", Reading(0, 1, ("chong2",))).words] == ["重"]


def test_pinyin_knows_the_umlaut() -> None:
    if ipa("绿", "zh") != ["l", "y"]:
        pytest.skip("espeak-ng before 1.52 reads it as English letters, in Chinese texts too")
    assert ipa("绿", "zh", Reading(0, 1, ("lü4",))) == ["l", "y"]


def test_a_language_without_pinyin_reads_the_text() -> None:
    assert speak("a", "en", Reading(0, 1, ("hao3",))).phonemes[0].ipa == speak("a").phonemes[0].ipa


def test_speed_is_speed() -> None:
    slow, fast = (len(speak("Good morning to you all", speed=speed).samples) for speed in (0.8, 1.6))
    assert slow > 1.6 * fast


def test_nothing_but_dots_is_nothing_to_hear() -> None:
    piece = speak("...")
    assert piece.words == ()
    assert len(piece.samples) < 1000


@pytest.mark.parametrize("name", ["en-us+f3", "zh", "zh-CN", "yue", "de"])
def test_voices_are_known_by_their_usual_names(name: str) -> None:
    assert len(speak("1 2 3", name).samples) > 5000


def test_an_unknown_voice_is_answered_with_one_like_it() -> None:
    with pytest.raises(VoiceError, match=r"no voice 'en-ug'; .*did you mean .*en-u"):
        EspeakVoice("en-ug")


@pytest.mark.parametrize(("speed", "pitch"), [(0.1, 50), (3.0, 50), (1.0, 101)])
def test_speed_and_pitch_have_limits(speed: float, pitch: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        EspeakVoice("en", speed, pitch)


def test_two_threads_do_not_mix_their_sounds() -> None:
    """The library is one speaker for the whole process."""
    alone = {language: ipa("one two three", language) for language in ("en", "de")}
    assert alone["en"] != alone["de"]
    heard: dict[str, list[list[str]]] = {}

    def read(language: str) -> None:
        heard[language] = [ipa("one two three", language) for _ in range(20)]

    threads = [threading.Thread(target=read, args=(language,)) for language in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {language: 20 * [phonemes] for language, phonemes in alone.items()}


def ipa(text: str, language: str, *readings: Reading) -> list[str]:
    """Without stress, which versions mark differently."""
    found = [phoneme.ipa.strip("ˈˌ") for phoneme in speak(text, language, *readings).phonemes]
    return [phoneme for phoneme in found if phoneme]


def test_the_systems_library_serves_where_the_extra_is_absent() -> None:
    """In a process of its own: the two libraries have one name, and a process loads it once."""
    code = """
import sys
sys.modules["espeakng_loader"] = None
from renderer.errors import MissingExtra
from renderer.voices.libespeak import library
try:
    print(len(library().speak("hello you", "en", 160, 50).words))
except MissingExtra as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    if "no espeak-ng to speak with" in done.stdout:
        pytest.skip("no libespeak-ng in the system")
    assert done.stdout == "2\n"


def test_without_espeak_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libespeak, "_of_the_extra", lambda: iter(()))
    monkeypatch.setattr(libespeak, "_of_the_system", lambda: iter([("libno-such-espeak.so", None)]))
    with pytest.raises(MissingExtra, match=r"pip install 'avatar-renderer\[voice\]'"):
        libespeak.library.__wrapped__()
