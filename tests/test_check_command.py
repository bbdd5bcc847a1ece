"""`avatar check` is there even where the studio's extra is not, and says what to install."""

from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner

from renderer.cli import build_app
from renderer.errors import MissingExtra


def test_check_teaches_itself() -> None:
    result = CliRunner().invoke(build_app(), ["check", "--help"])
    assert result.exit_code == 0
    assert "--trial" in result.output


def test_check_without_the_extra_names_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.startswith("renderer.studio.")]:
        monkeypatch.delitem(sys.modules, module)
    for heavy in ("cv2", "scipy", "mediapipe"):
        monkeypatch.setitem(sys.modules, heavy, None)
    result = CliRunner().invoke(build_app(), ["check", "film.mp4"])
    assert isinstance(result.exception, MissingExtra)
    assert "pip install 'avatar-renderer[studio]'" in str(result.exception)
