"""models/mouth/evaluate.py and what it goes through, on films whose mouth is known: those of an avatar."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

pytest.importorskip("mediapipe", reason="needs the extra [studio]")
pytest.importorskip("scipy", reason="needs the extra [studio]")
pytest.importorskip("pocketsphinx", reason="models.mouth needs it")
pytest.importorskip("matplotlib", reason="models.mouth needs it")

from models.mouth.corpus.recordings import Recording
from models.mouth.evaluate import main
from models.mouth.evaluation.clips import Clip, Group, Unjudged, clips
from models.mouth.evaluation.judge import score
from models.mouth.evaluation.predictors import FIRST, GAP, drawn, speak
from models.mouth.evaluation.rendered import open_with, rendered
from renderer.audio import load_sound
from renderer.mouth import MouthNetwork
from renderer.types import Picture, Samples

pytestmark = pytest.mark.studio

HELLO = Path(__file__).parents[2] / "examples" / "hello.opus"
RATE = 48_000


@pytest.fixture(scope="module")
def words() -> Samples:
    """Five seconds of speech, 48 kHz."""
    return load_sound(HELLO, RATE)[: 5 * RATE]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory, words: Samples) -> Path:
    """A folder with the shipped avatar saying them, the picture three frames late, and films of no use."""
    folder = tmp_path_factory.mktemp("films")
    with open_with(FIRST, None) as avatar:
        pictures = [frame.pixels[::2, ::2] for frame in avatar.render(words, RATE)]
    late = [pictures[0]] * 3 + pictures[:-3]
    write(folder / "late.mp4", late, words)
    write(folder / "mute.mp4", late[:30], None)
    write(folder / "wall.mp4", [np.full_like(pictures[0], 120)] * 30, words)
    write(folder / "blink.mov", late[:30], words)
    (folder / "broken.mp4").write_bytes(b"no film")
    (folder / "notes.txt").write_text("no film either")
    return folder


def write(path: Path, pictures: list[Picture], sound: Samples | None) -> None:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=Fraction(25))
        video.height, video.width = pictures[0].shape[:2]
        video.pix_fmt = "yuv420p"
        audio = None if sound is None else container.add_stream("aac", rate=RATE, layout="mono")
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            for start in range(0, len(pictures) * RATE // 25, 1024):
                piece = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], "fltp", "mono")
                piece.sample_rate, piece.pts = RATE, start
                container.mux(audio.encode(piece))
            container.mux(audio.encode(None))


@pytest.fixture(scope="module")
def ready(films: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Clip | Unjudged]:
    recordings = [Recording("films", path) for path in sorted(films.iterdir()) if path.suffix != ".txt"]
    work = tmp_path_factory.mktemp("work")
    return {clip.name: clip for clip in clips(Group("films", recordings, work), work / "phonemes")}


def test_a_film_out_of_step_is_judged_in_step(ready: dict[str, Clip | Unjudged]) -> None:
    late = ready["late"]
    assert isinstance(late, Clip)
    assert late.offset.is_known
    assert late.offset.ticks == 3
    own = score(late.said["first"], late.filmed, late.level, late.offset)
    assert own.gap > 0.8, "the film was made by this very network"
    assert own.lag == 0
    for other in ("phonemes", "loudness"):
        assert score(late.said[other], late.filmed, late.level, late.offset).gap < own.gap


def test_a_film_of_no_use_says_why(ready: dict[str, Clip | Unjudged]) -> None:
    reasons = {one.name: one.reason for one in ready.values() if isinstance(one, Unjudged)}
    assert reasons.keys() == {"mute", "wall", "blink", "broken"}
    assert reasons["mute"] == "no sound in it"
    assert reasons["wall"] == "no face found in it"
    assert reasons["blink"].startswith("only 1.2 s of a face")
    assert reasons["broken"].startswith("cannot be read")


def test_rendered_lips_say_what_the_network_says(words: Samples) -> None:
    said = drawn(speak(MouthNetwork.open(FIRST), load_sound(HELLO, 16_000)[: 5 * 16_000])[0])
    with open_with(FIRST, None) as avatar:
        seen = rendered(avatar, words, RATE)
    assert len(seen) == len(said) == 125
    assert np.corrcoef(seen[:, GAP], said[:, GAP])[0, 1] > 0.85


def test_the_command_writes_tables_pictures_and_figures(
    films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("late.mp4", "mute.mp4"):
        (folder / name).write_bytes((films / name).read_bytes())
    options = ["--work", tmp_path / "work", "--plot", tmp_path / "plots", "--json", tmp_path / "all.json"]
    monkeypatch.setattr(sys, "argv", ["evaluate", *map(str, [folder, *options, "--network", FIRST])])
    main()
    told = capsys.readouterr().out
    assert "mute" in told
    assert "no sound in it" in told
    assert {"groups.png", "mine-late.png"} == {path.name for path in (tmp_path / "plots").iterdir()}
    figures = json.loads((tmp_path / "all.json").read_text())["groups"]["mine"]
    assert figures["medians"]["network"] == figures["medians"]["first"]
    assert figures["clips"]["late"]["offset"]["ticks"] == 3
    assert figures["not judged"] == {"mute": "no sound in it"}
