"""What is inside an avatar package, for people to read.

Only `avatar inspect` imports this: playing an avatar needs no tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .manifest import Manifest, Variant
from .poster import poster_size
from .reader import Package, open_package


def inspect_package(path: Path) -> RenderableType:
    """Check a package and lay out all it holds. Raises what `open_package` raises."""
    with open_package(path) as package:
        return Group(*_sections(package))


def _sections(package: Package) -> Iterator[RenderableType]:
    manifest = package.manifest
    yield _facts(package)
    for name, variant in manifest.variants.items():
        yield ""
        yield _variant(package, name, variant)
    yield ""
    yield _mouth(manifest)
    if manifest.transitions:
        yield ""
        yield _transitions(manifest)
    yield ""
    yield _files(manifest)
    yield ""
    clips = len(manifest.clips) * len(manifest.variants)
    yield Text(
        f"In order: {len(manifest.files)} files, {clips} clips and the lip network are as the manifest says.",
        "green",
    )


def _facts(package: Package) -> RenderableType:
    manifest = package.manifest
    consent = manifest.consent
    width, height = poster_size(package.poster(), manifest.poster)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for fact, value in (
        ("Avatar", f"{manifest.name} ({manifest.id})"),
        ("Package", f"{package.path}, {_bytes(sum(file.size for file in manifest.files.values()))}"),
        ("Format", f"{manifest.format}, kind {manifest.kind}, made with {manifest.made_with}"),
        ("Licence", manifest.licence),
        ("Consent", f"{consent.kind} {consent.document or ''}".strip()),
        ("Frame rate", f"{manifest.fps} frames a second"),
        ("Lips", f"fields of {manifest.lips.cells}x{manifest.lips.cells} cells"),
        ("Poster", f"{width}x{height}"),
    ):
        table.add_row(fact, Text(value))
    return table


def _variant(package: Package, name: str, variant: Variant) -> RenderableType:
    manifest = package.manifest
    shape = "landscape" if variant.width > variant.height else "portrait"
    table = _table(f"{name}: {variant.width}x{variant.height}, {shape}")
    for column in ("clip", "role", "loops"):
        table.add_column(column)
    for column in ("frames", "seconds", "kbit/s", "drivable"):
        table.add_column(column, justify="right")
    table.add_column("matte")
    for clip_name, files in variant.clips.items():
        clip = manifest.clips[clip_name]
        seconds = float(clip.frames / manifest.rate)
        table.add_row(
            clip_name,
            clip.role,
            "yes" if clip.loops else "no",
            str(clip.frames),
            f"{seconds:.2f}",
            f"{manifest.files[files.video].size * 8 / 1000 / seconds:.0f}",
            f"{package.track(name, clip_name).drivable.mean():.0%}",
            "yes" if files.alpha else "no",
        )
    return table


def _mouth(manifest: Manifest) -> RenderableType:
    table = _table(f"Mouth, in weights of mouth space {manifest.mouth.space} (docs/mouth-space.md)")
    table.add_column("weight")
    for index in range(len(manifest.mouth.gain)):
        table.add_column(str(index), justify="right")
    for name, row in (
        ("gain", manifest.mouth.gain),
        ("lowest", manifest.mouth.low),
        ("highest", manifest.mouth.high),
    ):
        table.add_row(name, *(f"{value:.2f}" for value in row))
    return table


def _transitions(manifest: Manifest) -> RenderableType:
    table = _table("Transitions")
    table.add_column("from")
    table.add_column("to")
    table.add_column("ways", justify="right")
    table.add_column("longest wait", justify="right")
    for step in manifest.transitions:
        clip = manifest.clips[step.source]
        exits = sorted({pair[0] for pair in step.pairs})
        around = [exits[-1] - clip.frames, *exits] if clip.loops else [-1, *exits]
        wait = float(max(later - earlier for earlier, later in pairwise(around)) / manifest.rate)
        table.add_row(step.source, step.target, str(len(step.pairs)), f"{wait:.2f} s")
    return table


def _files(manifest: Manifest) -> RenderableType:
    table = _table("Files")
    table.add_column("name", overflow="fold")
    table.add_column("size", justify="right")
    table.add_column("SHA-256")
    for name, facts in manifest.files.items():
        table.add_row(name, _bytes(facts.size), facts.sha256[:12])
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, header_style="dim")


def _bytes(size: int) -> str:
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"
