"""What the verbs' arguments mean."""

from __future__ import annotations

from pathlib import Path

import typer

from ..store import is_address

STDIN = "-"


def avatar_and_audio(words: list[str] | None) -> tuple[str | None, str | None]:
    """Tell AVATAR and AUDIO apart where either may be left out.

    Two words are an avatar and a recording. One word is an avatar if it looks like one: an address, a
    .avatar file, an unpacked avatar's folder, a bare name where no file has it.
    """
    words = words or []
    if len(words) > 2:
        raise typer.BadParameter(f"{len(words)} arguments; at most AVATAR and AUDIO expected")
    if len(words) == 2:
        return words[0], words[1]
    if not words:
        return None, None
    return (words[0], None) if _looks_like_an_avatar(words[0]) else (None, words[0])


def _looks_like_an_avatar(word: str) -> bool:
    path = Path(word)
    if word == STDIN or path.is_file():
        return path.suffix == ".avatar"
    is_bare = not path.suffix and path.name == word
    return path.suffix == ".avatar" or path.is_dir() or is_bare or is_address(word)
