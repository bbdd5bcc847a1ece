"""Find an avatar, and fetch it where it is not yet on this machine."""

from __future__ import annotations

import difflib
import os
import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from .. import resources
from ..errors import AvatarError, AvatarNotFound, DownloadError
from ..package.reader import open_package
from .download import Progress, Wanted, download
from .lock import locked
from .places import SUFFIX, home, keep_note, kept_as, kept_folder, key_of, list_avatars
from .registry import REGISTRY_VARIABLE, Registry, is_address, read_registry

MIRROR_VARIABLE = "AVATAR_MIRROR"
"""The environment variable with an address under which the files of all addresses are to be had instead:
https://there/any/path/anna.avatar is asked for as MIRROR/anna.avatar."""

_SHA256 = re.compile(r"sha256=([0-9a-fA-F]{64})")


def find_avatar(
    name: str | Path | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Path:
    """The file or folder of an avatar, not yet looked into; fetched, if it is elsewhere.

    name      one that `list_avatars` knows or the registry has, an http(s) address, or a path; the default
              avatar if left out. What has a slash or ends in .avatar is a path.
    progress  told while bytes come, and only then
    on_wait   told if another process is fetching it already

    Raises AvatarNotFound, and as `fetch_avatar` does.
    """
    if name is None:
        name = resources.DEFAULT_AVATAR
    if name == "":
        raise AvatarNotFound("an empty name; name an avatar (avatar list shows them) or a file")
    if isinstance(name, str):
        if is_address(name):
            return fetch_avatar(name, progress, on_wait)
        known = {place.name: place.path for place in list_avatars()}
        if name in known:
            return known[name]
        if not _looks_like_path(name) and not Path(name).exists():
            return fetch_avatar(name, progress, on_wait)
    path = Path(name).expanduser()
    if not path.exists():
        raise AvatarNotFound(f"{path}: no such file or folder; an avatar package expected; check the path")
    return path


def fetch_avatar(
    name: str, progress: Progress | None = None, on_wait: Callable[[], None] | None = None
) -> Path:
    """The file of an avatar that is elsewhere; what is there already is not fetched again.

    `name` is one that the registry has, or an http(s) address; an address may end in #sha256=… . Without a
    fingerprint the package is checked as when it is opened, by the hashes in it. Raises AvatarNotFound for
    an unknown name, DownloadError where it cannot be had as promised, AvatarError where it is no avatar.
    """
    if is_address(name):
        address, _, fragment = name.partition("#")
        match = _SHA256.fullmatch(fragment)
        stem = Path(urllib.parse.unquote(urllib.parse.urlsplit(address).path)).stem or "avatar"
        wanted = Wanted(address, None, match[1].lower() if match else None)
        return _kept(stem, wanted, progress, on_wait)
    registry = read_registry()
    if registry is None or name not in registry.avatars:
        raise AvatarNotFound(_unknown(name, registry))
    entry = registry.avatars[name]
    return _kept(name, Wanted(entry.url, entry.size, entry.sha256), progress, on_wait)


def _kept(name: str, wanted: Wanted, progress: Progress | None, on_wait: Callable[[], None] | None) -> Path:
    """Where a file is kept, and fetch it if it is not. Its name there says what is in it, or whence it is."""
    folder = kept_folder()
    path = folder / f"{_plain(name)}-{key_of(wanted.sha256 or wanted.url)}{SUFFIX}"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with locked(path.with_suffix(".lock"), on_wait):
            if not path.is_file():  # another process may just have brought it
                download(_mirrored(wanted), path, check=_check, progress=progress)
    if kept_as(path) != (name, wanted.sha256):
        keep_note(path, name, wanted.sha256)
    return path


def _check(path: Path) -> None:
    try:
        open_package(path).close()
    except AvatarError as error:
        raise AvatarError(f"what was fetched cannot be used: {error}") from error


def _mirrored(wanted: Wanted) -> Wanted:
    mirror = os.environ.get(MIRROR_VARIABLE)
    if not mirror:
        return wanted
    if not is_address(mirror):
        raise DownloadError(f"{MIRROR_VARIABLE} is {mirror!r}; an http(s) address expected")
    file = urllib.parse.urlsplit(wanted.url).path.rpartition("/")[2]
    return Wanted(f"{mirror.rstrip('/')}/{file}", wanted.size, wanted.sha256)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:60]


def _looks_like_path(name: str) -> bool:
    return name.endswith(SUFFIX) or "/" in name or os.sep in name


def _unknown(name: str, registry: Registry | None) -> str:
    here = [place.name for place in list_avatars()]
    there = [] if registry is None else [other for other in registry.avatars if other not in here]
    names = ", ".join(here) or f"none (nothing shipped, nothing in {home()})"
    names += f"; to be had: {', '.join(there)}" if there else ""
    close = difflib.get_close_matches(name, here + there, n=1)
    remedy = f"did you mean {close[0]}?" if close else "name one of them, or the path of a .avatar file"
    if registry is None:
        remedy += f" ({REGISTRY_VARIABLE} can name a registry of more)"
    return f"no avatar is called {name!r}; known: {names}; {remedy}"
