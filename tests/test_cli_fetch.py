"""`avatar fetch` and `avatar list --remote`."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import FileServer, Manners

from renderer.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """The exit code of `avatar WORDS`."""
    monkeypatch.setattr(sys, "argv", ["avatar", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.fixture
def server(tiny_avatar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """Serves the tiny avatar as anna, in a registry."""
    for variable, folder in (("AVATAR_HOME", "home"), ("AVATAR_CACHE", "kept")):
        monkeypatch.setenv(variable, str(tmp_path / folder))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    content = tiny_avatar.read_bytes()
    entry = {
        "url": "anna.avatar",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "poster": "anna.jpg",
        "title": "Anna [front]",
    }
    with FileServer().running() as running:
        running.files["/anna.avatar"] = content
        running.files["/all.json"] = json.dumps({"format": 1, "avatars": {"anna": entry}}).encode()
        monkeypatch.setenv("AVATAR_REGISTRY", running.url + "/all.json")
        yield running


def test_what_the_registry_has_is_listed_fetched_and_inspected(
    server: FileServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "list", "--remote") == 0
    listed = capsys.readouterr().out
    assert all(word in listed for word in ("anna", "0.1 MB", "Anna [front]", f"{server.url}/anna.jpg"))
    assert "fetched" not in listed
    assert run(monkeypatch, "fetch", "anna") == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.read_bytes() == server.files["/anna.avatar"]
    assert run(monkeypatch, "list", "--remote") == 0
    assert "fetched" in capsys.readouterr().out
    assert run(monkeypatch, "list") == 0
    assert re.search(r"anna +fetched", capsys.readouterr().out)
    server.always = Manners(status=503)
    assert run(monkeypatch, "inspect", "anna") == 0


def test_an_address_is_as_good_as_a_name(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "inspect", server.url + "/anna.avatar") == 0


def test_what_cannot_be_had_is_told_in_one_line(
    server: FileServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "fetch", server.url + "/bert.avatar") == 1
    said = capsys.readouterr().err.strip()
    assert "bert.avatar: the server answers 404" in said
    assert len(said.splitlines()) == 1


@pytest.mark.usefixtures("server")
def test_without_a_registry_the_list_says_how_to_name_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AVATAR_REGISTRY")
    assert run(monkeypatch, "list", "--remote") == 0
    assert "AVATAR_REGISTRY" in capsys.readouterr().out
