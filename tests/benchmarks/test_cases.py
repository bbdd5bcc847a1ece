"""Every case gives figures that its table and its picture understand."""

from __future__ import annotations

import importlib.util
import io
import xml.etree.ElementTree as xml
from typing import Any

import pytest
from rich.console import Console

from benchmarks import decoding, flames, lips, plot, profile, startup
from benchmarks.frames import row
from benchmarks.tables import table
from renderer.bench.spread import spread
from renderer.bench.stages import REST, STAGES


def shown(case: str, rows: list[dict[str, Any]]) -> str:
    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(table(case, rows))
    return console.export_text()


def boxes(picture: xml.Element) -> list[xml.Element]:
    """The boxes of a picture, less its ground."""
    return [each for each in picture.iter() if each.tag.endswith("rect") and "%" not in each.get("width", "")]


def a_variant() -> dict[str, Any]:
    side = {name: spread([1.0, 2.0]) for name in (*STAGES, REST, "frame")} | {"processor": 3.0}
    start = {"seconds": {"import": 0.4, "all": 0.9}, "memory": {"import": {"resident": 140.0}}}
    live = {"speaking": {"memory_mb": {"resident": 220.0, "peak": 240.0}}}
    return row("720p", (1280, 720), start, {"listening": side, "speaking": side}, live)


def test_a_variants_figures_become_a_table_and_a_picture() -> None:
    text = shown("frames", [a_variant()])
    assert "720p" in text
    assert "240" in text
    picture = xml.fromstring(plot.stages([a_variant()]))
    bars = [box for box in boxes(picture) if box.get("height") == str(plot.BAR)]
    assert len(bars) == 2 * (len(STAGES) + 1)
    assert max(float(bar.get("x", 0)) + float(bar.get("width", 0)) for bar in bars) <= plot.WIDTH


def test_a_start_is_told_step_by_step() -> None:
    rows = startup.run(quick=True)
    assert rows[0]["name"] == "Python"
    assert all(row["ms"] > 0 for row in rows)
    assert "numba" in shown("startup", rows)
    picture = xml.fromstring(plot.steps(rows))
    assert max(float(box.get("x", 0)) + float(box.get("width", 0)) for box in boxes(picture)) <= plot.WIDTH


def test_a_call_tree_holds_every_call_in_its_place() -> None:
    def inner() -> int:
        return sum(range(2000))

    def outer() -> None:
        inner()
        inner()

    root = profile.Node()
    with profile.traced(root):
        outer()
    name, node = next((name, node) for name, node in root.calls.items() if "outer" in name)
    told = node.told(name, 1, 0.0)
    assert [call["name"].split(".")[-1] for call in told["calls"]] == ["inner"]
    assert [call["name"] for call in told["calls"][0]["calls"]] == ["sum"]
    assert told["ms"] >= told["calls"][0]["ms"] >= told["calls"][0]["calls"][0]["ms"] > 0
    assert node.told(name, 1, 1.0)["calls"] == [], "what takes less than asked for is left out"


def test_a_flame_is_as_wide_as_its_time_and_lies_under_its_caller() -> None:
    calls = [{"name": "Clips.picture", "ms": 3.0, "calls": [{"name": "next", "ms": 1.5, "calls": []}]}]
    picture = xml.fromstring(flames.draw([{"name": "speaking", "ms": 6.0, "calls": calls}]))
    caller, called = boxes(picture)
    assert float(caller.get("width", 0)) == pytest.approx(flames.WIDTH / 2)
    assert float(called.get("width", 0)) == pytest.approx(flames.WIDTH / 4)
    assert float(called.get("y", 0)) == float(caller.get("y", 0)) + flames.ROW
    assert caller.get("fill") == called.get("fill") != flames.PLAIN, "one stage, one colour"


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
