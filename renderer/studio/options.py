"""What may be chosen for a build."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from ..errors import StudioError
from ..package.manifest import Consent, Manifest
from ..package.writer import SUFFIX
from .matte.cutout import Background
from .variants import spelt_out, wanted_of
from .work import WorkFolder

VARIANTS = ("720p", "540p")
"""Built unless told otherwise; the first is what players show."""

MINUTES = 12.0
"""Of training at most; usually its steps are done before (lips.training.STEPS)."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What may be chosen for one build."""

    consent: Consent
    """By what right this person is shown."""

    licence: str = "all rights reserved"
    """What others may do with the avatar; a name of spdx.org/licenses, or words."""

    name: str | None = None
    """Shown to people; made from the target's name if left out."""

    kind: str = "studio"
    minutes: float = MINUTES
    variants: tuple[str, ...] = VARIANTS
    background: Background | None = None
    """What becomes of what is behind the person; a matte is used where there is one, if left out."""

    matte: Path | None = None
    """A film of the matte, exactly as large and long as the footage."""

    evaluate: bool = False
    """Teach another network without the last fifth of the footage, and judge it by that."""

    segments: Path | None = None
    """A file in which a person chose the segments (segment_file.py); the studio chooses if left out."""

    rest: tuple[float, ...] | None = None
    """Seconds of the film at which the mouth is at rest; its opening silence if left out."""

    work: Path | None = None
    """Where finished stages are kept; the user's cache, and only until the avatar is there, if left out."""

    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Processor cores to use: as many clips are made at a time, and pictures divided among them."""

    log: Path | None = None
    """Where the build's log goes; into the work folder if left out."""

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise StudioError(
                f"{self.minutes} minutes of training; more than 0 expected (usual: {MINUTES:g})"
            )
        if self.jobs < 1:
            raise StudioError(f"{self.jobs} jobs; 1 or more expected")
        if not self.variants:
            raise StudioError("no variant to build; name at least one, such as 720p")
        for variant in spelt_out(self.variants):
            wanted_of(variant)
        kinds = get_args(Manifest.model_fields["kind"].annotation)
        if self.kind not in kinds:
            raise StudioError(f"kind {self.kind!r}; one of {', '.join(kinds)} expected")


def consent_from(text: str) -> Consent:
    """`own-face`, `synthetic`, or the path of a document whose name and SHA-256 are noted.

    Raises StudioError if it is none of these.
    """
    if text == "own-face":
        return Consent(kind="own-face")
    if text == "synthetic":
        return Consent(kind="synthetic")
    path = Path(text)
    if not path.is_file():
        raise StudioError(
            f"consent {text!r} is neither own-face nor synthetic nor a file; name the signed authorisation "
            "of the person shown (only its name and fingerprint go into the avatar)"
        )
    if path.stat().st_size == 0:
        raise StudioError(f"consent {text!r} is empty (0 bytes); name the signed or recorded authorisation")
    return Consent(kind="document", document=path.name, sha256=WorkFolder.digest(path))


def seconds_from(text: str) -> tuple[float, ...]:
    """(0.4, 1.2) of "0.4,1.2". Raises StudioError if it does not read so."""
    try:
        seconds = tuple(float(part) for part in text.split(","))
    except ValueError:
        seconds = ()
    if not seconds or not all(0 <= second < float("inf") for second in seconds):
        raise StudioError(f"rest {text!r}; seconds of the film such as 0.4 or 0.4,1.2 expected")
    return seconds


def id_of(target: Path) -> str:
    """What the avatar is called by commands, from the name of its file. Raises StudioError."""
    if target.suffix != SUFFIX:
        raise StudioError(f"{target}: the name of an avatar ends in {SUFFIX}; try {target.stem}{SUFFIX}")
    name = re.sub(r"[^a-z0-9_-]+", "-", target.stem.lower()).strip("-_")[:64]
    if not name:
        raise StudioError(f"{target}: a name of Latin letters or digits is needed, such as anna{SUFFIX}")
    return name
