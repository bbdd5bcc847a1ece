"""`avatar bench` measures this device and judges it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from renderer.bench import survey as room
from renderer.bench.usage import cores
from renderer.cli import main
from renderer.cli.bench import TOO_SLOW


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """The exit code of `avatar bench WORDS`."""
    monkeypatch.setattr(sys, "argv", ["avatar", "bench", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_it_measures_everything_and_judges(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_avatar: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(room, "STARTUPS", 1)
    kept, page = tmp_path / "bench.json", tmp_path / "bench.html"
    words = ["--seconds", 0.5, "--threads", 1, "--low-memory", "--json", kept, "--html", page]
    code = run(monkeypatch, tiny_avatar, *words)
    told = json.loads(kept.read_text())
    assert code == (0 if told["verdict"]["runs"] else TOO_SLOW)
    assert told["avatar"] == "tiny"
    assert told["variant"] == {"name": "96p", "width": 160, "height": 96}
    assert told["processors"] == 1
    assert set(room.PARTS) <= set(told)
    shown = " ".join(capsys.readouterr().out.split())
    assert told["verdict"]["words"] in shown
    assert "decode" in shown
    assert page.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--variant", "9000p"], 1, "no variant '9000p'; it has 96p, portrait"),
        (["--threads", cores() + 1], 2, f"1 to {cores()} expected"),
        (["--json", "no/such/folder/bench.json"], 2, "make it first"),
    ],
    ids=["variant", "threads", "folder"],
)
def test_what_cannot_be_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_avatar: Path,
    words: list[object],
    code: int,
    message: str,
) -> None:
    assert run(monkeypatch, tiny_avatar, *words) == code
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())
