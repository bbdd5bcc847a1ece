"""A film becomes a package that opens; a bad film becomes one clear error and nothing else."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import typer
from faces import draw, film_of, write_film
from needs import studio
from numpy.typing import NDArray
from tiny_lips import train_tiny_lips
from typer.testing import CliRunner

from renderer.errors import StudioError
from renderer.package.manifest import Consent
from renderer.package.reader import open_package
from renderer.studio import build as building
from renderer.studio.build import build_avatar
from renderer.studio.command import add_build_command
from renderer.studio.footage import pictures, probe
from renderer.studio.options import BuildOptions
from renderer.studio.rest import LIPS, UNDER_LIP

pytestmark = studio

FRAMES = 110
SHARED = Path(__file__).parents[3] / "shared"


class DrawnFaces:
    """Knows where the face of the drawn film is; takes the place of mediapipe, which sees no face in it."""

    points = np.zeros((0, 478, 3), np.float32)
    opened = 0

    def __init__(self) -> None:
        type(self).opened += 1
        self._frame = itertools.count()

    def __enter__(self) -> DrawnFaces:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find(self, _: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        points = self.points[next(self._frame)]
        return None if np.isnan(points).any() else points


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four seconds of a drawn face that talks in the middle, with everything slow replaced."""
    opening = np.zeros(FRAMES)
    opening[30:80] = 0.1 * np.sin(np.arange(50) / 50 * 6 * np.pi) ** 2
    points = film_of(opening, 10 * np.sin(np.arange(FRAMES) / 12))
    monkeypatch.setattr(DrawnFaces, "points", points)
    monkeypatch.setattr(DrawnFaces, "opened", 0)
    monkeypatch.setattr("renderer.studio.faces.FaceFinder", DrawnFaces)
    monkeypatch.setattr(building, "train_lips", train_tiny_lips)
    return write_film(tmp_path / "film.mp4", [draw(frame) for frame in points])


def options(work: Path, **changed: Any) -> BuildOptions:
    return BuildOptions(consent=Consent(kind="synthetic"), variants=("240p", "120p"), work=work, **changed)


def test_the_package_opens_and_holds_what_was_asked_for(film: Path, tmp_path: Path) -> None:
    target = tmp_path / "anna.avatar"
    report = build_avatar(film, target, options(tmp_path / "work", name="Anna", licence="CC0-1.0"))
    with open_package(target) as package:
        manifest = package.manifest
        assert (manifest.id, manifest.name, manifest.licence) == ("anna", "Anna", "CC0-1.0")
        assert {name: (v.width, v.height) for name, v in manifest.variants.items()} == {
            "240p": (300, 240),
            "120p": (150, 120),
        }
        assert {clip.role for clip in manifest.clips.values()} == {"listening", "speaking"}
        assert {(step.source, step.target) for step in manifest.transitions} == {
            ("listening", "speaking"),
            ("speaking", "listening"),
        }
        for clip in manifest.clips:
            large, small = package.track("240p", clip), package.track("120p", clip)
            np.testing.assert_allclose(small.affine[:, :, :2], large.affine[:, :, :2] / 2, rtol=1e-5)
            assert large.drivable.min() > 0.99
    assert any("talking" in note for note in report.notes) == (probe(film).duration < 20)
    assert "anna.avatar" in report.lines()[0]


def test_the_clips_carry_a_resting_mouth(film: Path, tmp_path: Path) -> None:
    target = tmp_path / "anna.avatar"
    build_avatar(film, target, options(tmp_path / "work"))
    with open_package(target) as package:
        affine = package.track("240p", "speaking").affine
        video = tmp_path / "speaking.mp4"
        video.write_bytes(package.read(package.manifest.variants["240p"].clips["speaking"].video))
    with av.open(str(video)) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    for at, picture in zip(affine, shown, strict=True):
        x, y = at @ (64, 64 - 128 * 0.1, 1)  # the middle of the lips
        assert picture[int(y) - 6 : int(y) + 7, int(x) - 4 : int(x) + 5].min(axis=2).min() > 45


