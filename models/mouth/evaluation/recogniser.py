"""Which sounds are said, as pocketsphinx hears them without knowing the words (or the language)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from renderer.settings import ANALYSIS_RATE
from renderer.types import Samples

from .visemes import Span

LANGUAGE_WEIGHT = 2.0
"""rhubarb-lip-sync has 0.8; mouths drawn with that followed broadcast clips less well (0.36, not 0.42)."""


def recognise(samples: Samples, kept: Path) -> list[Span]:
    """The sounds of a recording at 16 kHz, in their order; recognised once, then kept in the folder `kept`.

    The English model of pocketsphinx's own wheel, in its mode for phonemes (allphone).
    """
    pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes()
    place = kept / f"{hashlib.sha256(pcm + str(LANGUAGE_WEIGHT).encode()).hexdigest()[:24]}.json"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_suffix(".part")
        half.write_text(json.dumps(_decode(pcm)))
        half.replace(place)
    return [(int(first), int(end), str(sound)) for first, end, sound in json.loads(place.read_text())]


def _decode(pcm: bytes) -> list[Span]:
    try:
        from pocketsphinx import Decoder, get_model_path
    except ImportError as error:
        raise SystemExit(
            "pocketsphinx is not installed; a baseline needs it: pip install pocketsphinx"
        ) from error
    model = Path(get_model_path("en-us"))
    decoder = Decoder(
        hmm=str(model / "en-us"),
        allphone=str(model / "en-us-phone.lm.bin"),
        lm=None,
        dict=None,
        lw=LANGUAGE_WEIGHT,
        beam=1e-20,
        pbeam=1e-20,
        samprate=ANALYSIS_RATE,
        loglevel="FATAL",
    )
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    return [(one.start_frame, one.end_frame + 1, one.word) for one in decoder.seg() or ()]
