from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from avatars import tiny_parts, write_tiny_avatar
from packing import Kit
from servers import FileServer

from renderer.audio import load_sound
from renderer.avatar import Avatar, open_avatar
from renderer.package.manifest import Draft
from renderer.package.writer import write_package
from renderer.types import Samples

HELLO = Path(__file__).parent.parent / "examples" / "hello.opus"


@pytest.fixture(scope="session")
def tiny_avatar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real avatar of 60 kB (tests/avatars.py). Shared by all tests: copy it before changing it."""
    folder = tmp_path_factory.mktemp("avatars")
    return write_tiny_avatar(folder / "tiny.avatar", folder / "parts")


@pytest.fixture(scope="module")
def avatar(tiny_avatar: Path) -> Iterator[Avatar]:
    """The tiny avatar, opened."""
    with open_avatar(tiny_avatar) as opened:
        yield opened


@pytest.fixture(scope="module")
def cut_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Avatar]:
    """A tiny avatar with a matte, opened: nothing of it is seen in the left tenth of the picture."""
    folder = tmp_path_factory.mktemp("cut-out")
    target = folder / "cut-out.avatar"
    write_package(folder / "parts", tiny_parts(folder / "parts", "cut-out", alpha=True), target)
    with open_avatar(target) as opened:
        yield opened


@pytest.fixture(scope="session")
def speech() -> Samples:
    """Two seconds of speech, 16 kHz."""
    return load_sound(HELLO, 16_000)[:32_000]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A file server on this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with FileServer().running() as running:
        yield running


@pytest.fixture(scope="module")
def kit_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Draft]:
    """The parts of a tiny avatar with a matte, for the tests that spoil copies of them."""
    folder = tmp_path_factory.mktemp("parts")
    return folder, tiny_parts(folder, alpha=True)


@pytest.fixture
def kit(kit_parts: tuple[Path, Draft], tmp_path: Path) -> Kit:
    """A copy of the parts, and the package to be made of them."""
    folder, draft = kit_parts
    shutil.copytree(folder, tmp_path / "parts")
    (tmp_path / "here").mkdir()
    return Kit(tmp_path / "parts", draft, tmp_path / "here" / "bad.avatar")
