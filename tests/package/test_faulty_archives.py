"""A file that is no package, or whose entries are not what they say: one clear error, nothing left."""

from __future__ import annotations

import contextlib
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from packing import Kit, link, refused

from renderer.errors import AvatarError, AvatarNotFound
from renderer.package.archive import MOST_FILES
from renderer.package.reader import LARGEST_MANIFEST, open_package


def test_good_parts_are_not_refused(kit: Kit) -> None:
    open_package(kit.pack()).close()


def test_nothing_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(AvatarNotFound, match="no such file"):
        open_package(tmp_path / "anna.avatar")


def test_an_empty_file_is_refused(kit: Kit) -> None:
    kit.target.touch()
    refused(kit.target, "empty", "0 bytes", "get the package again")


@pytest.mark.parametrize("data", [b"x", b"GIF89a" * 200, b"\0" * 70_000, b"PK"])
def test_what_is_no_zip_is_refused(kit: Kit, data: bytes) -> None:
    kit.target.write_bytes(data)
    refused(kit.target, "not a zip file")


@pytest.mark.parametrize("share", [0.001, 0.5, 0.99, 0.9999])
def test_a_truncated_package_is_refused(kit: Kit, share: float) -> None:
    refused(kit.cut(share), "cut short", "get the package again")


def test_a_package_without_its_middle_is_refused(kit: Kit) -> None:
    data = kit.pack().read_bytes()
    kit.target.write_bytes(data[:9_000] + data[19_000:])
    refused(kit.target)


@pytest.mark.parametrize("at", range(0, 3000, 97))
def test_no_changed_byte_at_the_end_makes_a_traceback(kit: Kit, at: int) -> None:
    data = bytearray(kit.pack().read_bytes())
    data[-1 - at] ^= 0xFF
    kit.target.write_bytes(data)
    with contextlib.suppress(AvatarError):  # some bytes, such as dates, mean nothing
        open_package(kit.target).close()


def test_no_changed_byte_anywhere_makes_a_traceback(kit: Kit) -> None:
    whole = kit.pack().read_bytes()
    random = np.random.default_rng(2)
    for at in random.integers(0, len(whole), 60):
        data = bytearray(whole)
        data[at] ^= 1 << int(random.integers(0, 8))
        kit.target.write_bytes(data)
        with contextlib.suppress(AvatarError):
            open_package(kit.target).close()


# --- names and kinds of entries


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../evil.txt", "'..'"),
        ("720p/../../evil.txt", "'..'"),
        ("/etc/evil", "absolute"),
        ("C:/evil", "absolute"),
        ("..\\evil", "backslash"),
        ("a//b", "letters"),
        ("./a", "letters"),
        (".hidden", "letters"),
        ("nu\x07ll", "letters"),
        ("a" * 300, "letters"),
        ("naïve.txt", "letters"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(kit: Kit, name: str, fault: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name  # past the tidying of ZipInfo
    refused(kit.with_entry(info, b"evil"), fault)


@pytest.mark.parametrize("name", ["../evil.npz", "/evil.npz", "a/./b"])
def test_a_manifest_cannot_name_paths_outside(kit: Kit, name: str) -> None:
    refused(kit.edited(lambda told: told["lips"].update(mask=name)), "lips.mask")


def test_links_are_refused(kit: Kit) -> None:
    refused(kit.with_entry(link("passwd"), b"/etc/passwd"), "a link")


def test_links_in_an_unpacked_package_are_refused(kit: Kit) -> None:
    (kit.folder / "manifest.json").write_text(json.dumps(kit.manifest()))
    poster = kit.folder / "poster.jpg"
    poster.rename(kit.target.parent / "poster.jpg")
    poster.symlink_to(kit.target.parent / "poster.jpg")
    refused(kit.folder, "poster.jpg is a link")


def test_a_link_to_a_folder_is_refused(kit: Kit) -> None:
    (kit.folder / "manifest.json").write_text(json.dumps(kit.manifest()))
    (kit.folder / "loop").symlink_to(kit.folder, target_is_directory=True)
    refused(kit.folder, "loop is a link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_there_twice_is_refused(kit: Kit) -> None:
    refused(kit.with_entry(zipfile.ZipInfo("poster.jpg"), b"other"), "poster.jpg", "twice")


def test_names_that_differ_in_capitals_only_are_refused(kit: Kit) -> None:
    refused(kit.with_entry(zipfile.ZipInfo("Poster.jpg"), b"other"), "Poster.jpg", "twice")


def test_encrypted_entries_are_refused(kit: Kit) -> None:
    refused(kit.with_directory(8, b"\1"), "encrypted")


# --- bombs


def test_a_zip_bomb_is_refused_before_anything_is_unpacked(kit: Kit) -> None:
    entries = kit.entries() | {"bomb.npz": bytes(30_000_000)}
    refused(kit.zip(entries, zipfile.ZIP_DEFLATED), "compressed", "zip -0")


def test_an_entry_that_claims_more_than_the_file_has_is_refused(kit: Kit) -> None:
    refused(kit.with_directory(20, struct.pack("<LL", 1 << 30, 1 << 30)), "beyond the end")


def test_entries_that_share_bytes_are_refused(kit: Kit) -> None:
    # the first, manifest.json, now holds the next ones too
    refused(kit.with_directory(20, struct.pack("<LL", 40_000, 40_000)), "lies over another")


def test_too_many_entries_are_refused(kit: Kit) -> None:
    refused(kit.zip({f"f{index}": b"" for index in range(MOST_FILES + 2)}), "entries", str(MOST_FILES))


def test_an_array_file_that_unpacks_to_more_than_it_should_is_refused(kit: Kit) -> None:
    np.savez_compressed(kit.folder / "lips.mask.npz", mask=np.zeros((4000, 4000), np.float32))
    refused(kit.pack(), "lips.mask.npz", "64000128 bytes")


def test_a_huge_manifest_is_refused(kit: Kit) -> None:
    refused(kit.pack(b" " * (LARGEST_MANIFEST + 1)), "manifest.json", str(LARGEST_MANIFEST))
