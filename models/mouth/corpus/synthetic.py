"""Labelled speech of machines, in as many voices as wanted: each sound is what it is, at a known time.

It sounds like machines. What it teaches is that a b is a b, whoever says it and in whichever language.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import flite
from .espeak import Reader
from .recordings import transcripts

OWN = (("en-us", "en_kathleen"), ("en", "en_kathleen"), ("de", "de_kerstin"), ("cmn", "zh_aishell"))
"""Voices of espeak-ng that read their own language."""

FOREIGN = (
    "fr", "es", "it", "pt", "nl", "pl", "cs", "hu", "tr", "sv", "da", "fi", "ro", "sw", "vi", "id",
)  # fmt: skip
"""Voices of espeak-ng that read English and German as if it were theirs: sense is not needed, sounds are."""

VARIANTS = (
    "", "+m1", "+m3", "+m4", "+m7", "+f1", "+f2", "+f3", "+f4", "+f5", "+klatt2", "+klatt4", "+Andrea",
    "+Mike", "+aunty", "+grandpa", "+anika", "+Alex",
)  # fmt: skip

OWN_SENTENCES, FOREIGN_SENTENCES, FLITE_SENTENCES = 300, 40, 250
"""Read by each voice."""

GROUPS = ("espeak", "foreign", "flite")

Read = tuple[str, NDArray[np.float32], list[list[float]]]


def sentences(group: str, data: Path) -> Iterator[Read]:
    """Name, sound at 16 kHz and sounds' times of every sentence read in a group, always the same."""
    if group == "flite":
        yield from _recorded_people(data)
        return
    reader = Reader()
    random = np.random.default_rng(7 + GROUPS.index(group))
    foreign = [(voice, text) for voice in FOREIGN for text in ("en_kathleen", "de_kerstin")]
    count = FOREIGN_SENTENCES // 2 if group == "foreign" else OWN_SENTENCES
    for voice, source in foreign if group == "foreign" else OWN:
        texts = sorted(set(transcripts(data, source).values()))
        for number in random.permutation(len(texts))[:count]:
            variant = VARIANTS[int(random.integers(len(VARIANTS)))]
            pace, pitch = int(random.integers(120, 210)), int(random.integers(25, 75))
            sound, spans = reader.read(texts[number], voice + variant, pace, pitch)
            if len(spans) > 5:
                yield f"{voice}-{source}-{number}{variant}", sound, spans


def _recorded_people(data: Path) -> Iterator[Read]:
    random = np.random.default_rng(11)
    texts = sorted(set(transcripts(data, "en_kathleen").values()))
    for voice in flite.VOICES:
        for number in random.permutation(len(texts))[:FLITE_SENTENCES]:
            sound, spans = flite.read(texts[number], voice, float(random.uniform(0.75, 1.15)))
            if len(spans) > 5:
                yield f"{voice}-{number}", sound, spans
