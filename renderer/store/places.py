"""Where avatars are on this machine: shipped with the program, in the user's folder, fetched and kept."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import NamedTuple

import platformdirs

from .. import resources
from ..package.manifest import MANIFEST

HOME_VARIABLE = "AVATAR_HOME"
"""The environment variable that names another folder of avatars."""

CACHE_VARIABLE = "AVATAR_CACHE"
"""The environment variable that names another folder for what is fetched."""

SUFFIX = ".avatar"


class Place(NamedTuple):
    """An avatar that can be opened by its name."""

    name: str
    path: Path
    """A .avatar file or an unpacked folder."""

    where: str
    """"shipped", "yours" or "fetched"."""


def home() -> Path:
    """The user's folder of avatars; it need not exist."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("avatar-renderer", False)) / "avatars"


def kept_folder() -> Path:
    """Where fetched avatars are kept; it need not exist. Whatever is in it may be deleted at any time."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("avatar-renderer", False)) / "avatars"


def key_of(text: str) -> str:
    """A short name for an address or a fingerprint, fit for file names."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def keep_note(path: Path, name: str, sha256: str | None) -> None:
    """Write down beside a fetched avatar what it is called."""
    note = path.with_suffix(".json")
    # of its own: several may note the same at once, and each takes its file away
    new = note.with_suffix(f".{os.getpid()}-{threading.get_ident()}.new")
    new.write_text(json.dumps({"name": name, "sha256": sha256}))
    new.replace(note)


def kept_as(path: Path) -> tuple[str, str | None]:
    """Name and SHA-256 of a fetched avatar, as far as they were written down."""
    try:
        note = json.loads(path.with_suffix(".json").read_text())
        return str(note["name"]), note["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return path.stem, None


def list_avatars() -> list[Place]:
    """Every avatar known by name: those that ship with the program, the user's own, those fetched.

    One with the name of an earlier one is left out: it is opened by its path.
    """
    places = {name: Place(name, path, "shipped") for name, path in resources.avatars().items()}
    for path in _inside(home()):
        if path.suffix == SUFFIX or (path / MANIFEST).is_file():
            name = path.name.removesuffix(SUFFIX)
            places.setdefault(name, Place(name, path, "yours"))
    fetched = [path for path in _inside(kept_folder()) if path.suffix == SUFFIX]
    for path in sorted(fetched, key=lambda path: -path.stat().st_mtime):  # the latest of a name counts
        name, _ = kept_as(path)
        places.setdefault(name, Place(name, path, "fetched"))
    return list(places.values())


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
