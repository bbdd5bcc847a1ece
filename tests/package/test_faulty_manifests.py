"""A manifest that breaks the format, or lists other files than there are: one clear error, nothing left."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from avatars import (
    WEIGHTS,
)
from packing import Kit, changing, refused

CLIP = "96p/nod.mp4"


def test_a_zip_without_a_manifest_is_refused(kit: Kit) -> None:
    refused(kit.zip({"readme.txt": b"hello"}), "no manifest.json", "avatar build")


@pytest.mark.parametrize(
    "data",
    [b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": 2, "format": 2}', b"1" * 5000, b'{"format": 2,}'],
    ids=["cut", "no text", "deep", "field twice", "long number", "comma"],
)
def test_a_manifest_that_is_no_json_is_refused(kit: Kit, data: bytes) -> None:
    refused(kit.pack(data), "manifest.json", "JSON")


@pytest.mark.parametrize(
    "data", [b"[]", b"null", b"{}", b'{"format": "1"}', b'{"format": true}', b'{"format": 0}']
)
def test_a_manifest_without_a_format_is_refused(kit: Kit, data: bytes) -> None:
    refused(kit.pack(data), "no format number")


def test_a_future_format_is_told_apart_from_damage(kit: Kit) -> None:
    line = refused(kit.pack(b'{"format": 3, "whatever": "it says by then"}'))
    assert line == f"{kit.target}: format 3, this renderer reads 2; update it or rebuild the avatar"


def test_a_package_made_before_lips_were_drawn_from_the_clips_is_told_to_be_built_again(kit: Kit) -> None:
    line = refused(kit.pack(b'{"format": 1, "lips": {"latent": [16, 16, 16]}}'))
    assert line == f"{kit.target}: format 1, this renderer reads 2; build the avatar again"


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (changing("colour", to="red"), "colour"),
        (lambda told: told.pop("licence"), "licence"),
        (changing("id", to="Not A Name"), "id"),
        (changing("fps", to="0"), "fps"),
        (changing("fps", to="25/0"), "fps"),
        (changing("clips", "nod", "frames", to=0), "clips.nod.frames"),
        (changing("clips", "nod", "frames", to=10**12), "clips.nod.frames"),
        (changing("clips", "nod", "role", to="dancing"), "clips.nod.role"),
        (changing("clips", "listening", "role", to="gesture"), "listening"),
        (changing("variants", "96p", "width", to=161), "variants.96p.width"),
        (changing("variants", to={}), "variants"),
        (changing("mouth", "gain", to=[1.0]), "mouth"),
        (changing("mouth", "low", to=[1.0] * WEIGHTS), "mouth"),
        (changing("mouth", "space", to=2), "mouth.space"),
        (changing("consent", "kind", to="document"), "consent"),
        (changing("lips", "size", to=1 << 20), "lips.size"),
        (changing("lips", "cells", to=1 << 20), "lips.cells"),
        (changing("lips", "window", to=[20, 6, 16]), "not inside a crop of 32 pixels"),
        (changing("variants", "96p", "references", "side", to=1 << 20), "variants.96p.references.side"),
        (changing("files", "poster.jpg", "sha256", to="0"), "files.poster.jpg.sha256"),
        (changing("transitions", to=[{"source": "nod", "target": "nod", "pairs": [[99, 0]]}]), "frame 99"),
        (lambda told: told["files"].pop("poster.jpg"), "poster.jpg is used but not listed"),
        (changing("files", "extra.txt", to={"size": 1, "sha256": "0" * 64}), "extra.txt is listed"),
        (lambda told: told["variants"]["96p"]["clips"].pop("nod"), "variant 96p"),
    ],
)
def test_a_manifest_that_breaks_the_schema_is_refused_with_its_field(
    kit: Kit, edit: Callable[[dict[str, Any]], object], field: str
) -> None:
    line = refused(kit.edited(edit), "manifest.json", field)
    assert "pydantic" not in line


# --- the files it lists


def test_a_missing_clip_is_refused(kit: Kit) -> None:
    entries = kit.entries()
    del entries[CLIP]
    refused(kit.zip(entries), CLIP, "missing")


def test_a_file_nobody_lists_is_refused(kit: Kit) -> None:
    refused(kit.with_entry(zipfile.ZipInfo("notes.txt"), b"hello"), "notes.txt", "not in the manifest")


def test_a_file_of_another_size_is_refused(kit: Kit) -> None:
    entries = kit.entries()
    entries[CLIP] += b"\0"
    refused(kit.zip(entries), CLIP, "bytes", "get the package again")


def test_a_file_with_another_hash_is_refused(kit: Kit) -> None:
    entries = kit.entries()
    entries["lips.onnx"] = entries["lips.onnx"][:-1] + b"?"
    refused(kit.zip(entries), "lips.onnx", "SHA-256", "changed or damaged")
