"""Where avatars are: shipped with the program, in the user's folder, or at a path."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import NamedTuple

import platformdirs

from . import resources
from .errors import AvatarNotFound
from .package.manifest import MANIFEST

HOME_VARIABLE = "AVATAR_HOME"
"""The environment variable that names another folder of avatars."""

_SUFFIX = ".avatar"


class Place(NamedTuple):
    """An avatar that can be opened by its name."""

    name: str
    path: Path
    """A .avatar file or an unpacked folder."""

    where: str
    """"shipped" or "yours"."""


def home() -> Path:
    """The user's folder of avatars; it need not exist."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("avatar-renderer", False)) / "avatars"


def list_avatars() -> list[Place]:
    """Every avatar known by name: those that ship with the program, then the user's own.

    An own avatar with the name of a shipped one is left out: it is opened by its path.
    """
    places = {name: Place(name, path, "shipped") for name, path in resources.avatars().items()}
    folder = home()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix == _SUFFIX or (path / MANIFEST).is_file():
            name = path.name.removesuffix(_SUFFIX)
            places.setdefault(name, Place(name, path, "yours"))
    return list(places.values())


def find_avatar(name: str | Path | None = None) -> Path:
    """The file or folder of an avatar, not yet looked into.

    `name` is the name of a shipped avatar or of one in the user's folder, or a path; the default avatar if
    left out. What has a slash or ends in .avatar is a path. Raises AvatarNotFound.
    """
    if name is None:
        name = resources.DEFAULT_AVATAR
    if name == "":
        raise AvatarNotFound("an empty name; name an avatar (avatar list shows them) or a file")
    if isinstance(name, str):
        if name.lower().startswith(("http://", "https://")):
            raise AvatarNotFound(
                f"{name}: an address; this version opens names and files only; "
                f"download it (curl -fLO {name}) and name the file"
            )
        known = {place.name: place.path for place in list_avatars()}
        if name in known:
            return known[name]
        if not _looks_like_path(name) and not Path(name).exists():
            raise AvatarNotFound(_unknown(name, known))
    path = Path(name).expanduser()
    if not path.exists():
        raise AvatarNotFound(f"{path}: no such file or folder; an avatar package expected; check the path")
    return path


def _looks_like_path(name: str) -> bool:
    return name.endswith(_SUFFIX) or "/" in name or os.sep in name


def _unknown(name: str, known: dict[str, Path]) -> str:
    names = ", ".join(known) or f"none (nothing shipped, nothing in {home()})"
    close = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {close[0]}?" if close else "name one of them, or the path of a .avatar file"
    return f"no avatar is called {name!r}; known: {names}; {remedy}"
