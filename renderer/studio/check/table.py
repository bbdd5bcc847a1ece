"""The report on a terminal: what fails first, and what to do about it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .findings import Finding, Span, clock
from .report import CheckReport, limit, remedy
from .rules import RULES

MARKS = {
    "fail": ("FAIL", "bold red"),
    "warn": ("warn", "yellow"),
    "unknown": ("?", "dim"),
    "pass": ("ok", "green"),
}

MOST_SPANS = 6
"""Places named of each finding; the page has them all."""


def show(report: CheckReport, console: Console) -> None:
    """Print it."""
    mark = MARKS[report.status][1]
    console.print(Text(f"{report.path.name}, {clock(report.seconds)} min", "bold"))
    console.print(Text(report.verdict(), mark))
    console.print()
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("", width=4)
    table.add_column("rule", ratio=2)
    table.add_column("found, and what is asked", ratio=4)
    table.add_column("otherwise, and what to do", ratio=5)
    for finding in report.findings:
        if finding.status in ("fail", "warn"):
            table.add_row(*_row(report, finding))
    if table.row_count:
        console.print(table)
    for finding in report.findings:
        if finding.status == "unknown":
            rule = RULES[finding.rule]
            console.print(Text(f"cannot tell: {rule.title} ({rule.numbers}): {finding.figure}", "dim"))
    passed = [RULES[finding.rule].title.lower() for finding in report.findings if finding.status == "pass"]
    console.print(Text(f"ok: {', '.join(passed)}", "green"))
    if report.usable:
        console.print(f"usable stretches (R-F28): {places(report.usable)}")
    console.print(Text(f"checked in {report.took:.0f} s", "dim"))


def places(spans: tuple[Span, ...]) -> str:
    """Where, in a line."""
    more = f" and {len(spans) - MOST_SPANS} more" if len(spans) > MOST_SPANS else ""
    return ", ".join(map(str, spans[:MOST_SPANS])) + more


def _row(report: CheckReport, finding: Finding) -> tuple[Text, Text, Text, Text]:
    rule = RULES[finding.rule]
    word, style = MARKS[finding.status]
    found = Text(finding.figure)
    if finding.spans:
        found.append(f"\nat {places(finding.spans)}", "bold")
    found.append(f"\nasked: {limit(rule, report.kind)}\n", "dim")
    otherwise = Text(rule.consequence)
    otherwise.append(f"\n→ {remedy(rule, report.kind)}\n", "cyan")
    title = Text(rule.title)
    title.append(f"\n{rule.numbers}", "dim")
    return Text(word, style), title, found, otherwise
