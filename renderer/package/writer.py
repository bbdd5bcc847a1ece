"""From a folder of finished parts to an avatar package."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import AvatarError
from .hashing import sha256
from .manifest import MANIFEST, Draft, FileFacts, Manifest
from .reader import open_package

SUFFIX = ".avatar"
"""How the name of a package ends."""

_DAY = (1980, 1, 1, 0, 0, 0)  # the first a zip can name: the same parts give the same bytes, whenever
_MODE = 0o644 << 16
_PIECE = 1 << 20  # bytes copied at a time


def write_package(folder: Path, draft: Draft, target: Path) -> Manifest:
    """Pack the files that `draft` names, found in `folder`, into the package `target`.

    Everything is stored as it is, nothing compressed. The package is read back and checked like any
    other before it takes its name, so `target` appears whole and sound or not at all. The same parts
    always give the same bytes. Other files in the folder are left out. Raises AvatarError if a part is
    missing or not what it should be, or if `target` does not end in .avatar.
    """
    if target.suffix != SUFFIX:
        raise AvatarError(f"{target}: the name of a package ends in {SUFFIX}; call it {target.stem}{SUFFIX}")
    manifest = measure(folder, draft)
    with _whole_or_not_at_all(target) as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(_entry(MANIFEST), to_json(manifest))
            for name, facts in manifest.files.items():
                entry = _entry(name)
                entry.file_size = facts.size
                with (folder / name).open("rb") as part, archive.open(entry, "w") as packed:
                    shutil.copyfileobj(part, packed, _PIECE)
        file.flush()
        _check(Path(file.name), target)
    return manifest


def write_folder(folder: Path, draft: Draft) -> Manifest:
    """Make `folder`, which holds the files that `draft` names, an unpacked package.

    Adds manifest.json. Raises AvatarError if a part is missing or empty.
    """
    manifest = measure(folder, draft)
    with _whole_or_not_at_all(folder / MANIFEST) as file:
        file.write(to_json(manifest))
    return manifest


def measure(folder: Path, draft: Draft) -> Manifest:
    """Add size and SHA-256 of every file, sorted by name."""
    files = {name: _facts(folder, name) for name in sorted(draft.paths())}
    return Manifest(**{field: getattr(draft, field) for field in Draft.model_fields}, files=files)


def to_json(manifest: Manifest) -> bytes:
    """manifest.json as it is written: UTF-8, indented by two, a line end at the end."""
    return manifest.model_dump_json(indent=2, exclude_none=True).encode() + b"\n"


def _check(part: Path, target: Path) -> None:
    try:
        open_package(part).close()
    except AvatarError as error:
        raise AvatarError(str(error).replace(str(part), str(target))) from error


def _facts(folder: Path, name: str) -> FileFacts:
    path = folder / name
    if not path.is_file() or path.stat().st_size == 0:
        raise AvatarError(
            f"{path}: {'empty' if path.is_file() else 'missing'}, but the manifest names it; "
            "make this part again before packing"
        )
    with path.open("rb") as file:
        digest = sha256(file)
        return FileFacts(size=file.tell(), sha256=digest)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.create_system = 3  # Unix, also when written on Windows
    entry.external_attr = _MODE
    return entry


@contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the name `target` once everything is written, and vanishes on any error."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise AvatarError(f"{target}: cannot be written ({error.strerror}); choose another place") from error
    finally:
        part.unlink(missing_ok=True)
