"""Natural speech in many voices and languages: a neural synthesiser reads sentences.

    python -m models.mouth.distil.readers [--sentences 250]

What it reads has no picture and no phone times; the teacher says how the mouth moves. The voices are what
counts: 54 of them, and any two mixed make another. models.mouth.distil.fetch brings the synthesiser;
espeak-ng must be installed on the system; faker, misaki, pypinyin, jieba, cn2an and ordered-set from PyPI.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
import soxr
from numpy.typing import NDArray

from renderer.settings import ANALYSIS_RATE

from ..recordings import DATA, WORK, transcripts

RATE = 24_000
"""Samples a second of the synthesiser."""

LONGEST = 400
"""Phonemes in one sentence: the voices hold a style for up to 510."""

LANGUAGES = {
    "a": ("en-us", 5),
    "b": ("en-gb", 2),
    "f": ("fr", 4),
    "e": ("es", 3),
    "i": ("it", 2),
    "z": ("zh", 4),
}
"""First letter of a voice's name: what it speaks, and its share of the sentences."""

LIKE_MISAKI = (
    ("eɪ", "A"), ("aɪ", "I"), ("oʊ", "O"), ("əʊ", "Q"), ("aʊ", "W"), ("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ"),
    ("ɜːɹ", "ɜɹ"), ("ɚ", "əɹ"), ("ɝ", "ɜɹ"), ("əl", "ᵊl"), ("r", "ɹ"), ("x", "k"), ("ɬ", "l"),
)  # fmt: skip
"""espeak-ng's English phonemes as the synthesiser writes them."""

Phonemes = Callable[[str], str]


def english(voice: str) -> Phonemes:
    """Phonemes of an English sentence."""

    def spell(text: str) -> str:
        spelt = espeak(text, voice)
        for theirs, ours in LIKE_MISAKI:
            spelt = spelt.replace(theirs, ours)
        return spelt.replace("ː", "") if voice == "en-us" else spelt

    return spell


def espeak(text: str, voice: str) -> str:
    """What espeak-ng would say, in IPA, with the sentence's commas and full stop kept."""
    clauses = [clause for clause in re.split(r"([,.;:!?]+)", text) if clause.strip()]
    spelt = ""
    for clause in clauses:
        if re.fullmatch(r"[,.;:!?]+", clause):
            spelt += clause[0]
            continue
        said = subprocess.run(
            ["espeak-ng", "-q", "--ipa", "-v", voice, "--", clause],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        spelt += " " + " ".join(re.sub(r"\([a-z-]+\)", "", said).split())
    return spelt.strip()


def chinese() -> Phonemes:
    """Phonemes of a Mandarin sentence."""
    from misaki.zh import ZHG2P

    spell = ZHG2P()
    return lambda text: str(spell(text + "。")[0])


def sentences(language: str, data: Path, count: int, random: np.random.Generator) -> list[str]:
    """Sentences to read: transcripts of the recordings, or words of the language in any order."""
    if language in ("en-us", "en-gb", "zh"):
        group = "zh_aishell" if language == "zh" else "en_kathleen"
        written = sorted({*transcripts(data, group).values()})
        drawn = [str(one) for one in random.choice(written, count)]
        if language != "zh":
            return drawn
        return ["，".join(str(one) for one in random.choice(written, 2)) for _ in range(count)]
    from faker import Faker

    words = Faker({"fr": "fr_FR", "es": "es_ES", "it": "it_IT"}[language])
    words.seed_instance(int(random.integers(1 << 30)))
    return [" ".join(words.sentences(2)) for _ in range(count)]


class Reader:
    """The synthesiser and its voices."""

    def __init__(self, models: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._network = onnxruntime.InferenceSession(
            str(models / "kokoro.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._number: dict[str, int] = json.loads((models / "vocab.json").read_text())["vocab"]
        self._styles = {
            path.stem: np.fromfile(path, np.float32).reshape(-1, 256)
            for path in sorted((models / "voices").glob("*.bin"))
        }

    def voices(self, letter: str) -> list[str]:
        """Those whose language begins with `letter`."""
        return [name for name in self._styles if name.startswith(letter)]

    def read(self, phonemes: str, voices: tuple[str, str], share: float, speed: float) -> NDArray[np.float32]:
        """Sound of shape (n,) at 16 kHz, spoken by a mixture of two voices."""
        tokens = [self._number[one] for one in phonemes if one in self._number][:LONGEST]
        first, second = (self._styles[voice][len(tokens)] for voice in voices)
        said = self._network.run(
            ["audio"],
            {
                "tokens": np.array([[0, *tokens, 0]]),
                "style": (first * share + second * (1 - share))[None],
                "speed": np.array([speed], np.float32),
            },
        )[0].ravel()
        return np.asarray(soxr.resample(said, RATE, ANALYSIS_RATE), np.float32)


def main() -> None:
    """Read so many sentences into WORK/read/*.opus; a second run continues where the first stopped."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--sentences", type=int, default=250)
    options = parser.parse_args()
    reader, random = Reader(options.work / "reader"), np.random.default_rng(7)
    shares = sum(share for _, share in LANGUAGES.values())
    todo = []
    for letter, (language, share) in LANGUAGES.items():
        texts = sentences(language, options.data, round(options.sentences * share / shares), random)
        for number, text in enumerate(texts):
            voices = [str(one) for one in random.choice(reader.voices(letter), 2)]
            mixture, speed = float(random.choice([1.0, 0.75, 0.5])), float(random.uniform(0.85, 1.25))
            todo.append((f"{language}_{number:04d}", language, text, voices, mixture, speed))
    random.shuffle(todo)  # so that a part of it is a sample of all
    spell = {language: espeak_for(language) for language, _ in LANGUAGES.values()}
    place = options.work / "read"
    place.mkdir(parents=True, exist_ok=True)
    for done, (name, language, text, voices, mixture, speed) in enumerate(todo, 1):
        path = place / f"{name}.flac"
        if not path.exists():
            said = reader.read(spell[language](text), (voices[0], voices[1]), mixture, speed)
            half = path.with_suffix(".part")
            soundfile.write(half, said, ANALYSIS_RATE, format="FLAC")
            half.replace(path)
        print(f"\r{done}/{len(todo)} {name}", end="", file=sys.stderr)
    print(file=sys.stderr)


def espeak_for(language: str) -> Phonemes:
    """What spells this language."""
    if language == "zh":
        return chinese()
    if language.startswith("en"):
        return english(language)
    return lambda text: espeak(text, language)


if __name__ == "__main__":
    main()
