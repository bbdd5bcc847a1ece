"""The segments of a film as text: what a person chooses with --segments, and what --list-segments prints.

    # start  end     role       name
    0:00.4   0:08.0  listening  listening
    8.0      31.52   speaking   speaking
    12.3     14.1    gesture    wave

Times are seconds, or minutes and seconds with a colon between them. What follows a # is passed over. A
name may be left out. The same as JSON: `[{"start": 12.3, "end": 14.1, "role": "gesture", "name": "wave"}]`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import StudioError
from ..settings import FPS
from .loops import MORPH, VISIBLE, close_at, cuts
from .segments import ROLES, Role, Segment, gesture

Real = NDArray[np.floating[Any]]

LEAST = {"listening": 2.0, "speaking": 2.0, "gesture": 0.3}
"""Seconds a clip of each role takes at least."""

LONGEST_GESTURE = 10.0
"""Seconds; found ones are shorter (gestures.LONGEST)."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of the file."""

    where: str
    """What errors call it."""

    start: float
    end: float
    """Seconds."""

    role: Role
    name: str
    """Empty if it was left out."""


def read_segments(path: Path, look: Real, found: Sequence[Segment]) -> list[Segment]:
    """The segments a person wrote down, first clips of listening and speaking that the file leaves out added.

    `look` (n, d) is that of `loops.looks`; `found` are the studio's own segments. The ends of listening and
    speaking clips are moved by up to 0.4 s to where the clip closes best. Raises StudioError that names the
    line, what is wrong with it, and what to do.
    """
    wishes = list(_wishes(path))
    _check(wishes, look)
    segments = []
    for role in ROLES:
        own = [wish for wish in wishes if wish.role == role]
        names = _names(own, role, {wish.name for wish in wishes if wish.name})
        for wish, name in zip(own, names, strict=True):
            start, end = round(wish.start * FPS), min(round(wish.end * FPS), len(look))
            if role == "gesture":
                segments.append(gesture(name, start, end, look))
            else:
                segments.append(Segment(name, role, close_at(look, start, end)))
        if not own and role != "gesture":
            segments += [segment for segment in found if segment.role == role][:1]
    _unique(path, segments)
    return segments


def segment_lines(segments: Sequence[Segment], look: Real) -> list[str]:
    """The segments as `read_segments` reads them, with their lengths and how well they close."""
    width = max([4, *(len(segment.name) for segment in segments)])
    lines = [f"# {'start':>7} {'end':>9}  {'role':9}  {'name':{width}}  # length  end to start"]
    for segment in segments:
        start = segment.loop.start + segment.lead
        end = segment.loop.end - segment.tail
        note = f"{(end - start) / FPS:4.1f} s"
        if segment.closes:
            apart = segment.apart(look)
            note += f"  {apart:4.1f} usual steps" + (", may be seen" if apart > VISIBLE else "")
        times = f"{start / FPS:9.2f} {end / FPS:9.2f}"
        lines.append(f"{times}  {segment.role:9}  {segment.name:{width}}  # {note}")
    return lines


def _wishes(path: Path) -> Iterator[Wish]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise StudioError(
            f"{path}: no segments could be read ({reason}); see --list-segments for how they look"
        ) from error
    rows = list(_json_rows(path, text) if text.lstrip().startswith(("[", "{")) else _text_rows(path, text))
    if not rows:
        raise StudioError(f"{path}: no segment in it; write lines of start, end, role and name")
    for where, start, end, role, name in rows:
        if role not in ROLES:
            raise StudioError(f"{where}: role {role!r}; one of {', '.join(ROLES)} expected")
        if name and NAME.fullmatch(name) is None:
            raise StudioError(
                f"{where}: name {name!r}; small Latin letters, digits, - and _ expected, such as wave-2"
            )
        yield Wish(where, _seconds(where, start), _seconds(where, end), role, name)


def _text_rows(path: Path, text: str) -> Iterator[tuple[str, Any, Any, Any, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        where = f"{path}, line {number}"
        if not words:
            continue
        if len(words) not in (3, 4):
            raise StudioError(f"{where}: {len(words)} words; start, end, role and perhaps a name expected")
        yield where, words[0], words[1], words[2], words[3] if len(words) == 4 else ""


def _json_rows(path: Path, text: str) -> Iterator[tuple[str, Any, Any, Any, str]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise StudioError(f"{path}, line {error.lineno}: not JSON ({error.msg}); mend it") from error
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        where = f"{path}, segment {number}"
        if not isinstance(row, dict) or not {"start", "end", "role"} <= set(row) <= {
            "start",
            "end",
            "role",
            "name",
        }:
            raise StudioError(f"{where}: an object of start, end, role and perhaps name expected")
        yield where, row["start"], row["end"], row["role"], str(row.get("name", ""))


def _seconds(where: str, value: Any) -> float:
    match = re.fullmatch(r"(?:(\d+):)?(\d+(?:\.\d*)?)", str(value))
    if match is None:
        raise StudioError(f"{where}: time {value!r}; seconds such as 12.5, or 1:05.2, expected")
    return 60.0 * int(match[1] or 0) + float(match[2])


def _check(wishes: list[Wish], look: Real) -> None:
    film = len(look) / FPS
    edges = cuts(look) / FPS
    for wish in wishes:
        told = f"{wish.where}: {wish.role} from {wish.start:g} to {wish.end:g} s"
        if wish.end <= wish.start:
            raise StudioError(f"{told} ends before it begins; exchange the two")
        if wish.end > film + 0.5 / FPS:
            raise StudioError(f"{told} lies outside the film of {film:.2f} s; end it there")
        if wish.end - wish.start < LEAST[wish.role]:
            raise StudioError(f"{told} is too short; at least {LEAST[wish.role]:g} s expected")
        if wish.role == "gesture" and wish.end - wish.start > LONGEST_GESTURE:
            raise StudioError(f"{told} is too long; a gesture takes at most {LONGEST_GESTURE:g} s")
        before = 0.0 if wish.role == "gesture" else MORPH / FPS
        inside = edges[(edges > wish.start - before) & (edges < wish.end)]
        if len(inside):
            raise StudioError(
                f"{told} spans a cut of the film at {inside[0]:.2f} s; end it before, or begin "
                f"{before:g} s or more after"
            )
        for other in wishes:
            if other is not wish and other.role == wish.role and wish.start <= other.start < wish.end:
                raise StudioError(
                    f"{told} overlaps the one from {other.start:g} to {other.end:g} s; clips of one role "
                    "must not share frames"
                )


def _names(wishes: list[Wish], role: str, taken: set[str]) -> list[str]:
    """Their names; those left out become the role, with a number where it is needed."""
    names: list[str] = []
    for wish in wishes:
        name, number = wish.name or (role if role != "gesture" else "gesture1"), 2
        while not wish.name and (name in names or name in taken):
            name, number = f"{role}{number}", number + 1
        names.append(name)
    return names


def _unique(path: Path, segments: list[Segment]) -> None:
    names = [segment.name for segment in segments]
    for name in names:
        if names.count(name) > 1:
            raise StudioError(
                f"{path}: {names.count(name)} clips named {name!r}; give each a name of its own"
            )
