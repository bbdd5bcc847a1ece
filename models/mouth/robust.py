"""Does the mouth keep moving alike when speech reaches it badly? python -m models.mouth.robust [--network F].

Speech of every group with transcripts or pictures is heard clean, with peaks of -10 dB, and then soft, loud,
through a telephone, in noise, over music, in a room and through a narrow codec. What the mouth does then is
compared with what it did to the clean sound; no film is needed.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from renderer.mouth import MouthNetwork
from renderer.resources import mouth_network
from renderer.settings import ANALYSIS_RATE
from renderer.types import Samples

from .corpus.recordings import DATA, Recording, filmed, sound, spoken
from .din.noises import MUSIC, make
from .evaluation.scores import closure_recall, correlation
from .quiet import SEED, SHUT, at_level, drawn_gap, said

CLEAN = -10.0
"""Peak of the clean speech in dB of full scale."""

SILENCE = 0.6
"""Seconds of silence before and after each recording."""

Disguise = Callable[[Samples, np.random.Generator], Samples]


def peak(decibels: float) -> Disguise:
    """The same speech with its peak at this level."""
    return lambda speech, _: speech * np.float32(10 ** (decibels / 20) / np.abs(speech).max())


def telephone(speech: Samples, _: np.random.Generator) -> Samples:
    """300 to 3400 Hz, 8000 samples a second, 8 bit on the mu-law (G.711)."""
    size = len(speech)
    hertz = np.fft.rfftfreq(size, 1 / ANALYSIS_RATE)
    passed = np.fft.irfft(np.fft.rfft(speech) * ((hertz > 300) & (hertz < 3400)), size)
    narrow = np.clip(soxr.resample(passed, ANALYSIS_RATE, 8000), -1, 1)
    law = np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256)
    law = np.round(law * 127) / 127
    wide = soxr.resample(np.sign(law) * np.expm1(np.abs(law) * np.log(256)) / 255, 8000, ANALYSIS_RATE)
    return _fitted(wide.astype(np.float32), size)


def over(kind: str | None, decibels: float) -> Disguise:
    """With noise (or music of any kind where `kind` is None) so many dB under the speech."""

    def mixed(speech: Samples, random: np.random.Generator) -> Samples:
        chosen = kind or MUSIC[int(random.integers(len(MUSIC)))]
        behind = make(chosen, len(speech) / ANALYSIS_RATE + 0.1, random)[: len(speech)]
        loud = speech[np.abs(speech) > 0.01 * np.abs(speech).max()]
        level = 20 * np.log10(float(np.sqrt(np.mean(loud.astype(np.float64) ** 2))))
        return speech + at_level(behind, level - decibels)

    return mixed


def small_room(speech: Samples, random: np.random.Generator) -> Samples:
    """An echo that decays by 60 dB in 0.35 s, 3 dB under the direct sound."""
    n = int(0.35 * ANALYSIS_RATE)
    echo = random.standard_normal(n) * np.exp(-6.9 * np.arange(n) / n)
    echo[:32] = 0
    echo *= 10 ** (-3 / 20) / np.sqrt((echo**2).sum())
    echo[0] = 1.0
    size = len(speech) + n
    wet = np.fft.irfft(np.fft.rfft(speech, size) * np.fft.rfft(echo, size), size)[: len(speech)]
    return wet.astype(np.float32)


def opus(speech: Samples, _: np.random.Generator) -> Samples:
    """Through Opus at 16 kbit/s and back."""
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=ANALYSIS_RATE, layout="mono")
        stream.bit_rate = 16_000
        frame = av.AudioFrame.from_ndarray(speech[None].astype(np.float32), "fltp", "mono")
        frame.sample_rate = ANALYSIS_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as container:
        resampler = av.AudioResampler("flt", "mono", ANALYSIS_RATE)
        parts = [part for one in container.decode(audio=0) for part in resampler.resample(one)]
        parts += resampler.resample(None)
    return _fitted(np.concatenate([part.to_ndarray()[0] for part in parts]), len(speech))


WAYS: dict[str, Disguise] = {
    "peaks at -40 dB": peak(-40),
    "peaks at -20 dB": peak(-20),
    "peaks at -3 dB": peak(-3),
    "telephone, 8 kHz": telephone,
    "noise at 10 dB": over("hiss", 10),
    "music at 10 dB": over(None, 10),
    "small room": small_room,
    "Opus, 16 kbit/s": opus,
}


def recordings(data: Path, each: int) -> list[Recording]:
    """The last of every group, `each` of them: most training takes the first."""
    groups = [spoken(data, group) for group in ("en_kathleen", "de_kerstin", "zh_aishell")]
    groups += [filmed(data, group) for group in ("grid_other", "talk")]
    return [one for group in groups for one in group[-each:]]


def judge(network: MouthNetwork, speech: list[Samples]) -> dict[str, tuple[float, float, float, float]]:
    """By way: correlation of lip_gap with the clean one, median and worst tenth; closures kept; speech with
    the lips parted, over that of the clean sound."""
    rows: dict[str, list[tuple[float, int, int, float]]] = {way: [] for way in WAYS}
    for number, dry in enumerate(speech):
        clean = peak(CLEAN)(dry, np.random.default_rng())
        wanted = drawn_gap(said(network, clean))
        for way, disguise in WAYS.items():
            got = drawn_gap(said(network, disguise(clean, np.random.default_rng((SEED, number)))))
            found, every = closure_recall(got, wanted)
            open_now, open_then = (got > SHUT).sum(), max(1, (wanted > SHUT).sum())
            rows[way].append((correlation(got, wanted), found, every, float(open_now / open_then)))
    return {
        way: (
            float(np.median([r for r, _, _, _ in scores])),
            float(np.percentile([r for r, _, _, _ in scores], 10)),
            sum(found for _, found, _, _ in scores) / max(1, sum(every for _, _, every, _ in scores)),
            float(np.mean([parted for _, _, _, parted in scores])),
        )
        for way, scores in rows.items()
    }


def _fitted(samples: NDArray[np.float32], n: int) -> Samples:
    return np.concatenate([samples[:n], np.zeros(max(0, n - len(samples)), np.float32)])


def main() -> None:
    """Print a table of the ways speech may reach the mouth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--each", type=int, default=8, help="recordings of each group")
    parser.add_argument("--network", type=Path, default=mouth_network())
    options = parser.parse_args()
    silence = np.zeros(round(SILENCE * ANALYSIS_RATE), np.float32)
    chosen = recordings(options.data, options.each)
    if not chosen:
        raise SystemExit(f"no recordings in {options.data}; name the folder that holds speech/ and av/")
    speech = [np.concatenate([silence, sound(one.path)[: 20 * ANALYSIS_RATE], silence]) for one in chosen]
    print(f"{len(speech)} recordings; lip_gap against that of clean speech\n")
    print(f"{'':20}{'r, median':>11}{'worst tenth':>13}{'closures kept':>15}{'lips parted':>13}")
    for way, row in judge(MouthNetwork.open(options.network), speech).items():
        middle, worst, kept, parted = row
        print(f"{way:20}{middle:11.3f}{worst:13.3f}{100 * kept:14.0f}%{100 * parted:12.0f}%")


if __name__ == "__main__":
    main()
