from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from avatars import CELLS, LENGTHS, SIZES, WEIGHTS, affines, mask, references, tiny_parts
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from renderer.package.archive import Archive
from renderer.package.manifest import MANIFEST
from renderer.package.reader import Package, open_package
from renderer.package.writer import write_folder, write_package


@pytest.fixture(scope="module")
def package(tiny_avatar: Path) -> Iterator[Package]:
    with open_package(tiny_avatar) as package:
        yield package


def test_a_package_gives_back_what_was_put_in(package: Package, tiny_avatar: Path) -> None:
    manifest = package.manifest
    assert {name: clip.frames for name, clip in manifest.clips.items()} == LENGTHS
    assert {name: (v.width, v.height) for name, v in manifest.variants.items()} == SIZES
    assert next(iter(manifest.variants)) == "96p"
    assert package.path == tiny_avatar
    for variant, size in SIZES.items():
        for clip, frames in LENGTHS.items():
            np.testing.assert_array_equal(package.track(variant, clip).affine, affines(*size, frames))
        np.testing.assert_array_equal(package.references(variant), references())
    np.testing.assert_array_equal(package.mask(), mask())
    assert package.poster()[:2] == b"\xff\xd8"
    assert package.read(MANIFEST).startswith(b"{")


def test_arrays_cannot_be_written_to(package: Package) -> None:
    track = package.track("96p", "nod")
    for array in (track.affine, track.drivable, package.mask(), package.references("96p")):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_the_tiny_mouth_opens_with_its_weights(package: Package) -> None:
    def skin(lip_gap: float) -> NDArray[np.float32]:
        weights = np.zeros((1, WEIGHTS), np.float32)
        weights[0, 1] = lip_gap
        return np.asarray(package.lips.run(["skin"], {"weights": weights})[0])

    middle = (0, slice(2, 5), CELLS // 2, CELLS // 2)
    assert (skin(1.0)[middle] < -0.2).all()
    assert not skin(0.0).any()


def test_clips_are_read_in_place_by_several_at_once(package: Package) -> None:
    whole = package.read("96p/speaking.mp4")
    with package.open("96p/speaking.mp4") as first, package.open("96p/speaking.mp4") as second:
        assert first.read(100) + first.read() == whole
        assert second.seek(-10, os.SEEK_END) == len(whole) - 10
        assert second.read(100) == whole[-10:]
        assert second.read(1) == b""
        with pytest.raises(OSError, match="before the file"):
            second.seek(-1)


def test_threads_that_share_a_package_read_their_own_bytes(package: Package) -> None:
    names = [name for name in package.manifest.files if name.endswith(".mp4")]
    decoded: dict[str, int] = {}

    def decode(name: str) -> None:
        with package.open(name) as file, av.open(file, "r", format="mp4") as container:
            decoded[name] = sum(1 for _ in container.decode(video=0))

    threads = [threading.Thread(target=decode, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert decoded == {name: LENGTHS[Path(name).stem] for name in names}


@given(st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 9_000)), max_size=20))
@settings(max_examples=50, deadline=None)
def test_a_view_reads_what_a_file_of_its_own_would(tiny_avatar: Path, moves: list[tuple[int, int]]) -> None:
    archive = Archive(tiny_avatar)
    try:
        with archive.open("96p/listening.mp4") as view:
            whole = io.BytesIO(zipfile.ZipFile(tiny_avatar).read("96p/listening.mp4"))
            for position, count in moves:
                assert view.seek(position) == whole.seek(position)
                assert view.read(count) == whole.read(count)
    finally:
        archive.close()


def test_an_open_package_outlives_its_replacement(tmp_path: Path, tiny_avatar: Path) -> None:
    path = Path(shutil.copy(tiny_avatar, tmp_path / "a.avatar"))
    with open_package(path) as package:
        before = package.read("lips.onnx")
        (tmp_path / "b.avatar").write_bytes(b"something else")
        try:
            (tmp_path / "b.avatar").replace(path)
        except PermissionError:
            pytest.skip("this system does not replace open files")
        assert package.read("lips.onnx") == before


def test_an_unpacked_package_is_the_same_package(tmp_path: Path, package: Package) -> None:
    manifest = write_folder(tmp_path, tiny_parts(tmp_path))
    with open_package(tmp_path) as unpacked:
        assert unpacked.manifest == manifest
        assert unpacked.manifest.mouth == package.manifest.mouth
        assert unpacked.read("lips.onnx") == package.read("lips.onnx")
        with pytest.raises(KeyError):
            unpacked.open("../secret")


def test_a_package_zipped_by_other_hands_opens(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    write_folder(parts, tiny_parts(parts))
    with zipfile.ZipFile(tmp_path / "own.avatar", "w") as archive:
        archive.writestr("96p/", b"")  # most tools give folders entries of their own
        for path in sorted(parts.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(parts).as_posix())
    open_package(tmp_path / "own.avatar").close()


def test_a_closed_package_reads_no_more(tiny_avatar: Path) -> None:
    package = open_package(tiny_avatar)
    package.close()
    package.close()
    with pytest.raises(ValueError, match="closed"):
        package.read("lips.onnx")


def test_reading_packages_needs_nothing_of_the_command_line() -> None:
    program = "import sys, json, renderer.package.reader; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert not {"typer", "rich", "torch", "renderer.package.inspection"} & set(json.loads(done.stdout))


def test_write_package_of_what_was_read_gives_the_same_manifest(tmp_path: Path, package: Package) -> None:
    manifest = write_package(tmp_path / "parts", tiny_parts(tmp_path / "parts"), tmp_path / "again.avatar")
    assert manifest.clips == package.manifest.clips
