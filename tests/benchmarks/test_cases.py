"""Every case gives figures that its table and its picture understand."""

from __future__ import annotations

import importlib.util
import io
import json
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks import decoding, lips, plot
from benchmarks.frames import row
from benchmarks.tables import table
from renderer.bench.spread import spread
from renderer.bench.stages import REST, STAGES


def shown(case: str, rows: list[dict[str, Any]]) -> str:
    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(table(case, rows))
    return console.export_text()


def a_variant() -> dict[str, Any]:
    side = {name: spread([1.0, 2.0]) for name in (*STAGES, REST, "frame")} | {"processor": 3.0}
    start = {"seconds": {"import": 0.4, "all": 0.9}, "memory": {"import": {"resident": 140.0}}}
    live = {"speaking": {"memory_mb": {"resident": 220.0, "peak": 240.0}}}
    return row("720p", (1280, 720), start, {"listening": side, "speaking": side}, live)


def test_a_variants_figures_become_a_table_and_a_picture(tmp_path: Path) -> None:
    text = shown("frames", [a_variant()])
    assert "720p" in text
    assert "240" in text
    results = tmp_path / "frames.json"
    results.write_text(json.dumps({"frames": [a_variant()]}))
    picture = xml.fromstring(plot.draw(results))
    bars = [
        each for each in picture.iter() if each.tag.endswith("rect") and each.get("height") == str(plot.BAR)
    ]
    assert len(bars) == 2 * (len(STAGES) + 1)
    assert max(float(bar.get("x", 0)) + float(bar.get("width", 0)) for bar in bars) <= plot.WIDTH


def test_lips_are_compared_with_those_that_ship() -> None:
    rows = lips.run(quick=True)
    assert [each["psnr_db"] for each in rows[:2]] == [None, None], "threads change nothing that is drawn"
    assert all(each["best_ms"] > 0 for each in rows)
    assert "float32" in shown("lips", rows)


def test_decoding_knows_what_each_option_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "QUICK_FRAMES", 4)
    monkeypatch.setattr(decoding, "REPEATS", 1)
    rows = decoding.run(quick=True)
    assert all(each["psnr_db"] > 35 for each in rows)
    assert "with CABAC" in shown("decoding", rows)


@pytest.mark.studio
def test_decoding_begins_with_the_studios_own_options() -> None:
    if importlib.util.find_spec("cv2") is None:
        pytest.skip("the extra [studio] is not installed")
    from renderer.studio.clips import ENCODER

    assert decoding.ENCODER == ENCODER
