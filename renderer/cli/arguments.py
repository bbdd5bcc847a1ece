"""What the verbs' arguments mean."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from ..settings import CLEAREST, MUMBLED, WIDEST
from ..store import is_address

STDIN = "-"

Say = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="What to say in place of AUDIO: plain text, SSML, or @FILE."),
]
VoiceName = Annotated[
    str | None,
    typer.Option(
        "--voice", metavar="VOICE", help="Who says it: a language (en, zh, en-us) or piper:FILE.onnx."
    ),
]
Speed = Annotated[float, typer.Option(min=0.5, max=2, help="How fast it is said; 1 is as usual.")]

VariantName = Annotated[
    str | None,
    typer.Option("--variant", help="Resolution, such as 720p or 540p; `avatar inspect` lists them."),
]
MouthGain = Annotated[
    float, typer.Option(min=0, max=WIDEST, help="How wide the mouth opens; 1 is as the person does.")
]
Articulation = Annotated[
    float,
    typer.Option(min=MUMBLED, max=CLEAREST, help="How clearly the lips tell sounds apart; below 1 mumbles."),
]


def avatar_and_audio(words: list[str] | None, say: str | None = None) -> tuple[str | None, str | None]:
    """Tell AVATAR and AUDIO apart where either may be left out. With `say` there is no AUDIO.

    Two words are an avatar and a recording. One word is an avatar if it looks like one: an address, a
    .avatar file, an unpacked avatar's folder, a bare name where no file has it.
    """
    words = words or []
    if len(words) > 2:
        raise typer.BadParameter(f"{len(words)} arguments; at most AVATAR and AUDIO expected")
    if say is not None:
        if len(words) == 2:
            raise typer.BadParameter("AUDIO and --say; one of them expected")
        return (words[0] if words else None), None
    if len(words) == 2:
        return words[0], words[1]
    if not words:
        return None, None
    return (words[0], None) if _looks_like_an_avatar(words[0]) else (None, words[0])


def background_of(word: str) -> tuple[int, int, int] | Path:
    """A colour, or the file of a picture or a film."""
    if re.fullmatch(r"#?[0-9a-fA-F]{6}", word) and not Path(word).exists():
        red, green, blue = bytes.fromhex(word.removeprefix("#"))
        return red, green, blue
    return Path(word)


def _looks_like_an_avatar(word: str) -> bool:
    path = Path(word)
    if word == STDIN or path.is_file():
        return path.suffix == ".avatar"
    is_bare = not path.suffix and path.name == word
    return path.suffix == ".avatar" or path.is_dir() or is_bare or is_address(word)
