"""Machines that say when each sound begins."""

from __future__ import annotations

import importlib.util
import shutil

import numpy as np
import pytest
from numpy.typing import NDArray

from models.mouth.corpus import flite
from models.mouth.corpus.espeak import Reader
from models.mouth.corpus.phones import PHONES
from renderer.settings import TICK

espeak = pytest.mark.skipif(
    importlib.util.find_spec("espeakng_loader") is None, reason="[voice] is not installed"
)
flites = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")

Spans = list[list[float]]


def names(spans: Spans) -> list[str]:
    return [PHONES[int(phone)] for _, _, phone in spans]


def loudness(samples: NDArray[np.float32], span: list[float]) -> float:
    start, length, _ = span
    part = samples[int(start * TICK) : int((start + length) * TICK)]
    return float(np.sqrt(np.mean(part**2)))


def check(samples: NDArray[np.float32], spans: Spans) -> None:
    """Sounds follow one another, lie in the recording, and vowels are louder than closed lips before them."""
    starts = [start for start, _, _ in spans]
    assert starts == sorted(starts)
    assert all(length > 0 for _, length, _ in spans)
    assert spans[-1][0] + spans[-1][1] <= len(samples) / TICK + 1
    said = names(spans)
    number = said.index("P")
    assert loudness(samples, spans[number + 1]) > 2 * loudness(samples, spans[number])


@flites
def test_flite_says_when_it_says_what() -> None:
    samples, spans = flite.read("a happy papa", "slt", 1.0)
    assert [name for name in names(spans) if name in ("P", "HH")] == ["HH", "P", "P", "P"]
    check(samples, spans)


@flites
def test_flite_speaks_slower_when_asked() -> None:
    quick, slow = (flite.read("a happy papa", "rms", stretch)[0] for stretch in (0.8, 1.2))
    assert len(slow) > 1.2 * len(quick)


@espeak
@pytest.mark.parametrize("voice", ["en-us", "de", "fr", "es"])
def test_espeak_says_when_it_says_what_in_many_languages(voice: str) -> None:
    samples, spans = Reader().read("papa papa", voice, 150, 50)
    assert [name for name in names(spans) if name == "P"] == ["P"] * 4
    check(samples, spans)
