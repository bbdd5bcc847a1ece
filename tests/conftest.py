from __future__ import annotations

from pathlib import Path

import pytest
from avatars import write_tiny_avatar


@pytest.fixture(scope="session")
def tiny_avatar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real avatar of 60 kB (tests/avatars.py). Shared by all tests: copy it before changing it."""
    folder = tmp_path_factory.mktemp("avatars")
    return write_tiny_avatar(folder / "tiny.avatar", folder / "parts")
