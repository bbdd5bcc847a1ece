"""The report as one self-contained page: verdict, time line, findings with pictures."""

from __future__ import annotations

from html import escape

from .findings import Finding, Span, clock
from .report import CheckReport, limit, remedy
from .rules import READINGS, RULES, UNTOLD
from .stills import stills
from .style import STYLE
from .timeline import timeline

PICTURES = 6
"""Pictures of each finding at most."""

WORDS = {"fail": "fails", "warn": "warning", "unknown": "cannot tell", "pass": "passes"}


def page_of(report: CheckReport) -> str:
    """The page, as HTML with everything inside."""
    told = [finding for finding in report.findings if finding.status in ("fail", "warn")]
    places = {finding.rule: _places(finding) for finding in told}
    pictures = stills(report.footage, [at for some in places.values() for at, _ in some])
    sections = [
        _heading(report),
        "<h2>Along the recording</h2>",
        timeline(report),
        _usable(report),
    ]
    if told:
        sections.append("<h2>What to mend</h2>")
        sections.extend(_article(report, finding, places[finding.rule], pictures) for finding in told)
    sections.extend(
        [
            _rows(report, "unknown", "What cannot be told"),
            _rows(report, "pass", "What passes"),
            "<h2>For your own eyes and ears</h2><p>No program here can tell these:</p>",
            _list([(numbers, text) for numbers, text in UNTOLD]),
            "<h2>Where the sources contradict each other</h2>",
            _list([(number, f"{what}. Taken here: {taken}.") for number, what, taken in READINGS]),
        ]
    )
    title = escape(f"Check of {report.path.name}")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{''.join(sections)}</body></html>\n"
    )


def _heading(report: CheckReport) -> str:
    footage = report.footage
    about = [
        f"{clock(report.seconds)} min",
        f"{footage.width}×{footage.height} as worked on",
        f"{footage.fps:g} frames a second",
        f"checked as {report.kind.name}: {report.kind.words}",
    ]
    if report.is_trial:
        about.append("a trial take: length, file size and resolution not judged")
    return (
        f"<h1>{escape(report.path.name)}</h1><p class=about>{escape(' · '.join(about))}</p>"
        f'<p class="verdict {report.status}">{escape(report.verdict())}</p>'
    )


def _usable(report: CheckReport) -> str:
    if not report.usable:
        return (
            "<p>No stretch of four seconds or more is free of cuts, turns, coverings and shake (R-F28).</p>"
        )
    places = ", ".join(f"{span} ({span.seconds:.0f} s)" for span in report.usable)
    return f"<p>Usable in one piece (R-F28): {escape(places)}.</p>"


def _places(finding: Finding) -> list[tuple[float, Span]]:
    """Seconds whose pictures are shown, with the stretch each belongs to."""
    if finding.rule == "continuous":
        return []
    # the longest ones, in their order
    chosen = sorted(
        sorted(finding.spans, key=lambda span: -span.seconds)[:PICTURES], key=lambda span: span.start
    )
    if len(chosen) == 1 and chosen[0].seconds > 0.5:
        span = chosen[0]
        return [(round(span.start + share * span.seconds, 2), span) for share in (0.1, 0.5, 0.9)]
    if all(span.seconds < 0.15 for span in chosen):
        # cuts: the picture before and the one after
        return [
            (round((span.start + span.end) / 2 + aside, 2), span)
            for span in chosen[: PICTURES // 2]
            for aside in (-0.06, 0.02)
        ]
    return [(round((span.start + span.end) / 2, 2), span) for span in chosen]


def _article(
    report: CheckReport, finding: Finding, places: list[tuple[float, Span]], pictures: dict[float, str]
) -> str:
    rule = RULES[finding.rule]
    lines = [
        ("found", finding.figure),
        ("asked", limit(rule, report.kind)),
        ("otherwise", rule.consequence),
        ("remedy", remedy(rule, report.kind)),
    ]
    if finding.spans and finding.rule != "continuous":
        lines.insert(1, ("where", ", ".join(map(str, finding.spans))))
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in lines)
    shown = "".join(_figure(pictures[at], clock(at)) for at, _ in places if at in pictures)
    return (
        f'<article><b class="{finding.status}">{WORDS[finding.status]}</b><div>'
        f"<h3>{escape(rule.title)} <small>{rule.numbers}</small></h3><dl>{listed}</dl>"
        f"{f'<div class=stills>{shown}</div>' if shown else ''}</div></article>"
    )


def _figure(picture: str, when: str) -> str:
    return f'<figure><img src="{picture}" alt="at {when}"><figcaption>{when}</figcaption></figure>'


def _rows(report: CheckReport, status: str, title: str) -> str:
    rows = []
    for finding in report.findings:
        if finding.status == status:
            rule = RULES[finding.rule]
            cells = (
                f"{escape(rule.title)} <small>{rule.numbers}</small>",
                escape(finding.figure),
                f"<small>{escape(limit(rule, report.kind))}</small>",
            )
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<h2>{title}</h2><table>{''.join(rows)}</table>" if rows else ""


def _list(lines: list[tuple[str, str]]) -> str:
    return (
        "<ul>" + "".join(f"<li><b>{escape(name)}</b> {escape(text)}</li>" for name, text in lines) + "</ul>"
    )
