"""`avatar play --mic` and `--listen`, with a recording in place of the microphone."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.audio import load_sound
from renderer.cli import main
from renderer.errors import MissingExtra
from renderer.types import Samples
from renderer.voices import libespeak

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


@pytest.fixture(autouse=True)
def screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that nobody sees, a loudspeaker that nobody hears."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


@pytest.fixture
def person(tmp_path: Path) -> Path:
    """0.6 s of quiet, 1.2 s of speech, 1.2 s of quiet."""
    quiet = (0.0005 * np.random.default_rng(0).standard_normal(19_200)).astype(np.float32)
    return write(
        tmp_path / "person.wav", np.concatenate([quiet[:9600], load_sound(HELLO, 16_000)[:19_200], quiet])
    )


def write(path: Path, sound: Samples) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (sound * 32767).astype(np.int16)[None], format="s16", layout="mono"
        )
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """The exit code of `avatar play WORDS`."""
    monkeypatch.setattr(sys, "argv", ["avatar", "play", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_a_voice_drives_the_avatar_until_the_recording_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_avatar: Path, person: Path
) -> None:
    assert run(monkeypatch, tiny_avatar, "--mic", "--device", person) == 0
    shown = int(capsys.readouterr().err.split(" frames shown")[0].split()[-1])
    assert 75 < shown < 200  # three seconds, and one of listening


def test_a_person_is_answered(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_avatar: Path,
    person: Path,
    tmp_path: Path,
) -> None:
    try:
        libespeak.library()
    except MissingExtra as error:
        pytest.skip(str(error))
    (tmp_path / "tinybot.py").write_text(
        "from pathlib import Path\n"
        "def answer(samples, rate):\n"
        "    Path('heard.txt').write_text(f'{len(samples) / rate:.1f}')\n"
        "    raise ValueError('the bot has no words')\n"
    )
    monkeypatch.chdir(tmp_path)
    listening = ["--listen", "--device", person, "--answer", "tinybot:answer"]
    assert run(monkeypatch, tiny_avatar, "--say", "A speech that is cut off. " * 5, *listening) == 0
    assert 0.8 < float((tmp_path / "heard.txt").read_text()) < 3
    told = capsys.readouterr().err
    assert "avatar: the bot has no words" in told
    assert int(told.split(" frames shown")[0].split()[-1]) < 250  # not the whole speech


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--mic", "--listen"], 2, "one of them expected"),
        (["--aloud"], 2, "--aloud is for --mic"),
        (["--device", "x"], 2, "--device is for"),
        (["--answer", "a:b"], 2, "--answer is for --listen"),
        (["--listen", "--answer", "nothing"], 2, "MODULE:FUNCTION expected"),
        (["--listen", "--answer", "no_such_module:f"], 2, "no_such_module"),
        (["--listen", "--answer", "json:no_such_function"], 1, "json has no function no_such_function"),
        (["--mic", "--device", "gone.wav"], 1, "gone.wav: no such file"),
        (["--mic", "--device", "no such microphone"], 1, "no "),
    ],
)
def test_what_is_wrong_is_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_avatar: Path,
    words: list[str],
    code: int,
    message: str,
) -> None:
    assert run(monkeypatch, tiny_avatar, *words) == code
    assert message in capsys.readouterr().err
