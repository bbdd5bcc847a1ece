"""The fingerprint every file of a package has."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

_PIECE = 1 << 20  # bytes at a time


def sha256(file: BinaryIO) -> str:
    """SHA-256 of the rest of a file, in hexadecimal."""
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
