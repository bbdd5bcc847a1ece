"""The command does what its help says, and says in one line what went wrong."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pygame
import pytest

from renderer.avatar import open_avatar
from renderer.cli import main
from renderer.cli.arguments import avatar_and_audio, background_of
from renderer.cli.desk import LINE, Desk
from renderer.sinks.keys import WindowEvent
from renderer.sinks.window import Window
from renderer.types import Picture, State, VideoFrame, Word

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """The exit code of `avatar WORDS`."""
    monkeypatch.setattr(sys, "argv", ["avatar", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """1.3 seconds of a tone, 16 kHz."""
    path = tmp_path / "speech.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        pcm = (8000 * np.sin(np.arange(20_800) / 9)).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_render_makes_a_film_as_long_as_the_speech(
    monkeypatch: pytest.MonkeyPatch, tiny_avatar: Path, speech: Path, tmp_path: Path
) -> None:
    film = tmp_path / "out.mp4"
    assert (
        run(monkeypatch, "render", tiny_avatar, speech, "-o", film, "--before", "0.2", "--after", "0.4") == 0
    )
    with av.open(str(film)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.average_rate) == (160, 96, 25)
        assert video.codec_context.name == "h264"
        frames = sum(1 for _ in container.decode(video))
        assert frames == 5 + 33 + 10
        assert sound.duration is not None
        assert sound.time_base is not None
        assert float(sound.duration * sound.time_base) == pytest.approx(frames / 25, abs=0.04)


def test_render_chooses_the_variant(
    monkeypatch: pytest.MonkeyPatch, tiny_avatar: Path, speech: Path, tmp_path: Path
) -> None:
    film = tmp_path / "out.mp4"
    assert run(monkeypatch, "render", tiny_avatar, speech, "-o", film, "--variant", "portrait", "-q") == 0
    with av.open(str(film)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (64, 112)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no-such-avatar", "AUDIO"], "no-such-avatar"),
        (["AVATAR", "missing.wav"], "missing.wav: no such file"),
        (["AVATAR", "AUDIO", "--variant", "8k"], "no variant '8k'"),
    ],
)
def test_render_says_what_is_wrong_in_one_line_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_avatar: Path,
    speech: Path,
    tmp_path: Path,
    words: list[str],
    message: str,
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    names = {"AVATAR": str(tiny_avatar), "AUDIO": str(speech)}
    words = [names.get(word, word) for word in words]
    assert run(monkeypatch, "render", *words, "-o", folder / "out.mp4") == 1
    said = capsys.readouterr().err.strip()
    assert message in said
    assert said.startswith("avatar: ")
    assert len(said.splitlines()) == 1
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("verb", ["render", "play"])
@pytest.mark.parametrize(("option", "value"), [("--articulation", "1.6"), ("--mouth-gain", "2.1")])
def test_a_mouth_stronger_than_sane_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str, option: str, value: str
) -> None:
    assert run(monkeypatch, verb, HELLO, option, value) == 2
    assert option in capsys.readouterr().err


def test_articulation_reaches_the_film(
    monkeypatch: pytest.MonkeyPatch, tiny_avatar: Path, tmp_path: Path
) -> None:
    for number, articulation in enumerate(("1.0", "0.5")):
        film = tmp_path / f"{number}.mp4"
        words = (tiny_avatar, HELLO, "-o", film, "--articulation", articulation, "--quiet")
        assert run(monkeypatch, "render", *words) == 0
    plain, mumbled = ((tmp_path / f"{number}.mp4").read_bytes() for number in range(2))
    assert plain != mumbled


def test_a_film_never_replaces_its_own_recording(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_avatar: Path, speech: Path
) -> None:
    recording = speech.rename(speech.with_suffix(".mp4"))
    content = recording.read_bytes()
    assert run(monkeypatch, "render", tiny_avatar, recording, "-o", recording) == 1
    assert "would replace the recording" in capsys.readouterr().err
    assert recording.read_bytes() == content


def test_the_version_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.startswith("avatar-renderer ")


def test_an_older_film_survives_a_failure(
    monkeypatch: pytest.MonkeyPatch, tiny_avatar: Path, tmp_path: Path
) -> None:
    film = tmp_path / "out.mp4"
    film.write_bytes(b"the film of yesterday")
    assert run(monkeypatch, "render", tiny_avatar, tmp_path / "missing.wav", "-o", film, "-q") == 1
    assert film.read_bytes() == b"the film of yesterday"


def test_inspect_shows_what_is_inside(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_avatar: Path
) -> None:
    assert run(monkeypatch, "inspect", tiny_avatar) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("160", "listening", "speaking", "lips.onnx"))
    assert run(monkeypatch, "inspect", tiny_avatar, "--json") == 0
    assert json.loads(capsys.readouterr().out)["format"] == 2


def test_inspect_exits_non_zero_on_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.avatar"
    broken.write_bytes(b"")
    assert run(monkeypatch, "inspect", broken) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_list_names_the_avatars(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "list") == 0
    assert "Put your own into" in capsys.readouterr().out


def test_list_draws_posters_in_characters_with_their_shape_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_avatar: Path
) -> None:
    monkeypatch.setenv("AVATAR_HOME", str(tmp_path))
    shutil.copy(tiny_avatar, tmp_path / "tiny.avatar")
    assert run(monkeypatch, "list", "--posters") == 0
    told = capsys.readouterr().out.split("tiny\n")[-1]
    rows = [line for line in told.splitlines() if line.startswith("▀")]
    assert 1 < len(rows) <= 18
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("verb", ["play", "render", "check", "build", "inspect", "fetch", "list"])
def test_every_verb_teaches_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    assert run(monkeypatch, verb, "--help") == 0
    assert verb in capsys.readouterr().out


def test_avatar_and_audio_are_told_apart(tiny_avatar: Path, speech: Path) -> None:
    assert avatar_and_audio(["anna", "hello.wav"]) == ("anna", "hello.wav")
    assert avatar_and_audio([str(speech)]) == (None, str(speech))
    assert avatar_and_audio([str(tiny_avatar)]) == (str(tiny_avatar), None)
    assert avatar_and_audio(["gone.avatar"]) == ("gone.avatar", None)
    assert avatar_and_audio(["anna"]) == ("anna", None)
    assert avatar_and_audio(["gone.wav"]) == (None, "gone.wav")
    assert avatar_and_audio(["folder/gone"]) == (None, "folder/gone")
    assert avatar_and_audio(["https://example.com/anna.avatar?v=2"])[1] is None
    assert avatar_and_audio(["-"]) == (None, "-")
    assert avatar_and_audio(None) == (None, None)


@pytest.fixture
def _no_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


@pytest.mark.usefixtures("_no_devices")
def test_play_shows_the_speech_and_a_moment_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_avatar: Path, speech: Path
) -> None:
    assert run(monkeypatch, "play", tiny_avatar, speech, "--subtitles") == 0
    shown = int(capsys.readouterr().err.split()[0])
    assert 33 + 25 - 10 <= shown <= 33 + 25 + 15


@pytest.mark.usefixtures("_no_devices")
def test_a_colour_fills_the_borders_of_an_avatar_without_a_matte(
    monkeypatch: pytest.MonkeyPatch, tiny_avatar: Path, speech: Path
) -> None:
    """It used to be refused: only behind a person can nothing be put."""
    seen: set[tuple[int, ...]] = set()
    show = Window.show

    def looked_at(window: Window, pixels: Picture) -> None:
        show(window, pixels)
        seen.add(tuple(pygame.display.get_surface().get_at((0, 0)))[:3])

    monkeypatch.setattr(Window, "show", looked_at)
    assert run(monkeypatch, "play", tiny_avatar, speech, "--fullscreen", "--background", "#102030") == 0
    assert seen == {(16, 32, 48)}


def test_play_writes_a_stream_that_others_read(tiny_avatar: Path, speech: Path) -> None:
    code = "import sys; sys.argv[0] = 'avatar'; from renderer.cli import main; main()"
    words = ["play", str(tiny_avatar), str(speech), "-o", "-"]
    told = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True)
    with av.open(io.BytesIO(told.stdout)) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert pictures[0].shape == (96, 160, 3)
    assert 33 + 25 <= len(pictures) <= 33 + 25 + 10


@pytest.mark.usefixtures("_no_devices")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--background", "#102030", "-o", "-"], "no matte"),
        (["--background", "nowhere.png"], "nowhere.png: no such file"),
        (["--background", "SPEECH"], "no picture in it"),
        (["missing.wav"], "missing.wav: no such file"),
    ],
)
def test_play_says_what_is_wrong_before_a_window_opens(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_avatar: Path,
    speech: Path,
    words: list[str],
    message: str,
) -> None:
    words = [str(speech) if word == "SPEECH" else word for word in words]
    assert run(monkeypatch, "play", tiny_avatar, *words) == 1
    said = capsys.readouterr().err.strip()
    assert message in said
    assert len(said.splitlines()) == 1


def test_a_background_is_a_colour_or_a_file() -> None:
    assert background_of("#2080ff") == (32, 128, 255)
    assert background_of("lobby.jpg") == Path("lobby.jpg")


class FakeFeeder:
    def __init__(self, frames: list[VideoFrame]) -> None:
        self._frames, self.is_stopped = frames, False

    def frames(self, stay: bool) -> Iterator[VideoFrame]:
        assert not stay
        return iter(self._frames)

    def stop(self) -> None:
        self.is_stopped = True


def frame_of(index: int, utterance: int | None, *words: str) -> VideoFrame:
    begun = tuple(Word(word, index / 25) for word in words)
    pixels, sound = np.zeros((2, 2, 4), np.uint8), np.zeros(1920, np.float32)
    return VideoFrame(pixels, sound, index, State.SPEAKING, utterance, words=begun)


def test_subtitles_follow_the_words_and_go_with_the_utterance(tiny_avatar: Path) -> None:
    frames = [
        frame_of(0, None),
        frame_of(1, 1, "Hello"),
        frame_of(2, 1),
        frame_of(3, 1, "there"),
        frame_of(4, 1, *["and so on"] * 9),
        frame_of(5, None),
    ]
    shown: list[str] = []
    with open_avatar(tiny_avatar) as avatar, avatar.session() as session:
        desk = Desk(session, cast(Any, FakeFeeder(frames)), subtitles=True)
        assert list(desk.frames(False, shown.append)) == frames
    assert shown[:4] == ["", "Hello", "Hello", "Hello there"]
    assert len(shown[4]) <= LINE
    assert shown[4].startswith("and so on")
    assert shown[5] == ""


def test_keys_reach_the_session(tiny_avatar: Path) -> None:
    with open_avatar(tiny_avatar) as avatar, avatar.session() as session:
        feeder = FakeFeeder([])
        desk = Desk(session, cast(Any, feeder), subtitles=False)
        desk.on_event(WindowEvent.GESTURE_1)
        assert any(frame.gesture == "nod" for frame in islice(session, 40))
        session.push(np.full(16_000, 0.1, np.float32), 16_000)
        next(frame for frame in session if frame.utterance)
        desk.on_event(WindowEvent.PAUSE)
        assert not next(session).sound.any()
        desk.on_event(WindowEvent.PAUSE)
        assert next(session).sound.any()
        desk.on_event(WindowEvent.INTERRUPT)
        assert next(session).utterance is None
        assert feeder.is_stopped
