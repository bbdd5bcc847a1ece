from __future__ import annotations

import sys
from pathlib import Path

import pytest

from renderer.errors import MissingExtra, VoiceError
from renderer.voices import libespeak
from renderer.voices.choosing import open_voice
from renderer.voices.function import FunctionVoice


def test_a_voice_of_ones_own_is_taken_as_it_is() -> None:
    own = FunctionVoice(lambda _text: [])
    assert open_voice(own) is own
    assert isinstance(open_voice(lambda _text: []), FunctionVoice)


@pytest.mark.parametrize(("name", "found"), [(None, "en"), ("zh", "cmn"), ("espeak:en-us+f3", "en-us+f3")])
def test_a_language_is_spoken_by_espeak(name: str | None, found: str) -> None:
    try:
        libespeak.library()
    except MissingExtra as error:
        pytest.skip(str(error))
    assert getattr(open_voice(name), "name", "") == found


@pytest.mark.parametrize("name", ["", "espeak:"])
def test_an_empty_name_is_no_voice(name: str) -> None:
    with pytest.raises(VoiceError, match="without a name"):
        open_voice(name)


def test_an_unknown_engine_is_answered_with_the_known_ones() -> None:
    with pytest.raises(VoiceError, match=r"no engine 'festival' .*espeak:LANGUAGE or piper:FILE"):
        open_voice("festival:kal")


@pytest.mark.parametrize("voice", ["piper:joe.onnx", "joe.onnx", Path("joe.onnx")])
def test_without_piper_its_install_line_is_told(voice: str | Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(MissingExtra, match=r"piper, which speaks joe.onnx, .* pip install piper-tts"):
        open_voice(voice)


def test_a_number_is_no_voice() -> None:
    with pytest.raises(TypeError, match="a name, a file, a Voice or a function expected"):
        open_voice(5)  # type: ignore[arg-type]
