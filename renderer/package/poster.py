"""The one picture that stands for an avatar."""

from __future__ import annotations

from ..errors import AvatarError

LARGEST = 4096
"""Pixels of a poster's longer side."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers that carry the size (ITU-T T.81)
_SCAN = 0xDA


def poster_size(data: bytes, where: str) -> tuple[int, int]:
    """Width and height of a JPEG file, from its markers alone.

    Raises AvatarError if it is no JPEG, cut short, or larger than 4096 pixels.
    """
    size = _size(data)
    if size is None or not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise AvatarError(f"{where}: not a whole JPEG; one picture expected; build the avatar again")
    if not all(16 <= side <= LARGEST for side in size):
        raise AvatarError(
            f"{where}: {size[0]}x{size[1]}; sides of 16 to {LARGEST} expected; build the avatar again"
        )
    return size


def _size(data: bytes) -> tuple[int, int] | None:
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        if marker == _SCAN:
            return None
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
