"""Long work ends clearly, whatever happens, and goes on from where it was; nothing half-made is left."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faces import draw, write_film
from needs import studio
from test_build import DrawnFaces, film, options
from tiny_lips import train_tiny_lips

from renderer.errors import StudioError
from renderer.package.reader import open_package
from renderer.studio import build as building
from renderer.studio import faces
from renderer.studio.build import build_avatar
from renderer.studio.footage import check_length, probe
from renderer.studio.work import WorkFolder

pytestmark = studio
__all__ = ["film"]

FULL = """
import resource, sys
from pathlib import Path
from renderer.errors import StudioError
from renderer.studio.work import WorkFolder
import numpy as np
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = WorkFolder(Path(sys.argv[1]), Path(sys.argv[2]))
try:
    with folder.told_if_full():
        folder.arrays("large", lambda: {"zeros": np.ones(100_000)})
except StudioError as error:
    print(error)
"""


def test_a_full_disk_is_told_with_the_remedy_and_leaves_no_half_stage(film: Path, tmp_path: Path) -> None:
    # in a process of its own, for the limit cannot be lifted again
    words = [sys.executable, "-c", FULL, str(film), str(tmp_path / "work")]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "no room left" in said
    assert "--work" in said
    assert not [path for path in (tmp_path / "work").rglob("*") if path.is_file()]


def test_a_disk_that_fills_while_clips_are_made_leaves_no_package(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def train(*args: Any, **more: Any) -> Any:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, hard))
        return train_tiny_lips(*args, **more)

    monkeypatch.setattr(building, "train_lips", train)
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "anna.avatar"
    try:
        with pytest.raises(StudioError, match=r"no room left.*the same command goes on"):
            build_avatar(film, target, options(tmp_path / "work"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((tmp_path / "out").iterdir())
    monkeypatch.setattr(building, "train_lips", train_tiny_lips)
    build_avatar(film, target, options(tmp_path / "work"))
    assert DrawnFaces.opened == 1
    open_package(target).close()


def test_too_small_a_disk_is_told_before_any_work(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 1_000_000

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    with pytest.raises(StudioError, match=r"0\.0 GB free, about 0\.1 needed"):
        build_avatar(film, tmp_path / "anna.avatar", options(tmp_path / "work"))
    assert DrawnFaces.opened == 0


def test_a_stage_cut_short_by_a_crash_is_made_again(film: Path, tmp_path: Path) -> None:
    first = build_avatar(film, tmp_path / "a.avatar", options(tmp_path / "work"))
    for stage in (tmp_path / "work").rglob("*.npz"):
        stage.write_bytes(stage.read_bytes()[: stage.stat().st_size // 2])
    second = build_avatar(film, tmp_path / "a.avatar", options(tmp_path / "work"))
    assert first.manifest == second.manifest
    assert DrawnFaces.opened == 2


def test_damage_in_the_middle_of_a_film_is_told_or_built_around(film: Path, tmp_path: Path) -> None:
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 600] = np.random.default_rng(0).bytes(600)
    film.write_bytes(data)
    DrawnFaces.points = np.concatenate([DrawnFaces.points, DrawnFaces.points[-1:].repeat(30, axis=0)])
    target = tmp_path / "anna.avatar"
    with contextlib.suppress(StudioError):
        build_avatar(film, target, options(tmp_path / "work"))
        open_package(target).close()
        return
    assert not target.exists()


@pytest.mark.usefixtures("film")
def test_a_film_of_which_a_part_is_missing_is_built_and_told_of(tmp_path: Path) -> None:
    mkv = write_film(tmp_path / "film.mkv", [draw(points) for points in DrawnFaces.points] * 2)
    DrawnFaces.points = np.concatenate([DrawnFaces.points] * 2)
    whole = mkv.read_bytes()
    mkv.write_bytes(whole[: len(whole) * 7 // 10])
    report = build_avatar(mkv, tmp_path / "anna.avatar", options(tmp_path / "work"))
    assert any("could not be read; it is damaged" in note for note in report.notes)


def test_a_film_of_ten_hours_is_refused_at_once(tmp_path: Path) -> None:
    path = write_film(tmp_path / "long.mp4", [np.zeros((48, 64, 3), np.uint8)] * 37, Fraction(1, 1000))
    with pytest.raises(StudioError, match=r"6\d\d minutes or more; at most 15 can be used"):
        build_avatar(path, tmp_path / "anna.avatar", options(tmp_path / "work"))
    assert not (tmp_path / "work").exists()
    check_length(probe(write_film(tmp_path / "a.mp4", [np.zeros((48, 64, 3), np.uint8)] * 110)))


def test_a_film_without_a_face_ends_after_its_first_half_minute(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "NOBODY", 2.0)
    DrawnFaces.points[:] = np.nan
    with pytest.raises(StudioError, match="no face in the first 2 s"):
        build_avatar(film, tmp_path / "anna.avatar", options(tmp_path / "work"))
    assert not (tmp_path / "anna.avatar").exists()


def test_the_log_tells_stages_times_and_how_it_ended(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "anna.log"

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "train_lips", stop)
    with pytest.raises(KeyboardInterrupt):
        build_avatar(film, tmp_path / "anna.avatar", options(tmp_path / "work", log=log))
    assert "stopped by hand" in log.read_text()
    monkeypatch.setattr(building, "train_lips", train_tiny_lips)
    build_avatar(film, tmp_path / "anna.avatar", options(tmp_path / "work", log=log))
    said = log.read_text()
    for word in ("numpy", "finding the face: ", "making the clips: ", "anna.avatar: ", "consent"):
        assert word in said


def test_any_number_of_jobs_gives_the_same_package(film: Path, tmp_path: Path) -> None:
    build_avatar(film, tmp_path / "one.avatar", options(tmp_path / "w1", jobs=1))
    (tmp_path / "more").mkdir()
    build_avatar(film, tmp_path / "more" / "one.avatar", options(tmp_path / "w2", jobs=3))
    assert (tmp_path / "one.avatar").read_bytes() == (tmp_path / "more" / "one.avatar").read_bytes()


def test_a_clip_that_fails_stops_the_others(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no such luck")

    monkeypatch.setattr("renderer.studio.body._baked", fail)
    with pytest.raises(ValueError, match="no such luck"):
        build_avatar(film, tmp_path / "anna.avatar", options(tmp_path / "work", jobs=2))
    assert not list((tmp_path / "work").rglob("*.part"))


def test_two_builds_of_a_film_do_not_meet(film: Path, tmp_path: Path) -> None:
    one, two = WorkFolder(film, tmp_path / "work"), WorkFolder(film, tmp_path / "work")

    def make() -> dict[str, Any]:
        two.arrays("stage", lambda: {"x": np.ones(3)})
        return {"x": np.ones(3)}

    assert one.arrays("stage", make)["x"].sum() == 3
