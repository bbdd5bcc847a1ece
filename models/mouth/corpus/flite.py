"""flite reads a sentence and says when each sound ends: four recorded American and Scottish people.

It must be installed on the system (a licence like BSD's; used while training, never shipped).
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renderer.settings import FPS

from .phones import PHONES
from .recordings import sound

VOICES = ("slt", "rms", "awb", "kal16")

LIKE = {"ax": "AH", "axr": "ER", "dx": "D", "nx": "N", "el": "L", "em": "M", "en": "N", "pau": "SIL"}
"""flite's names that CMUdict lacks."""


def read(text: str, voice: str, stretch: float) -> tuple[NDArray[np.float32], list[list[float]]]:
    """Sound at 16 kHz, and start and length in ticks and number in `PHONES` of every sound in it.

    `stretch` lengthens every sound.
    """
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        command = ["flite", "-voice", voice, "-psdur", "--setf", f"duration_stretch={stretch}"]
        try:
            told = subprocess.run(
                [*command, "-t", text, "-o", str(spoken)], capture_output=True, text=True, check=True
            ).stdout
        except FileNotFoundError:
            raise SystemExit("flite is not installed; install your system's package flite") from None
        samples = sound(spoken)
    spans, start = [], 0.0
    for label in told.split():
        name, _, end = label.rpartition(":")
        phone = LIKE.get(name, name.upper())
        spans.append(
            [
                start * FPS,
                (float(end) - start) * FPS,
                float(PHONES.index(phone if phone in PHONES else "SIL")),
            ]
        )
        start = float(end)
    return samples, spans
