"""The parts of a package, for the tests that spoil them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from avatars import tiny_parts
from packing import Kit

from renderer.package.manifest import Draft


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
