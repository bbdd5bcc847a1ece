from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from renderer import resources, store
from renderer.errors import AvatarNotFound
from renderer.store import find_avatar, list_avatars
from renderer.store import places as places_module
from renderer.store.places import keep_note, kept_as


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two shipped avatars, three of the user's, one of them unpacked and one with a shipped name."""
    shipped = {"milo": tmp_path / "shipped/milo.avatar", "vera": tmp_path / "shipped/vera.avatar"}
    home = tmp_path / "home"
    for path in (*shipped.values(), home / "anna.avatar", home / "vera.avatar", home / "berta/manifest.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (home / "notes").mkdir()
    monkeypatch.setattr(resources, "avatars", lambda: shipped)
    monkeypatch.setattr(resources, "DEFAULT_AVATAR", "milo")
    monkeypatch.setenv(store.HOME_VARIABLE, str(home))
    monkeypatch.setenv(places_module.CACHE_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.delenv(store.REGISTRY_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_names_are_found_where_they_are(places: Path) -> None:
    assert find_avatar() == places / "shipped/milo.avatar"
    assert find_avatar("vera") == places / "shipped/vera.avatar"
    assert find_avatar("anna") == places / "home/anna.avatar"
    assert find_avatar("berta") == places / "home/berta"


@pytest.mark.usefixtures("places")
def test_the_list_shows_every_name_once() -> None:
    assert [(place.name, place.where) for place in list_avatars()] == [
        ("milo", "shipped"),
        ("vera", "shipped"),
        ("anna", "yours"),
        ("berta", "yours"),
    ]
    assert all(place.path.exists() for place in list_avatars())


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_are_taken_as_they_are(places: Path, kind: type) -> None:
    own = places / "elsewhere.avatar"
    own.touch()
    assert find_avatar(kind(own)) == own
    assert find_avatar(kind("elsewhere.avatar")) == Path("elsewhere.avatar")


def test_a_folder_here_does_not_hide_a_known_name(places: Path) -> None:
    (places / "vera").mkdir()
    (places / "unpacked").mkdir()
    assert find_avatar("vera") == places / "shipped/vera.avatar"
    assert find_avatar(Path("vera")) == Path("vera")
    assert find_avatar("unpacked") == Path("unpacked")


@pytest.mark.usefixtures("places")
def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(AvatarNotFound, match=r"'ana'; known: milo, vera, anna, berta; did you mean anna\?"):
        find_avatar("ana")
    with pytest.raises(AvatarNotFound, match=r"name one of them, or the path"):
        find_avatar("zzz")


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("name", ["gone.avatar", "a/b", Path("gone")])
def test_a_path_to_nothing_is_not_found(name: str | Path) -> None:
    with pytest.raises(AvatarNotFound, match="no such file or folder"):
        find_avatar(name)


def test_without_any_avatar_the_list_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "avatars", dict)
    monkeypatch.setenv(store.HOME_VARIABLE, str(tmp_path / "none"))
    monkeypatch.setenv(places_module.CACHE_VARIABLE, str(tmp_path / "none"))
    monkeypatch.delenv(store.REGISTRY_VARIABLE, raising=False)
    assert list_avatars() == []
    with pytest.raises(AvatarNotFound, match="nothing shipped"):
        find_avatar()


def test_what_was_fetched_is_listed_by_its_name_the_latest_first(places: Path) -> None:
    kept = places / "kept"
    kept.mkdir()
    for age, (file, name) in enumerate(
        [("emma-2.avatar", "emma"), ("emma-1.avatar", "emma"), ("x.avatar", "milo")]
    ):
        (kept / file).touch()
        os.utime(kept / file, (1000 - age, 1000 - age))
        places_module.keep_note(kept / file, name, None)
    (kept / "half.avatar.part").touch()
    (kept / "lost-note.avatar").touch()
    fetched = [place for place in list_avatars() if place.where == "fetched"]
    assert {place.name: place.path.name for place in fetched} == {
        "emma": "emma-2.avatar",
        "lost-note": "lost-note.avatar",
    }
    assert find_avatar("emma") == kept / "emma-2.avatar"


def test_the_users_folder_is_where_the_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(store.HOME_VARIABLE, raising=False)
    assert store.home().name == "avatars"
    assert store.home().parent.name == "avatar-renderer"


def test_a_note_may_be_written_by_several_at_once(tmp_path: Path) -> None:
    """They shared a file on the way to it: who came second found it gone, and failed to open the avatar."""
    path = tmp_path / "anna-0.avatar"
    together = threading.Barrier(8)

    def note(_: int) -> None:
        together.wait(20)
        for _ in range(50):
            keep_note(path, "anna", None)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(note, range(8)))
    assert kept_as(path) == ("anna", None)
    assert [file.name for file in tmp_path.iterdir()] == ["anna-0.json"]
