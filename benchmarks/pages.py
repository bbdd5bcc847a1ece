"""The figures in the pages come from the result files, not from a keyboard.

A page has places for them, between `<!-- NAME: written by `make bench` -->` and `<!-- /NAME -->`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import flames, plot

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
README = ROOT / "README.md"
PERFORMANCE = ROOT / "docs" / "performance.md"

Rows = list[dict[str, Any]]


def update(results: Path = RESULTS, readme: Path = README, performance: Path = PERFORMANCE) -> None:
    """Write the figures of a folder of results into the pages, and draw their pictures beside the results."""
    _fill(readme, {"speed": speed(results)})
    _fill(performance, {"budget": budget(results), "small": small(results)})
    for name, draw in PICTURES.items():
        (results / f"{name}.svg").write_text(draw(_rows(results, name)), encoding="utf-8")


PICTURES: dict[str, Callable[[Rows], str]] = {
    "frames": plot.stages,
    "startup": plot.steps,
    "profile": flames.draw,
}
"""What is drawn from which case."""


def speed(results: Path) -> str:
    """The README's table: every variant, and the machine it was measured on."""
    machine, sessions = (
        _machine(results, "frames"),
        {row["variant"]: row for row in _rows(results, "sessions")},
    )
    lines = _table(
        "one core, one thread",
        "listening",
        "speaking",
        "frames a second, speaking",
        "first frame",
        "memory",
        "frames a second, all cores",
        "sessions at once, all cores",
    )
    for row in _rows(results, "frames"):
        together = sessions.get(row["variant"])
        cells = (
            f"{row['width']}x{row['height']}",
            f"{row['listening_ms']['p50']:.1f} ms",
            f"{row['speaking_ms']['p50']:.1f} ms",
            f"{1000 / row['speaking_ms']['mean']:.0f}",
            f"{row['first_frame_s']:.1f} s",
            f"{row['peak_memory_mb']:.0f} MB",
            "–" if together is None else f"{together['flat_out']['fps']:.0f}",
            "–" if together is None else str(together["holds"]),
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        f"Median per frame on {machine}; 25 frames a second leave 40 ms "
        "([how measured](benchmarks/README.md), [where it goes](docs/performance.md)).",
    ]
    return _block(lines)


BUDGET = (
    ("decode", ("decode",), 1.0),
    ("features and mouth network", ("features", "mouth"), 0.3),
    ("lips", ("lips",), 2.0),
    ("blend, background", ("blend", "background"), 0.2),
    ("to the display's order", ("present",), 0.3),
)
"""Stages, and the milliseconds of a 720p frame that were set aside for them. Of stages, means are told: sound
is heard in portions, so in most frames features and network take nothing."""

MOST = {"listening": 1.6, "speaking": 4.0}
"""Milliseconds of a whole frame, likewise."""


