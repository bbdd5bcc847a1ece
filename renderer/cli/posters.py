"""An avatar's picture in a terminal: coloured half blocks, two pixels to a character."""

from __future__ import annotations

import io
from pathlib import Path

import av
from rich.text import Text

from ..errors import AvatarError
from ..package.reader import open_package

COLUMNS = 48
"""Characters across: faces are told apart, and a list of a few avatars fits a screen."""

ROWS = 18
"""Characters down at most."""


def poster(path: Path) -> Text:
    """The poster of the package at `path`, or what is wrong with it."""
    try:
        package = open_package(path)
    except AvatarError as error:
        return Text(str(error), style="red")
    try:
        return half_blocks(package.poster())
    finally:
        package.close()


def half_blocks(jpeg: bytes) -> Text:
    """A JPEG file as at most COLUMNS by ROWS characters, its shape kept."""
    with av.open(io.BytesIO(jpeg)) as file:
        frame = next(file.decode(video=0))
    scale = min(COLUMNS / frame.width, 2 * ROWS / frame.height)
    width, height = round(frame.width * scale), 2 * round(frame.height * scale / 2)
    cells = frame.reformat(width, height, format="rgb24", interpolation="AREA").to_ndarray()
    text = Text()
    for upper, lower in zip(cells[::2].tolist(), cells[1::2].tolist(), strict=True):
        for a, b in zip(upper, lower, strict=True):
            text.append("▀", style=f"rgb({a[0]},{a[1]},{a[2]}) on rgb({b[0]},{b[1]},{b[2]})")
        text.append("\n")
    return text