def test_a_mouth_pulled_aside_is_taught_to_nobody_since_no_weight_tells_it(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DrawnFaces.points[85:92, (*LIPS, *UNDER_LIP), 0] += 9
    taught = []

    def train(*args: Any, **more: Any) -> Any:
        taught.append(np.isfinite(args[1]).all(axis=1))
        return train_tiny_lips(*args, **more)

    monkeypatch.setattr(building, "train_lips", train)
    build_avatar(film, tmp_path / "anna.avatar", options(tmp_path / "work"))
    assert not taught[0][85:92].any()
    assert np.delete(taught[0], range(85, 92)).all()


def test_a_covered_mouth_is_let_go_of_and_taught_to_nobody(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [draw(frame) for frame in DrawnFaces.points]
    for frame in range(60, 75):
        x, y = DrawnFaces.points[frame, 13, :2].astype(int)
        shown[frame][y - 24 : y + 24, x - 34 : x + 34] = (60, 80, 140)
    write_film(film, shown)
    taught = []

    def train(*args: Any, **more: Any) -> Any:
        taught.append(np.isfinite(args[1]).all(axis=1))
        return train_tiny_lips(*args, **more)

    monkeypatch.setattr(building, "train_lips", train)
    target, chosen = tmp_path / "anna.avatar", tmp_path / "chosen.txt"
    chosen.write_text("1 4.2 speaking")
    report = build_avatar(film, target, options(tmp_path / "work", segments=chosen))
    assert any("covered or turned away" in note and "first at 2." in note for note in report.notes)
    assert not taught[0][58:77].any()
    assert taught[0][:54].all()
    with open_package(target) as package:
        drivable = package.track("240p", "speaking").drivable
    assert drivable.min() == 0.0
    assert drivable.max() == 1.0
    assert np.abs(np.diff(drivable)).max() < 0.3


def test_an_interrupted_build_goes_on_where_it_stopped(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "anna.avatar"
    monkeypatch.setattr(building, "train_lips", stop)
    with pytest.raises(KeyboardInterrupt):
        build_avatar(film, target, options(tmp_path / "work"))
    assert not target.exists()
    monkeypatch.setattr(building, "train_lips", train_tiny_lips)
    build_avatar(film, target, options(tmp_path / "work"))
    assert target.exists()
    assert DrawnFaces.opened == 1  # the face was looked for once


def test_the_same_film_gives_the_same_package(film: Path, tmp_path: Path) -> None:
    made = {}
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        report = build_avatar(film, tmp_path / name / "anna.avatar", options(tmp_path / name / "work"))
        made[name] = report.manifest.model_dump()
    assert made["a"] == made["b"]  # says which file differs
    assert (tmp_path / "a/anna.avatar").read_bytes() == (tmp_path / "b/anna.avatar").read_bytes()


def test_nothing_is_left_but_the_package(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(cache))
    (tmp_path / "out").mkdir()
    chosen = BuildOptions(consent=Consent(kind="own-face"), variants=("120p",))
    build_avatar(film, tmp_path / "out" / "anna.avatar", chosen)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["anna.avatar"]
    assert not [path for path in cache.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("faceless", "a face in only 50 of 110 frames"),
        ("distant", "the face is too small"),
        ("empty", "0 bytes"),
        ("text", "not a film"),
    ],
)
def test_a_bad_film_gives_one_error_and_no_package(
    film: Path, tmp_path: Path, spoil: str, reason: str
) -> None:
    if spoil == "faceless":
        DrawnFaces.points[50:] = np.nan
    elif spoil == "distant":
        DrawnFaces.points *= 0.4
    else:
        film.write_bytes(b"" if spoil == "empty" else b"no film at all" * 50)
    (tmp_path / "out").mkdir()
    with pytest.raises(StudioError, match=reason):
        build_avatar(film, tmp_path / "out" / "anna.avatar", options(tmp_path / "work"))
    assert not list((tmp_path / "out").iterdir())


def test_a_film_that_changes_meanwhile_is_noticed(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train_slowly(*args: Any, **more: Any) -> Any:
        film.write_bytes(film.read_bytes() + b"\0" * 8)
        return train_tiny_lips(*args, **more)

    monkeypatch.setattr(building, "train_lips", train_slowly)
    with pytest.raises(StudioError, match="changed while"):
        build_avatar(film, tmp_path / "anna.avatar", options(tmp_path / "work"))
    assert not (tmp_path / "anna.avatar").exists()


def test_a_target_without_a_folder_is_refused_before_any_work(film: Path, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no such folder"):
        build_avatar(film, tmp_path / "nowhere" / "anna.avatar", options(tmp_path / "work"))
    with pytest.raises(StudioError, match=r"ends in \.avatar"):
        build_avatar(film, tmp_path / "anna.zip", options(tmp_path / "work"))
    assert not (tmp_path / "work").exists()


def run(*words: str) -> Any:
    app = typer.Typer(rich_markup_mode=None)
    app.callback()(lambda: None)
    add_build_command(app)
    return CliRunner().invoke(app, ["build", *words])


def test_the_command_builds_and_reports(film: Path, tmp_path: Path) -> None:
    target, work = tmp_path / "bob.avatar", tmp_path / "work"
    result = run(
        str(film), "-o", str(target), "--consent", "synthetic", "--variants", "120p", "--work", str(work)
    )
    assert result.exit_code == 0, result.output
    assert "bob.avatar" in result.output
    assert target.exists()


def test_the_command_says_how_long_it_takes_and_judges_the_lips(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind(DrawnFaces):
        def find(self, _: NDArray[np.uint8]) -> None:
            return None

    monkeypatch.setattr("renderer.studio.evaluation.FaceFinder", Blind)
    target, page, figures = tmp_path / "bob.avatar", tmp_path / "bob.html", tmp_path / "bob.json"
    words = [str(film), "-o", str(target), "--consent", "synthetic", "--variants", "120p"]
    words += ["--work", str(tmp_path / "work"), "--json", str(figures)]
    assert run(*words).exit_code == 2  # nothing is judged without --evaluate
    result = run(*words, "--evaluate", "--html", str(page))
    assert result.exit_code == 0, result.output
    assert "min on two free cores" in result.output
    assert "never seen in training" in result.output
    told = json.loads(figures.read_text())
    assert told["frames"] == FRAMES // 5
    assert told["size"] == [150, 120]
    assert told["figures"]["landmarks"]["value"] is None
    text = page.read_text()
    assert text.count("<img") == 1 + 3 * 7  # the poster, and seven mouths: filmed, rebuilt, different
    assert "http" not in text


def test_a_person_chooses_the_segments(film: Path, tmp_path: Path) -> None:
    work, chosen = tmp_path / "work", tmp_path / "chosen.txt"
    pictures_in = tmp_path / "pictures"
    listed = run(str(film), "--list-segments", "--work", str(work), "--thumbnails", str(pictures_in))
    assert listed.exit_code == 0, listed.output
    assert (pictures_in / "segments.png").exists()
    lines = [line for line in listed.stdout.splitlines() if "speaking" in line or "listening" in line]
    assert len(lines) == 2
    chosen.write_text("\n".join([*lines, "1.6 2.8 gesture wave"]))
    target = tmp_path / "bob.avatar"
    words = ("-o", str(target), "--consent", "synthetic", "--variants", "120p", "--work", str(work))
    result = run(str(film), *words, "--segments", str(chosen))
    assert result.exit_code == 0, result.output
    with open_package(target) as package:
        wave = package.manifest.clips["wave"]
        assert (wave.role, wave.loops) == ("gesture", False)
        assert 30 <= wave.frames <= 46
        ways = {(way.source, way.target) for way in package.manifest.transitions}
        assert [way for way in ways if way[0] == "wave"]
        assert [way for way in ways if way[1] == "wave"]


def test_thumbnails_without_a_list_are_refused(film: Path, tmp_path: Path) -> None:
    assert run(str(film), "-o", str(tmp_path / "a.avatar"), "--thumbnails", str(tmp_path)).exit_code == 2


def test_help_teaches_what_footage_is_good() -> None:
    text = run("--help").output
    for word in ("FOOTAGE", "Good footage", "--consent", "Ctrl-C", "--minutes"):
        assert word in text


def test_consent_must_be_given(film: Path, tmp_path: Path) -> None:
    assert run(str(film), "-o", str(tmp_path / "a.avatar")).exit_code == 2


@pytest.mark.data
def test_real_footage_becomes_an_avatar(tmp_path: Path) -> None:
    source = SHARED / "data" / "footage" / "portrait_man_1080x1920.mp4"
    if not source.exists():
        pytest.skip("the recordings of ../shared are not here")
    some = itertools.islice(pictures(probe(source)), 40, 150)
    film = write_film(tmp_path / "man.mp4", [picture[::2, ::2] for picture in some])
    target = tmp_path / "man.avatar"
    report = build_avatar(film, target, options(tmp_path / "work", minutes=0.05))
    assert report.lips.psnr > 18
    with open_package(target) as package:
        assert package.manifest.variants["240p"].height > package.manifest.variants["240p"].width
