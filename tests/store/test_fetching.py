"""An avatar from elsewhere is fetched once, checked, and from then on opened like any other."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from servers import FileServer, Manners

from renderer.avatar import open_avatar
from renderer.errors import AvatarError, AvatarNotFound, DownloadError
from renderer.store import fetch_avatar, find_avatar, list_avatars
from renderer.store.fetching import MIRROR_VARIABLE
from renderer.store.places import CACHE_VARIABLE, HOME_VARIABLE
from renderer.store.registry import REGISTRY_VARIABLE


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what was fetched."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.delenv(REGISTRY_VARIABLE, raising=False)
    monkeypatch.delenv(MIRROR_VARIABLE, raising=False)
    return tmp_path / "kept"


@pytest.fixture
def content(tiny_avatar: Path, server: FileServer) -> bytes:
    """The tiny avatar's bytes, served as /files/anna.avatar."""
    server.files["/files/anna.avatar"] = tiny_avatar.read_bytes()
    return server.files["/files/anna.avatar"]


@pytest.fixture
def registry(content: bytes, server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that has it as anna."""
    entry = {
        "url": "files/anna.avatar",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    server.files["/registry.json"] = json.dumps({"format": 1, "avatars": {"anna": entry}}).encode()
    monkeypatch.setenv(REGISTRY_VARIABLE, server.url + "/registry.json")


def avatars_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.suffix == ".avatar"]


@pytest.mark.usefixtures("registry")
def test_a_name_of_the_registry_is_fetched_and_opened(content: bytes, server: FileServer) -> None:
    with open_avatar("anna") as avatar:
        assert avatar.manifest.name == "Tiny"
    assert [(place.name, place.where) for place in list_avatars() if place.where == "fetched"] == [
        ("anna", "fetched")
    ]
    server.requests.clear()
    assert find_avatar("anna").read_bytes() == content
    assert server.requests == []  # the network may be absent from now on


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("tail", ["", "?token=1"])
def test_an_address_is_fetched_once(server: FileServer, tail: str) -> None:
    url = f"{server.url}/files/anna.avatar{tail}"
    with open_avatar(url) as avatar:
        assert avatar.manifest.name == "Tiny"
    assert fetch_avatar(url) == find_avatar(url) == find_avatar("anna")
    assert len(server.requests) == 1


@pytest.mark.usefixtures("registry")
def test_a_newer_one_in_the_registry_is_fetched_when_asked_for(
    content: bytes, server: FileServer, kept: Path
) -> None:
    old = fetch_avatar("anna")
    entry = {"url": "files/anna.avatar", "size": len(content), "sha256": "0" * 64}
    server.files["/registry.json"] = json.dumps({"format": 1, "avatars": {"anna": entry}}).encode()
    with pytest.raises(DownloadError, match="SHA-256"):
        fetch_avatar("anna")
    assert find_avatar("anna") == old  # what is here stays, and opens
    assert avatars_in(kept) == [old.name]


def test_an_address_may_say_the_fingerprint(content: bytes, server: FileServer, kept: Path) -> None:
    url = f"{server.url}/files/anna.avatar"
    with pytest.raises(DownloadError, match="SHA-256"):
        fetch_avatar(f"{url}#sha256={'0' * 64}")
    assert avatars_in(kept) == []
    assert fetch_avatar(f"{url}#sha256={hashlib.sha256(content).hexdigest()}").read_bytes() == content


def test_a_page_that_is_no_avatar_is_not_kept(server: FileServer, kept: Path) -> None:
    """What a hotel's network answers to everything."""
    server.files["/anna.avatar"] = b"<html>please log in</html>"
    with pytest.raises(AvatarError, match="what was fetched cannot be used"):
        open_avatar(server.url + "/anna.avatar")
    assert avatars_in(kept) == []


@pytest.mark.usefixtures("registry")
def test_an_unknown_name_is_answered_with_those_to_be_had() -> None:
    with pytest.raises(AvatarNotFound, match=r"'ana'; .*to be had: anna; did you mean anna\?"):
        find_avatar("ana")


@pytest.mark.usefixtures("registry")
def test_a_mirror_is_asked_instead(
    content: bytes, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/mirror/anna.avatar"] = server.files.pop("/files/anna.avatar")
    monkeypatch.setenv(MIRROR_VARIABLE, server.url + "/mirror/")
    assert fetch_avatar("anna").read_bytes() == content
    monkeypatch.setenv(MIRROR_VARIABLE, "/mnt/avatars")
    with pytest.raises(DownloadError, match="AVATAR_MIRROR is '/mnt/avatars'; an http"):
        fetch_avatar(server.url + "/x/other.avatar")


def test_names_of_addresses_are_safe_file_names(content: bytes, server: FileServer, kept: Path) -> None:
    server.files["/..%2F..%2Fetc%2Fa%20b.avatar"] = content
    path = fetch_avatar(server.url + "/..%2F..%2Fetc%2Fa%20b.avatar")
    assert path.parent == kept


def test_two_processes_fetch_it_once(content: bytes, server: FileServer, kept: Path) -> None:
    """The second finds the lock taken, waits, and takes what the first has brought."""
    code = f"""
from renderer.store import fetch_avatar
print(fetch_avatar({server.url + "/files/anna.avatar"!r}))
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert len(said) == 1
    assert Path(said.pop()).read_bytes() == content
    assert len(server.requests) == 1
    assert len(avatars_in(kept)) == 1


@pytest.mark.usefixtures("content")
def test_progress_is_told(server: FileServer) -> None:
    server.manners += [Manners(length=-1)]
    told: list[tuple[int, int | None]] = []
    path = find_avatar(server.url + "/files/anna.avatar", lambda have, total: told.append((have, total)))
    assert told[-1] == (path.stat().st_size, None)
