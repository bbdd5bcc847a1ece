from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from servers import FileServer, Manners

from renderer.errors import DownloadError
from renderer.store.places import CACHE_VARIABLE, HOME_VARIABLE
from renderer.store.registry import REGISTRY_VARIABLE, read_registry

ENTRY = {"url": "https://example.com/a/anna.avatar", "size": 5, "sha256": "0" * 64}


def registry(**avatars: Any) -> str:
    return json.dumps({"format": 1, "avatars": avatars})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.delenv(REGISTRY_VARIABLE, raising=False)
    return tmp_path


def test_without_a_registry_there_is_none() -> None:
    assert read_registry() is None


def test_a_registry_in_the_users_folder_is_used(folder: Path) -> None:
    (folder / "registry.json").write_text(registry(anna={**ENTRY, "title": "Anna", "later": "field"}))
    found = read_registry()
    assert found is not None
    assert found.avatars["anna"].size == 5
    assert found.avatars["anna"].title == "Anna"


def test_the_environment_names_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REGISTRY_VARIABLE, str(folder / "other.json"))
    with pytest.raises(DownloadError, match="no such file; AVATAR_REGISTRY"):
        read_registry()
    (folder / "other.json").write_text(registry())
    assert read_registry() is not None


def test_addresses_are_relative_to_the_registry(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {**ENTRY, "url": "files/anna.avatar", "poster": "/posters/anna.jpg"}
    server.files["/list/all.json"] = registry(anna=entry, bert=ENTRY).encode()
    monkeypatch.setenv(REGISTRY_VARIABLE, server.url + "/list/all.json")
    found = read_registry()
    assert found is not None
    assert found.avatars["anna"].url == server.url + "/list/files/anna.avatar"
    assert found.avatars["anna"].poster == server.url + "/posters/anna.jpg"
    assert found.avatars["bert"].url == ENTRY["url"]


def test_the_last_registry_serves_while_the_network_is_absent(
    server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/all.json"] = registry(anna=ENTRY).encode()
    monkeypatch.setenv(REGISTRY_VARIABLE, server.url + "/all.json")
    first = read_registry()
    for manners in (Manners(status=503), Manners(cut=3), Manners(status=404)):
        server.always = manners
        assert read_registry() == first
    server.always = Manners()
    server.files["/all.json"] = b"<html>please log in</html>"
    assert read_registry() == first
    server.files["/all.json"] = registry().encode()
    assert read_registry() != first


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html>", "no registry of avatars"),
        ("[]", "no registry of avatars"),
        ('{"format": 2, "avatars": {}}', "format: Input should be 1"),
        (registry(anna={**ENTRY, "sha256": "abc"}), "avatars.anna.sha256: "),
        (registry(anna={**ENTRY, "size": 0}), "avatars.anna.size: "),
        (registry(**{"../anna": ENTRY}), "should match pattern"),
        (registry(anna={**ENTRY, "url": "file:///etc/passwd"}), "one with http or https expected"),
        (registry(anna={**ENTRY, "url": "anna.avatar"}), "relative ones need a registry that has an address"),
        (registry(anna={**ENTRY, "poster": "javascript:alert()"}), "one with http or https expected"),
    ],
)
def test_what_is_no_registry_is_told(folder: Path, content: str, message: str) -> None:
    (folder / "registry.json").write_text(content)
    with pytest.raises(DownloadError, match=message):
        read_registry()


def test_a_registry_may_not_be_endless(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files["/all.json"] = b" " * (2 << 20)
    monkeypatch.setenv(REGISTRY_VARIABLE, server.url + "/all.json")
    with pytest.raises(DownloadError, match="at most 1048576 expected"):
        read_registry()
