"""Tracks, references, networks and posters that are not as promised: one clear error, nothing left behind."""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from avatars import (
    CELLS,
    LENGTHS,
    SIZES,
    WEIGHTS,
    affines,
    mask,
    references,
    write_track,
)
from networks import lips_network
from packing import Kit, refused

FRAMES = LENGTHS["nod"]
FRAME = SIZES["96p"]


def spoil_track(kit: Kit, frames: int = FRAMES, **changed: Any) -> Path:
    write_track(kit.folder / "96p/nod.track.npz", **({"affine": affines(*FRAME, frames)} | changed))
    return kit.pack()


def changed(index: tuple[int, ...], value: float) -> np.ndarray[Any, Any]:
    affine = affines(*FRAME, FRAMES)
    affine[index] = value
    return affine


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"frames": FRAMES - 1}, ("affine", "[9, 2, 3]", "[10, 2, 3]")),
        ({"frames": FRAMES + 1}, ("affine", "[11, 2, 3]", "[10, 2, 3]")),
        ({"affine": changed((3, 0, 0), np.nan)}, ("affine", "not finite")),
        ({"affine": changed((3, 1, 2), np.inf)}, ("affine", "not finite")),
        ({"affine": changed((3, 0, 2), 9999.0)}, ("affine", "frame 3", "outside the picture")),
        ({"affine": changed((4, 0, 0), 0.0)}, ("affine", "frame 4", "no area")),
        ({"affine": affines(*FRAME, FRAMES).astype(np.float64)}, ("affine", "float64", "float32")),
        ({"affine": np.asfortranarray(affines(*FRAME, FRAMES))}, ("affine", "by columns")),
        ({"drivable": None}, ("the arrays affine;", "affine, drivable expected")),
        ({"extra": np.zeros(1)}, ("extra",)),
        ({"drivable": np.full(FRAMES, 1.5, np.float32)}, ("drivable", "outside 0 to 1")),
        ({"drivable": np.array([{"a": 1}] * FRAMES)}, ("drivable", "pickled")),
    ],
    ids=[
        "short",
        "long",
        "nan",
        "inf",
        "far",
        "flat",
        "float64",
        "columns",
        "missing",
        "more",
        "range",
        "pickle",
    ],
)
def test_a_track_that_is_not_as_promised_is_refused(
    kit: Kit, options: dict[str, Any], words: tuple[str, ...]
) -> None:
    refused(spoil_track(kit, **options), "96p/nod.track.npz", *words)


def test_an_array_whose_head_promises_more_than_it_has_is_refused(kit: Kit) -> None:
    path = kit.folder / "lips.mask.npz"
    with zipfile.ZipFile(path, "w") as archive:
        head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (16, 16), }".ljust(117) + b"\n"
        archive.writestr("mask.npy", b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + b"\0" * 100)
    refused(kit.pack(), "mask is cut short")


@pytest.mark.parametrize("data", [b"junk", b"\x93NUMPY\1\0", b"PK\5\6" + b"\0" * 18])
def test_an_array_file_that_is_none_is_refused(kit: Kit, data: bytes) -> None:
    (kit.folder / "96p/nod.track.npz").write_bytes(data)
    refused(kit.pack(), "96p/nod.track.npz")


def test_a_track_of_another_clip_is_refused(kit: Kit) -> None:
    shutil.copy(kit.folder / "96p/speaking.track.npz", kit.folder / "96p/nod.track.npz")
    refused(kit.pack(), "96p/nod.track.npz", "affine", "[10, 2, 3]")


@pytest.mark.parametrize(
    ("pictures", "word"),
    [(references()[:1], "[2, 48, 48, 3]"), (references().astype(np.int8), "int8")],
    ids=["one", "floats"],
)
def test_references_that_are_not_as_promised_are_refused(
    kit: Kit, pictures: np.ndarray[Any, Any], word: str
) -> None:
    np.savez(kit.folder / "96p/references.npz", pictures=pictures)
    refused(kit.pack(), "96p/references.npz", "pictures", word)


@pytest.mark.parametrize(
    ("picture", "word"),
    [
        (np.ones((CELLS, CELLS), np.float32), "rim"),
        (2 * mask(), "to 2"),
        (mask() - 0.5, "-0.5"),
        (mask()[:-1], "[16, 16]"),
    ],
)
def test_a_mask_that_would_show_its_border_is_refused(
    kit: Kit, picture: np.ndarray[Any, Any], word: str
) -> None:
    np.savez(kit.folder / "lips.mask.npz", mask=picture)
    refused(kit.pack(), "lips.mask.npz", word)


# --- lips and poster


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (lips_network(WEIGHTS + 1, CELLS), ("weights", "[1, 10]")),
        (lips_network(WEIGHTS, CELLS * 2), ("skin", "[1, 5, 16, 16]")),
        (lips_network(weights_name="audio"), ("audio", "weights")),
        (lips_network(not_a_number=True), ("not finite",)),
        (lips_network()[:1500], ("not a network",)),
        (b"onnx", ("not a network",)),
    ],
    ids=["k", "cells", "name", "nan", "cut", "junk"],
)
def test_a_network_that_cannot_draw_these_lips_is_refused(
    kit: Kit, network: bytes, words: tuple[str, ...]
) -> None:
    (kit.folder / "lips.onnx").write_bytes(network)
    refused(kit.pack(), "lips.onnx", *words)


@pytest.mark.parametrize(
    "change", [lambda data: data[:-40], lambda _: b"\x89PNG\r\n" * 9, lambda _: b"\xff\xd8"]
)
def test_a_poster_that_is_no_jpeg_is_refused(kit: Kit, change: Callable[[bytes], bytes]) -> None:
    poster = kit.folder / "poster.jpg"
    poster.write_bytes(change(poster.read_bytes()))
    refused(kit.pack(), "poster.jpg", "JPEG")


def test_a_poster_of_absurd_size_is_refused(kit: Kit) -> None:
    poster = kit.folder / "poster.jpg"
    data = bytearray(poster.read_bytes())
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    poster.write_bytes(data)
    refused(kit.pack(), "60000x60000")
