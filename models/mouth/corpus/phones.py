"""Which speech sound is heard when: English transcripts aligned with pocketsphinx.

Used while training only; its wheel (BSD) carries the acoustic model and the dictionary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .recordings import Recording, sound

PHONES = (
    "SIL", "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH",
    "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W",
    "Y", "Z", "ZH",
)  # fmt: skip
"""The sounds of CMUdict, after silence."""

TICKS_PER_FRAME = 0.25
"""pocketsphinx counts in 10 ms."""


def align(recordings: Iterable[Recording], texts: dict[str, str], kept: Path) -> dict[str, list[list[float]]]:
    """Start and length in ticks and number in `PHONES` of every sound, by the recording's name.

    Kept in the JSON file `kept`. Recordings with words unknown to the dictionary, or that do not fit
    their words, are left out.
    """
    if kept.exists():
        found: dict[str, list[list[float]]] = json.loads(kept.read_text())
        return found
    from pocketsphinx import Decoder  # late: who only wants the names of sounds need not install it

    decoder = Decoder(samprate=16_000, loglevel="FATAL")
    found = {}
    for recording in recordings:
        text = texts.get(recording.path.stem)
        if not text:
            continue
        words = re.sub("[^a-z' ]", " ", text.lower().replace("-", " ")).split()
        spoken = [
            f"{word}." if len(word) == 1 and decoder.lookup_word(f"{word}.") else word for word in words
        ]
        if any(decoder.lookup_word(word) is None for word in spoken):
            continue
        pcm = (np.clip(sound(recording.path), -1, 1) * 32767).astype(np.int16).tobytes()
        try:
            decoder.set_align_text(" ".join(spoken))
            for _ in range(2):  # words first, then the sounds in them
                decoder.start_utt()
                decoder.process_raw(pcm, full_utt=True)
                decoder.end_utt()
                if _ == 0:
                    decoder.set_alignment()
            alignment = decoder.get_alignment()
        except RuntimeError:
            continue
        found[recording.name] = [
            [phone.start * TICKS_PER_FRAME, phone.duration * TICKS_PER_FRAME, float(PHONES.index(phone.name))]
            for word in (alignment or ())
            for phone in word
            if phone.name in PHONES
        ]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found))
    return found


def shares(spans: list[list[float]], ticks: int, level: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of each tick each sound fills, shape (ticks, 40).

    The aligner gives a leading pause to the first sound: ticks 35 dB under the loudest are silence.
    """
    share = np.zeros((ticks, len(PHONES)), np.float32)
    for start, length, phone in spans:
        for tick in range(int(start), min(ticks, int(np.ceil(start + length)))):
            share[tick, int(phone)] += max(0.0, min(tick + 1, start + length) - max(tick, start))
    quiet = level[:ticks] < np.percentile(level, 95) - 35
    share[quiet] = 0.0
    share[:, 0] += np.maximum(0.0, 1.0 - share.sum(axis=1))
    return share
