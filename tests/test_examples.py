"""The programs in examples/ run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "examples"


@pytest.mark.parametrize("program", sorted(path.name for path in FOLDER.glob("*.py")))
def test_an_example_runs(program: str) -> None:
    """With the default avatar and the recording beside them."""
    call = [sys.executable, str(FOLDER / program), str(FOLDER / "hello.opus")]
    told = subprocess.run(call, capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip()


def test_the_page_names_every_example() -> None:
    page = (FOLDER / "README.md").read_text()
    assert all(path.name in page for path in FOLDER.iterdir() if path.name != "README.md")
