"""The pages say what the result files say, and so do their pictures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from benchmarks.pages import PERFORMANCE, PICTURES, README, RESULTS, budget, small, speed, update


def test_the_pages_figures_are_the_result_files() -> None:
    assert speed(RESULTS) in README.read_text(encoding="utf-8")
    page = PERFORMANCE.read_text(encoding="utf-8")
    assert budget(RESULTS) in page
    assert small(RESULTS) in page


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_are_drawn_from_the_result_files(name: str) -> None:
    rows = json.loads((RESULTS / f"{name}.json").read_text())[name]
    assert (RESULTS / f"{name}.svg").read_text(encoding="utf-8") == PICTURES[name](rows)


def test_an_update_changes_the_figures_and_nothing_else(tmp_path: Path) -> None:
    results = tmp_path / "results"
    shutil.copytree(RESULTS, results)
    pages = [tmp_path / page.name for page in (README, PERFORMANCE)]
    for page, original in zip(pages, (README, PERFORMANCE), strict=True):
        page.write_text(original.read_text(encoding="utf-8"), encoding="utf-8")
    kept = json.loads((results / "frames.json").read_text())
    for row in kept["frames"]:
        row["first_frame_s"] = 77.7
    (results / "frames.json").write_text(json.dumps(kept))
    update(results, *pages)
    readme, performance = (page.read_text(encoding="utf-8") for page in pages)
    assert "77.7 s" in readme
    assert "77.70 s **missed**" in performance
    update(RESULTS, *pages)
    assert [page.read_text(encoding="utf-8") for page in pages] == [
        page.read_text(encoding="utf-8") for page in (README, PERFORMANCE)
    ]


def test_a_page_without_its_place_is_told(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("nothing here\n")
    with pytest.raises(ValueError, match="no place"):
        update(RESULTS, page, PERFORMANCE)
