"""Which avatars are to be had elsewhere: a JSON file of names, addresses and fingerprints.

    {
      "format": 1,
      "avatars": {
        "anna": {
          "url": "anna.avatar",
          "size": 18633556,
          "sha256": "64 hexadecimal digits",
          "poster": "anna.jpg",
          "title": "Anna, business, front view"
        }
      }
    }

Addresses may be relative to the registry's own. A registry is a file or an address; it is named by the
environment variable AVATAR_REGISTRY, else it is registry.json in the user's folder of avatars.
"""

from __future__ import annotations

import json
import os
import urllib.parse
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import DownloadError
from .download import Wanted, download
from .lock import locked
from .places import home, kept_folder, key_of
from .web import shown

REGISTRY_VARIABLE = "AVATAR_REGISTRY"
"""The environment variable that names a registry: a file or an address."""

LARGEST_REGISTRY = 1 << 20
"""Bytes."""

PATIENCE = 2
"""Tries, since the last state may serve."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class Entry(BaseModel):
    """One avatar that is to be had."""

    model_config = ConfigDict(frozen=True)

    url: str
    """An http(s) address, or one relative to the registry's."""

    size: Annotated[int, Field(gt=0)]
    """Bytes."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    poster: str | None = None
    """Where a picture of it is."""

    title: str = ""
    """What it is, for people."""


class Registry(BaseModel):
    """What a registry file says."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1]
    avatars: dict[Name, Entry]


def read_registry() -> Registry | None:
    """The registry in use, its addresses whole; None where none is named.

    One with an address is kept on this machine: where the network is absent its last state serves. Raises
    DownloadError where it cannot be had or is no registry.
    """
    place = os.environ.get(REGISTRY_VARIABLE) or str(home() / "registry.json")
    is_named = bool(os.environ.get(REGISTRY_VARIABLE))
    if is_address(place):
        return _parsed(_fetched(place), shown(place), place)
    path = Path(place).expanduser()
    if not path.is_file():
        if not is_named:
            return None
        raise DownloadError(f"{path}: no such file; {REGISTRY_VARIABLE} names a registry of avatars")
    return _parsed(path.read_bytes(), str(path), None)


def is_address(name: str) -> bool:
    """Whether it is an http(s) address."""
    return name.lower().startswith(("http://", "https://"))


def _fetched(url: str) -> bytes:
    folder = kept_folder()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"registry-{key_of(url)}.json"
    new = kept.with_name(kept.name + ".new")
    with locked(kept.with_name(kept.name + ".lock")):
        try:
            download(Wanted(url, at_most=LARGEST_REGISTRY), new, patience=PATIENCE)
            _parsed(new.read_bytes(), shown(url), url)  # so that a broken one never replaces a good one
            new.replace(kept)
        except DownloadError:
            new.unlink(missing_ok=True)
            if not kept.is_file():
                raise
        return kept.read_bytes()


def _parsed(content: bytes, where: str, base: str | None) -> Registry:
    try:
        registry = Registry.model_validate(json.loads(content))
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise DownloadError(
            f"{where}: no registry of avatars ({place}: {fault['msg']}); docs/fetch.md shows one"
        ) from error
    except ValueError as error:
        raise DownloadError(f"{where}: no registry of avatars ({error}); docs/fetch.md shows one") from error
    return registry.model_copy(
        update={
            "avatars": {name: _whole(entry, name, where, base) for name, entry in registry.avatars.items()}
        }
    )


def _whole(entry: Entry, name: str, where: str, base: str | None) -> Entry:
    """An entry whose addresses are not relative."""
    url = urllib.parse.urljoin(base or "", entry.url)
    poster = urllib.parse.urljoin(base or "", entry.poster) if entry.poster else None
    if not is_address(url) or (poster is not None and not is_address(poster)):
        raise DownloadError(
            f"{where}: {name} has the address {entry.url!r}; one with http or https expected "
            "(relative ones need a registry that has an address itself)"
        )
    return entry.model_copy(update={"url": url, "poster": poster})
