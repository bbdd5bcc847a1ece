"""The README says what the result files say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks.readme import README, table, update

RESULTS = README.parent / "benchmarks" / "results"


def test_the_readmes_figures_are_the_result_files() -> None:
    assert table(RESULTS) in README.read_text(encoding="utf-8")


def test_an_update_changes_the_figures_and_nothing_else(tmp_path: Path) -> None:
    page, results = tmp_path / "README.md", tmp_path / "results"
    page.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copytree(RESULTS, results)
    kept = json.loads((results / "frames.json").read_text())
    kept["frames"][0]["first_frame_s"] = 77.7
    (results / "frames.json").write_text(json.dumps(kept))
    update(results, page)
    assert "77.7 s" in page.read_text(encoding="utf-8")
    update(RESULTS, page)
    assert page.read_text(encoding="utf-8") == README.read_text(encoding="utf-8")


def test_sessions_are_told_once_they_are_measured(tmp_path: Path) -> None:
    shutil.copyfile(RESULTS / "frames.json", tmp_path / "frames.json")
    variants = [row["variant"] for row in json.loads((tmp_path / "frames.json").read_text())["frames"]]
    rows = [{"variant": name, "holds": 70 + number} for number, name in enumerate(variants)]
    (tmp_path / "sessions.json").write_text(json.dumps({"machine": {}, "sessions": rows}))
    lines = table(tmp_path).splitlines()
    for number, line in enumerate(lines[2 : 2 + len(variants)]):
        assert line.endswith(f"| {70 + number} |")
        assert line.count("|") == lines[1].count("|")
