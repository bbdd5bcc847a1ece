"""The README says what the result file says."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.readme import README, table, update

RESULTS = README.parent / "benchmarks" / "results" / "frames.json"


def test_the_readmes_figures_are_the_result_files() -> None:
    assert table(json.loads(RESULTS.read_text())) in README.read_text(encoding="utf-8")


def test_an_update_changes_the_figures_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    kept = json.loads(RESULTS.read_text())
    kept["frames"][0]["first_frame_s"] = 77.7
    changed = tmp_path / "frames.json"
    changed.write_text(json.dumps(kept))
    update(changed, page)
    assert "77.7 s" in page.read_text(encoding="utf-8")
    update(RESULTS, page)
    assert page.read_text(encoding="utf-8") == README.read_text(encoding="utf-8")
