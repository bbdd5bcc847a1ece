"""The avatar everything is measured with: the one that ships with the program."""

from __future__ import annotations

from pathlib import Path

from renderer.package.manifest import Manifest
from renderer.package.reader import open_package
from renderer.store import find_avatar


def default_avatar() -> tuple[Path, Manifest]:
    """Where it is, and what it says about itself."""
    path = find_avatar(None)
    with open_package(path) as package:
        return path, package.manifest
