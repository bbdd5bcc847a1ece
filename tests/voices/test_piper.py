"""The adapter to piper, with a voice of a few hundred bytes made here."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from renderer.errors import NetworkError, VoiceError
from renderer.voices.piper import PiperVoice
from renderer.voices.speaking import speech
from renderer.voices.voice import Reading, Sentence

pytest.importorskip("piper")
onnx = pytest.importorskip("onnx")

HOP = 256
"""Samples of each phoneme id of the voice made here."""


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    return write_voice(tmp_path / "tiny.onnx")


def write_voice(path: Path, aligned: bool = False, language: str = "en") -> Path:
    """A voice that hums 0.25 for 256 samples per phoneme id, and tells so if `aligned`."""
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["ids", "nothing"], ["zeros"]),
        helper.make_node("Unsqueeze", ["zeros", "axis"], ["column"]),
        helper.make_node("Add", ["column", "row"], ["sound"]),  # (1, ids, HOP)
        helper.make_node("Reshape", ["sound", "flat"], ["output"]),
        helper.make_node("Add", ["zeros", "one"], ["durations"]),
    ]
    constants = [
        helper.make_tensor("nothing", TensorProto.FLOAT, [], [0.0]),
        helper.make_tensor("axis", TensorProto.INT64, [1], [2]),
        helper.make_tensor("row", TensorProto.FLOAT, [HOP], [0.25] * HOP),
        helper.make_tensor("flat", TensorProto.INT64, [4], [1, 1, 1, -1]),
        helper.make_tensor("one", TensorProto.FLOAT, [], [1.0]),
    ]
    graph = helper.make_graph(
        nodes,
        "hum",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [
            helper.make_tensor_value_info("output", TensorProto.FLOAT, None),
            *([helper.make_tensor_value_info("durations", TensorProto.FLOAT, None)] if aligned else []),
        ],
        initializer=constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(path))
    signs = "_^$ !',-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔəɚɛɜɡɪɹɾʃʊʌʒˈˌːθ0123456789ɕχ"
    described = {
        "audio": {"sample_rate": 22_050},
        "espeak": {"voice": language},
        "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": len(signs),
        "num_speakers": 1,
        "hop_length": HOP,
        "phoneme_id_map": {sign: [number] for number, sign in enumerate(signs)},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(described))
    return path


def test_a_sentence_comes_clause_by_clause_with_its_words(voice: Path) -> None:
    text = "Good morning to everybody here, and welcome to this little museum."
    pieces = list(PiperVoice(voice).speak(Sentence(text)))
    assert len(pieces) == 2
    assert {piece.sample_rate for piece in pieces} == {22_050}
    assert np.allclose(pieces[0].samples, 0.25)
    words = [word for piece in pieces for word in piece.words]
    assert [word.text for word in words] == text.replace(",", "").replace(".", "").split()
    assert [text[word.first :][: len(word.text)] for word in words] == [word.text for word in words]
    assert pieces[1].words[0].sample == len(pieces[0].samples)


def test_a_voice_that_tells_its_phonemes_lengths_tells_the_words_times(tmp_path: Path) -> None:
    (piece,) = PiperVoice(write_voice(tmp_path / "aligned.onnx", aligned=True)).speak(Sentence("a b"))
    assert [word.text for word in piece.words] == ["a", "b"]
    assert piece.words[1].sample % HOP == 0
    assert 0 < piece.words[1].sample < len(piece.samples)


def test_gestures_find_their_words(voice: Path) -> None:
    pieces = list(speech('Good <insert-action type="wave"/>morning', PiperVoice(voice)))
    assert [cue.gesture for piece in pieces for cue in piece.cues if cue.gesture] == ["wave"]


def test_a_chinese_voice_reads_pinyin(tmp_path: Path) -> None:
    voice = PiperVoice(write_voice(tmp_path / "zh.onnx", language="cmn"))
    (piece,) = voice.speak(Sentence("重庆", (Reading(0, 2, ("chong2", "qing4")),)))
    assert [word.text for word in piece.words] == ["chong2", "qing4"]
    assert [word.first for word in piece.words] == [0, 1]


def test_stopping_a_thread_that_says_nothing_is_no_harm(voice: Path) -> None:
    opened = PiperVoice(voice)
    opened.stop(threading.get_ident())
    assert list(opened.speak(Sentence("Good morning.")))


def test_brackets_are_text(voice: Path) -> None:
    assert list(PiperVoice(voice).speak(Sentence("see [[1]]")))


@pytest.mark.parametrize("missing", ["tiny.onnx", "tiny.onnx.json"])
def test_a_missing_file_is_named(voice: Path, missing: str) -> None:
    voice.with_name(missing).unlink()
    with pytest.raises(VoiceError, match=f"{missing}: no such file; .*NAME.onnx.json beside it"):
        PiperVoice(voice)


def test_what_is_no_voice_is_refused(voice: Path) -> None:
    described = voice.with_name("tiny.onnx.json")
    described.write_text('{"audio": {}}')
    with pytest.raises(VoiceError, match="not the description of a piper voice"):
        PiperVoice(voice)
    write_voice(voice)
    voice.write_bytes(b"no network")
    with pytest.raises(NetworkError):
        PiperVoice(voice)


def test_speed_has_limits(voice: Path) -> None:
    with pytest.raises(ValueError, match="expected"):
        PiperVoice(voice, speed=5)
