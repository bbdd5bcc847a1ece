"""Packages put together by hand, with whatever fault a test wants to see refused."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from renderer.errors import AvatarError
from renderer.package.manifest import MANIFEST, Draft
from renderer.package.reader import open_package
from renderer.package.writer import measure, to_json


class Kit:
    """The parts of a tiny avatar, to be spoilt and then packed without any check."""

    def __init__(self, folder: Path, draft: Draft, target: Path) -> None:
        self.folder, self.draft, self.target = folder, draft, target

    def manifest(self) -> dict[str, Any]:
        """manifest.json as it should be for the parts as they are now."""
        told: dict[str, Any] = json.loads(to_json(measure(self.folder, self.draft)))
        return told

    def entries(self, manifest: dict[str, Any] | bytes | None = None) -> dict[str, bytes]:
        """Every file of the package by name, manifest.json first."""
        told = self.manifest() if manifest is None else manifest
        data = told if isinstance(told, bytes) else json.dumps(told).encode()
        names = self.manifest()["files"]
        return {MANIFEST: data} | {name: (self.folder / name).read_bytes() for name in names}

    def pack(self, manifest: dict[str, Any] | bytes | None = None, **more: bytes) -> Path:
        """Zip the parts, honestly stored and listed, with this manifest."""
        return self.zip(self.entries(manifest) | more)

    def edited(self, edit: Callable[[dict[str, Any]], object]) -> Path:
        """Pack with a manifest that `edit` has changed."""
        manifest = self.manifest()
        edit(manifest)
        return self.pack(manifest)

    def zip(self, entries: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
        """Zip these entries."""
        with zipfile.ZipFile(self.target, "w", compression) as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
        return self.target

    def with_entry(self, info: zipfile.ZipInfo, data: bytes) -> Path:
        """Pack, with one more entry of any kind."""
        self.pack()
        with zipfile.ZipFile(self.target, "a") as archive:
            archive.writestr(info, data)
        return self.target

    def with_directory(self, at: int, change: bytes) -> Path:
        """Pack, then overwrite bytes from `at` in the first record of the zip's directory."""
        data = bytearray(self.pack().read_bytes())
        at += int.from_bytes(data[-6:-2], "little")
        data[at : at + len(change)] = change
        self.target.write_bytes(data)
        return self.target

    def cut(self, share: float) -> Path:
        """Pack, then lose the end."""
        path = self.pack()
        os.truncate(path, int(path.stat().st_size * share))
        return path


def link(name: str) -> zipfile.ZipInfo:
    """A zip entry that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def refused(path: Path, *words: str) -> str:
    """Open a faulty package; returns its one line, which says where, what was found and what to do."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(AvatarError) as caught:
        open_package(path)
    assert sorted(path.parent.rglob("*")) == before, "something was written"
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    found, remedy = line.split("; ", 1)[0], line.rsplit("; ", 1)[-1]
    for word in words:
        assert word in line, line
    assert found != remedy, f"no remedy: {line}"
    assert any(verb in remedy for verb in ("get ", "build", "rebuild", "choose", "pack", "use", "copy")), line
    return line


def changing(*keys: str, to: Any) -> Callable[[dict[str, Any]], None]:
    """An edit of a manifest that puts `to` where `keys` lead."""

    def edit(told: dict[str, Any]) -> None:
        for key in keys[:-1]:
            told = told[key]
        told[keys[-1]] = to

    return edit