def budget(results: Path) -> str:
    """What was promised of 720p and what is; "missed" is in bold."""
    row = next(row for row in _rows(results, "frames") if row["variant"] == "720p")
    together = next(row for row in _rows(results, "sessions") if row["variant"] == "720p")
    stages, live = row["stages_ms"], row["live"]["speaking"]
    lines = _table("720p, one core, milliseconds", "listening", "speaking", "set aside")
    for name, parts, most in BUDGET:
        both = (f"{sum(stages[side][part]['mean'] for part in parts):.2f}" for side in MOST)
        lines.append(f"| {name} | {' | '.join(both)} | {most:.1f} |")
    rest = (f"{stages[side]['rest']['mean']:.2f}" for side in MOST)
    lines.append(f"| rest: resampling, choosing frames, passing on | {' | '.join(rest)} | |")
    means = (f"{row[f'{side}_ms']['mean']:.2f}" for side in MOST)
    lines.append(f"| a frame, mean | {' | '.join(means)} | |")
    whole = {side: row[f"{side}_ms"]["p50"] for side in MOST}
    cells = " | ".join(_judged(whole[side], most, f"{whole[side]:.2f}") for side, most in MOST.items())
    lines.append(
        f"| **a frame, median** | {cells} | {' and '.join(f'{most:.1f}' for most in MOST.values())} |"
    )
    lines += ["", *_table("", "measured", "promised")]
    late = next((each["late"] for each in together["tries"] if each["sessions"] == 4), None)
    for name, value, least_or_most, is_met, unit in (
        ("frames a second flat out, speaking, one thread", 1e3 / row["speaking_ms"]["mean"], 200, 1, ""),
        ("the same on all cores, a film on each", together["flat_out"]["fps"], 200, 1, ""),
        ("resident memory, most while speaking", row["peak_memory_mb"], 250, -1, " MB"),
        ("of it this process's own, while speaking", live["memory_mb"].get("own", 0.0), None, -1, " MB"),
        ("start to the first frame", row["first_frame_s"], 1.5, -1, " s"),
        ("sessions at 25 frames a second, all cores", together["holds"], 4, 1, ""),
        ("late frames of four sessions", late, 0, -1, ""),
    ):
        if value is None:
            continue
        told = f"{value:.2f}{unit}" if unit == " s" else f"{value:.0f}{unit}"
        bound = (
            ""
            if least_or_most is None
            else f"{'at least' if is_met > 0 else 'at most'} {least_or_most:g}{unit}"
        )
        shown = told if least_or_most is None else _judged(-is_met * value, -is_met * least_or_most, told)
        lines.append(f"| {name} | {shown} | {bound} |")
    lines += ["", f"Measured on {_machine(results, 'frames')}."]
    return _block(lines)


def small(results: Path) -> str:
    """One core and little memory."""
    lines = _table(
        "one core, {} MB, low memory".format(_rows(results, "small")[0]["limit_mb"]),
        "listening",
        "speaking",
        "p95",
        "late or dropped in real time",
        "own memory",
        "first frame",
        "sessions",
    )
    for row in _rows(results, "small"):
        listening, speaking = (row["frames"][side]["frame"] for side in ("listening", "speaking"))
        live = row["live"]["speaking"]
        cells = (
            row["name"],
            *(f"{time:.1f} ms" for time in (listening["p50"], speaking["p50"], speaking["p95"])),
            f"{live['late'] + live['dropped']} of {live['shown'] + live['dropped']}",
            f"{live['memory_mb'].get('own', 0.0):.0f} MB",
            f"{row['startup']['seconds']['all']:.1f} s",
            str(row["sessions"]["holds"]),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return _block(lines)


def _judged(value: float, most: float, words: str) -> str:
    return words if value <= most else f"{words} **missed**"


def _table(*heads: str) -> list[str]:
    return [f"| {' | '.join(heads)} |", f"|---{'|---:' * (len(heads) - 1)}|"]


def _block(lines: list[str]) -> str:
    return "\n".join([*lines, ""])


def _fill(page: Path, blocks: dict[str, str]) -> None:
    text = page.read_text(encoding="utf-8")
    for name, block in blocks.items():
        begin, end = f"<!-- {name}: written by `make bench` -->", f"<!-- /{name} -->"
        before, mark, rest = text.partition(begin)
        _, closing, after = rest.partition(end)
        if not mark or not closing:
            raise ValueError(f"{page}: no place {begin} … {end}; both marks expected")
        text = f"{before}{begin}\n{block}{end}{after}"
    page.write_text(text, encoding="utf-8")


def _rows(results: Path, case: str) -> Rows:
    rows: Rows = json.loads((results / f"{case}.json").read_text())[case]
    return rows


def _machine(results: Path, case: str) -> str:
    told = json.loads((results / f"{case}.json").read_text())["machine"]
    busy = float(told["load"]) if told["load"] != "unknown" else 0.0
    beside = f", while {busy:.0f} other programs ran" if busy > 1 else ""
    return f"{told['processor']}, {told['cores']} cores, Python {told['python']}, {told['measured']}{beside}"
