"""What a build has come to as one self-contained page: poster, clips, lips beside the film, figures."""

from __future__ import annotations

import base64
from html import escape

import cv2
import numpy as np

from ..package.reader import open_package
from .check.style import STYLE
from .evaluation import Evaluation, Sample
from .footage import Picture
from .report import BuildReport

HEIGHT = 150
"""Rows of a sample's pictures."""

CONTRAST = 3
"""How much differences are strengthened; grey is none."""


def page_of(report: BuildReport) -> str:
    """The page, as HTML with everything inside."""
    manifest = report.manifest
    with open_package(report.target) as package:
        poster = base64.b64encode(package.read(manifest.poster)).decode()
    clips = [
        (name, f"{clip.role}, {clip.frames / float(manifest.rate):.1f} s")
        for name, clip in manifest.clips.items()
    ]
    stages = [(stage, f"{seconds:.0f} s") for stage, seconds in report.seconds.items()]
    variants = [(name, f"{v.width}×{v.height}") for name, v in manifest.variants.items()]
    sections = [
        f"<h1>{escape(manifest.name)}</h1>",
        f'<p class="about">{escape(report.target.name)}, {report.size / 1e6:.1f} MB, id {manifest.id}, '
        f"consent {manifest.consent.kind}, licence {escape(manifest.licence)}</p>",
        f'<figure><img style="height:300px" alt="poster" src="data:image/jpeg;base64,{poster}"></figure>',
        *([] if report.evaluation is None else _evaluation(report.evaluation)),
        "<h2>Clips</h2>" + _rows(clips),
        "<h2>Variants</h2>" + _rows(variants),
        "<h2>Time</h2>" + _rows(stages),
    ]
    if report.notes:
        notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
        sections.append(f"<h2>Worth knowing</h2><ul>{notes}</ul>")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(manifest.name)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{''.join(sections)}</body></html>\n"
    )


def _evaluation(evaluation: Evaluation) -> list[str]:
    rows = "".join(
        f"<tr><td>{escape(measure.title)}</td>"
        f'<td class="{"pass" if good else "warn"}">{value:.{measure.digits}f}{escape(measure.unit)}</td>'
        f"<td>{measure.wanted()}</td></tr>"
        for measure, value, good in evaluation.table()
    )
    width, height = evaluation.size
    return [
        "<h2>Lips beside the film</h2>",
        f"<p>{evaluation.frames} frames from second {evaluation.start:.1f} on, which the lips never saw "
        f"while learning, rebuilt at {width}×{height}. From the least open mouth to the widest: film, "
        f"rebuilt, difference (strengthened {CONTRAST} times).</p>",
        *(_sample(sample) for sample in evaluation.samples),
        f"<table><tr><th>measure</th><th>found</th><th>aim</th></tr>{rows}</table>",
    ]


def _sample(sample: Sample) -> str:
    off = sample.rebuilt.astype(np.int16) - sample.filmed
    difference = np.clip(128 + CONTRAST * off, 0, 255).astype(np.uint8)
    pictures = "".join(
        f'<figure><img style="height:{HEIGHT}px" alt="{word}" src="{_url(picture)}"></figure>'
        for word, picture in (
            ("film", sample.filmed),
            ("rebuilt", sample.rebuilt),
            ("difference", difference),
        )
    )
    return f'<div class="stills">{pictures}<small>{sample.second:.2f} s</small></div>'


def _rows(rows: list[tuple[str, str]]) -> str:
    return (
        "<table>"
        + "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in rows)
        + "</table>"
    )


def _url(picture: Picture) -> str:
    """As a JPEG inside a data URL."""
    jpeg = cv2.imencode(".jpg", np.ascontiguousarray(picture[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()
