"""One rule: what is asked of a recording, by whom, what happens otherwise, and what to do about it.

Numbers such as R-C4 are those of the recording guide that the studio follows; where its sources contradict
each other, the limit says which reading is taken here (docs/check-footage.md lists them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    key: str
    numbers: str
    """Where it comes from."""

    title: str
    limit: str
    """What passes; `{}` fields are filled from the kind of recording."""

    consequence: str
    """What the avatar suffers where it is broken."""

    remedy: str
    is_formal: bool = False
    """About length, size and resolution alone: not judged in a trial take."""
