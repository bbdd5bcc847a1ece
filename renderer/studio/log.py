"""What a build did and when, line by line: for those who look why it took so long, or why it stopped."""

from __future__ import annotations

import platform
import time
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

from ..errors import RendererError

PARTS = ("avatar-renderer", "numpy", "torch", "mediapipe", "av", "opencv-contrib-python")
"""Packages whose versions matter to a result."""


class BuildLog:
    """A text file to which every build of a film adds; times are local."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def write(self, line: str) -> None:
        """Add a line, and let nobody wait for it."""
        self._file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")
        self._file.flush()

    def begin(self, *lines: str) -> None:
        """What is built, with what."""
        parts = ", ".join(f"{name} {found}" for name in PARTS if (found := _version(name)))
        self.write(f"{parts}, Python {platform.python_version()}, {platform.platform()}")
        for line in lines:
            self.write(line)

    def __enter__(self) -> BuildLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            self.write("stopped by hand")
        elif isinstance(error, RendererError):
            self.write(f"ended: {error}")
        elif error is not None:
            self.write(f"failed: {type(error).__name__}: {error}")
        self._file.close()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except ModuleNotFoundError:  # PackageNotFoundError is one
        return None
