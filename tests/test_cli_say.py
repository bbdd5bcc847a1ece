"""`--say`: texts in place of recordings."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import pytest

from renderer.cli import main
from renderer.errors import MissingExtra
from renderer.voices import libespeak

try:
    libespeak.library()
except MissingExtra as error:
    pytest.skip(str(error), allow_module_level=True)


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """The exit code of `avatar WORDS`."""
    monkeypatch.setattr(sys, "argv", ["avatar", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def frames_of(film: Path) -> int:
    with av.open(str(film)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_text_becomes_a_film(monkeypatch: pytest.MonkeyPatch, tiny_avatar: Path, tmp_path: Path) -> None:
    film = tmp_path / "hello.mp4"
    assert run(monkeypatch, "render", tiny_avatar, "--say", "Hello there.", "-o", film, "-q") == 0
    assert 15 < frames_of(film) < 40
    slow = tmp_path / "slow.mp4"
    words = ["--say", "Hello there.", "--voice", "de", "--speed", "0.5", "-o", slow, "-q"]
    assert run(monkeypatch, "render", tiny_avatar, *words) == 0
    assert frames_of(slow) > 1.4 * frames_of(film)


def test_ssml_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tiny_avatar: Path, tmp_path: Path) -> None:
    text = tmp_path / "greeting.ssml"
    text.write_text('\ufeff<speak><break time="2s"/>你好<insert-action type="nod"/></speak>', "utf-8")
    film = tmp_path / "out.mp4"
    assert (
        run(monkeypatch, "render", tiny_avatar, "--say", f"@{text}", "--voice", "zh", "-o", film, "-q") == 0
    )
    assert 55 < frames_of(film) < 75


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--say", "<speak>Hello"], 1, "SSML, line 1"),
        (["--say", '<insert-action type="fly"/>Hello'], 1, "'fly'; expected one of the gestures nod"),
        (["--say", "@gone.txt"], 1, "gone.txt: no such file"),
        (["--say", "Hello", "--voice", "gibberish"], 1, "no voice 'gibberish'"),
        (["--say", "Hello", "--voice", "gone.onnx"], 1, "gone.onnx"),
        (["--say", " "], 1, "the text: not one sample of sound"),
        (["--say", "Hello", "--speed", "9"], 2, "--speed"),
        (["speech.wav", "--say", "Hello"], 2, "AUDIO and --say"),
        ([], 2, "--say a text"),
    ],
)
def test_what_is_wrong_is_told_and_no_film_is_left(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_avatar: Path,
    tmp_path: Path,
    words: list[str],
    code: int,
    message: str,
) -> None:
    film = tmp_path / "out.mp4"
    assert run(monkeypatch, "render", tiny_avatar, *words, "-o", film, "-q") == code
    assert message in capsys.readouterr().err
    assert not film.exists()
