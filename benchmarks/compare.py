"""`python -m benchmarks.compare OLD NEW`: what got slower, from one results file or folder to another.

Figures are compared by ratio, those that barely repeat themselves (p99, worst) not at all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

MUCH = 1.25
"""A figure worse by this factor is told: on a shared machine lesser ones come and go."""

LEAST = 0.05
"""What is shorter or smaller than this (milliseconds, megabytes) is noise, whatever its ratio."""

LESS_IS_BETTER = {"best", "median", "p50", "p95", "mean", "processor", "resident", "own", "peak_memory_mb"}
LESS_ENDINGS = ("_ms", "_s", "_mb")
MORE_IS_BETTER = {"fps", "holds", "psnr_db"}
FAMILIES = ("_ms", "_s", "_mb", "seconds")
"""Endings of the names of groups, each of whose figures is a time or a size."""

NAMES = ("name", "variant", "sessions")
"""What tells the entries of a list apart."""


def figures(told: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every number with the names that lead to it."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield from figures(value, (*path, name))
    elif isinstance(told, list):
        for number, value in enumerate(told):
            yield from figures(value, (*path, _name(value, number)))
    elif isinstance(told, (int, float)) and not isinstance(told, bool):
        yield path, float(told)


def worse(old: Any, new: Any, factor: float = MUCH) -> list[tuple[str, float, float, float]]:
    """Names, both values, and how many times worse, of what got worse by more than `factor`; worst first."""
    before = dict(figures(old))
    found = []
    for path, value in figures(new):
        kind = _kind(path)
        if kind == 0 or path not in before or max(value, before[path]) < LEAST:
            continue
        top, bottom = (value, before[path]) if kind > 0 else (before[path], value)
        ratio = top / bottom if bottom > 0 else float("inf")
        if ratio > factor:
            found.append((" · ".join(path), before[path], value, ratio))
    return sorted(found, key=lambda each: -each[3])


def _kind(path: tuple[str, ...]) -> int:
    """1 where less is better, -1 where more is, 0 where the number says nothing about speed."""
    name = path[-1]
    if name in MORE_IS_BETTER:
        return -1
    if name in ("p99", "worst") or path[0] == "machine":
        return 0
    in_family = any(each.endswith(FAMILIES) for each in path[:-1])
    return int(name in LESS_IS_BETTER or name.endswith(LESS_ENDINGS) or in_family)


def _name(value: Any, number: int) -> str:
    found = (
        next((str(value[key]) for key in NAMES if key in value), None) if isinstance(value, dict) else None
    )
    return str(number) if found is None else found


def read(path: Path) -> dict[str, Any]:
    """A results file, or all of a folder's by their names."""
    if path.is_dir():
        return {each.stem: json.loads(each.read_text()) for each in sorted(path.glob("*.json"))}
    return {path.stem: json.loads(path.read_text())}


def main() -> None:
    """Print what got slower; exit with 1 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=main.__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--factor", type=float, default=MUCH, help=f"how much counts; {MUCH} if left out")
    given = parser.parse_args()
    old, new = read(given.old), read(given.new)
    if given.old.is_file() and given.new.is_file():  # two files may have two names
        old, new = ({"results": next(iter(told.values()))} for told in (old, new))
    found = worse(old, new, given.factor)
    table = Table(box=None)
    for heading in ("", "old", "new", "times worse"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, before, after, ratio in found:
        table.add_row(name, f"{before:.3g}", f"{after:.3g}", f"{ratio:.2f}")
    console = Console(highlight=False)
    if found:
        console.print(table)
        raise SystemExit(1)
    console.print(f"nothing got worse by more than {given.factor:g} times", soft_wrap=True)


if __name__ == "__main__":
    main()
