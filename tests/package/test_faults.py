"""Whatever is wrong with a package, opening it gives one clear error and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from fractions import Fraction
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
    pictures,
    references,
    tiny_parts,
    write_track,
    write_video,
)
from networks import lips_network
from packing import Kit, link

from renderer.errors import AvatarError, AvatarNotFound
from renderer.package.archive import MOST_FILES
from renderer.package.manifest import Draft
from renderer.package.reader import LARGEST_MANIFEST, open_package

CLIP = "96p/nod.mp4"
FRAMES = LENGTHS["nod"]
FRAME = SIZES["96p"]
Fault = Callable[[Kit], Path]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Draft]:
    folder = tmp_path_factory.mktemp("parts")
    return folder, tiny_parts(folder, alpha=True)


@pytest.fixture
def kit(parts: tuple[Path, Draft], tmp_path: Path) -> Kit:
    folder, draft = parts
    shutil.copytree(folder, tmp_path / "parts")
    (tmp_path / "here").mkdir()
    return Kit(tmp_path / "parts", draft, tmp_path / "here" / "bad.avatar")


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


# --- the file itself


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


# --- the manifest


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


def _set(*keys: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def edit(told: dict[str, Any]) -> None:
        for key in keys[:-1]:
            told = told[key]
        told[keys[-1]] = to

    return edit


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (_set("colour", to="red"), "colour"),
        (lambda told: told.pop("licence"), "licence"),
        (_set("id", to="Not A Name"), "id"),
        (_set("fps", to="0"), "fps"),
        (_set("fps", to="25/0"), "fps"),
        (_set("clips", "nod", "frames", to=0), "clips.nod.frames"),
        (_set("clips", "nod", "frames", to=10**12), "clips.nod.frames"),
        (_set("clips", "nod", "role", to="dancing"), "clips.nod.role"),
        (_set("clips", "listening", "role", to="gesture"), "listening"),
        (_set("variants", "96p", "width", to=161), "variants.96p.width"),
        (_set("variants", to={}), "variants"),
        (_set("mouth", "gain", to=[1.0]), "mouth"),
        (_set("mouth", "low", to=[1.0] * WEIGHTS), "mouth"),
        (_set("mouth", "space", to=2), "mouth.space"),
        (_set("consent", "kind", to="document"), "consent"),
        (_set("lips", "size", to=1 << 20), "lips.size"),
        (_set("lips", "cells", to=1 << 20), "lips.cells"),
        (_set("lips", "window", to=[20, 6, 16]), "not inside a crop of 32 pixels"),
        (_set("variants", "96p", "references", "side", to=1 << 20), "variants.96p.references.side"),
        (_set("files", "poster.jpg", "sha256", to="0"), "files.poster.jpg.sha256"),
        (_set("transitions", to=[{"source": "nod", "target": "nod", "pairs": [[99, 0]]}]), "frame 99"),
        (lambda told: told["files"].pop("poster.jpg"), "poster.jpg is used but not listed"),
        (_set("files", "extra.txt", to={"size": 1, "sha256": "0" * 64}), "extra.txt is listed"),
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


# --- clips


def spoil_clip(kit: Kit, frames: int = FRAMES, size: tuple[int, int] = FRAME, **options: Any) -> Path:
    write_video(kit.folder / CLIP, list(pictures(*size, frames)), **options)
    return kit.pack()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"codec": "mpeg4"}, ("mpeg4", "H.264")),
        ({"size": (128, 96)}, ("128x96", "160x96")),
        ({"frames": FRAMES - 1}, ("9 frames", "exactly 10")),
        ({"frames": FRAMES + 1}, ("more than 10 frames", "exactly 10")),
        ({"fps": Fraction(30)}, ("25 frames a second",)),
        ({"skip": 5}, ("frame 5 at 0.240 s", "0.200 s")),
        ({"pixels": "yuv444p"}, ("yuv444p", "yuv420p")),
        ({"pixels": "yuvj420p"}, ("yuvj420p", "yuv420p")),
    ],
    ids=["codec", "size", "short", "long", "rate", "gap", "444", "full range"],
)
def test_a_clip_that_is_not_as_promised_is_refused(
    kit: Kit, options: dict[str, Any], words: tuple[str, ...]
) -> None:
    refused(spoil_clip(kit, **options), CLIP, *words)


def test_a_clip_with_rare_keyframes_is_refused(kit: Kit) -> None:
    write_video(kit.folder / CLIP, list(pictures(*FRAME, 60)), keyframes=250)
    kit.draft = kit.draft.model_copy(deep=True)
    write_track(kit.folder / "96p/nod.track.npz", affines(*FRAME, 60))
    refused(kit.edited(_set("clips", "nod", "frames", to=60)), CLIP, "keyframe", "one second")


@pytest.mark.parametrize("data", [b"not a film", b"#EXTM3U\nfile:///etc/passwd\n", b"\0\0\0\x08ftyp"])
def test_a_clip_that_is_no_video_is_refused(kit: Kit, data: bytes) -> None:
    (kit.folder / CLIP).write_bytes(data)
    refused(kit.pack(), CLIP, "no readable video")


def test_a_clip_cut_in_its_middle_is_refused(kit: Kit) -> None:
    whole = (kit.folder / CLIP).read_bytes()
    (kit.folder / CLIP).write_bytes(whole[: len(whole) // 2])
    refused(kit.pack(), CLIP)


def test_a_matte_shorter_than_its_clip_is_refused(kit: Kit) -> None:
    write_video(kit.folder / "96p/nod.alpha.mp4", list(pictures(*FRAME, FRAMES - 2)))
    refused(kit.pack(), "96p/nod.alpha.mp4", "8 frames", "exactly 10")


# --- arrays


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
