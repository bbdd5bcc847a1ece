from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import pytest
from avatars import affines, tiny_parts, write_track

from renderer.errors import AvatarError
from renderer.package.manifest import MANIFEST, Draft, Manifest
from renderer.package.writer import to_json, write_folder, write_package


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, Draft]:
    return tmp_path / "parts", tiny_parts(tmp_path / "parts")


def test_the_same_parts_give_the_same_bytes(parts: tuple[Path, Draft], tmp_path: Path) -> None:
    folder, draft = parts
    write_package(folder, draft, tmp_path / "a.avatar")
    shutil.copytree(folder, tmp_path / "later")
    for path in (tmp_path / "later").rglob("*"):
        os.utime(path, (1, 1_700_000_000))
    write_package(tmp_path / "later", draft, tmp_path / "b.avatar")
    assert (tmp_path / "a.avatar").read_bytes() == (tmp_path / "b.avatar").read_bytes()


def test_media_are_stored_as_they_are_and_the_manifest_comes_first(
    parts: tuple[Path, Draft], tmp_path: Path
) -> None:
    folder, draft = parts
    manifest = write_package(folder, draft, tmp_path / "a.avatar")
    with zipfile.ZipFile(tmp_path / "a.avatar") as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
        assert archive.read(MANIFEST) == to_json(manifest)
    assert [entry.filename for entry in entries] == [MANIFEST, *sorted(draft.paths())]
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert Manifest.model_validate_json(to_json(manifest)) == manifest


def test_other_files_of_the_folder_stay_out(parts: tuple[Path, Draft], tmp_path: Path) -> None:
    folder, draft = parts
    (folder / "notes.txt").write_text("not for others")
    assert "notes.txt" not in write_package(folder, draft, tmp_path / "a.avatar").files


def test_an_interrupted_write_leaves_the_old_package_and_nothing_else(
    parts: tuple[Path, Draft], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, draft = parts
    target = tmp_path / "here" / "a.avatar"
    target.parent.mkdir()
    target.write_bytes(b"the old one")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfileobj", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_package(folder, draft, target)
    assert [path.name for path in target.parent.iterdir()] == ["a.avatar"]
    assert target.read_bytes() == b"the old one"


@pytest.mark.parametrize("spoilt", ["missing", "empty", "wrong"])
def test_a_bad_part_is_told_under_the_name_of_the_package_or_part(
    parts: tuple[Path, Draft], tmp_path: Path, spoilt: str
) -> None:
    folder, draft = parts
    target = tmp_path / "here" / "a.avatar"
    target.parent.mkdir()
    track = folder / "96p/nod.track.npz"
    if spoilt == "missing":
        track.unlink()
    elif spoilt == "empty":
        track.write_bytes(b"")
    else:
        write_track(track, affines(160, 96, 3))
    with pytest.raises(AvatarError, match=r"96p/nod\.track\.npz") as caught:
        write_package(folder, draft, target)
    assert ".part" not in str(caught.value)
    assert not list(target.parent.iterdir())


def test_a_target_of_another_kind_is_refused(parts: tuple[Path, Draft], tmp_path: Path) -> None:
    with pytest.raises(AvatarError, match=r"call it a\.avatar"):
        write_package(*parts, tmp_path / "a.zip")


def test_a_place_that_is_not_there_is_refused(parts: tuple[Path, Draft], tmp_path: Path) -> None:
    with pytest.raises(AvatarError, match="cannot be written"):
        write_package(*parts, tmp_path / "nowhere" / "a.avatar")


def test_a_folder_becomes_a_package_by_its_manifest(parts: tuple[Path, Draft]) -> None:
    folder, draft = parts
    manifest = write_folder(folder, draft)
    assert (folder / MANIFEST).read_bytes() == to_json(manifest)
    assert set(manifest.files) == draft.paths()
