"""The work folder of one build: finished stages are kept, so that an interrupted build goes on."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from ..errors import StudioError

Arrays = dict[str, NDArray[Any]]

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What systems say when a disk, a quota or a file is full."""

_PIECE = 1 << 20


class WorkFolder:
    """What is known already about one film, by the content of the film."""

    def __init__(self, footage: Path, root: Path | None = None) -> None:
        """`root` is where work folders are; the user's cache if left out, and then nothing stays of it."""
        self.kept = root is not None
        root = Path(platformdirs.user_cache_dir("avatar-renderer")) / "studio" if root is None else root
        self._footage, self._digest = footage, self.digest(footage)
        self.folder = root / self._digest[:16]
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, stage: str, **depends: Any) -> Path:
        """Where a stage keeps its results; another place for every value it depends on."""
        key = hashlib.sha256(json.dumps(depends, sort_keys=True, default=str).encode()).hexdigest()
        return self.folder / (f"{stage}-{key[:12]}" if depends else stage)

    def arrays(self, stage: str, make: Callable[[], Arrays], **depends: Any) -> Arrays:
        """The arrays of a stage: read if they were made before, else made and kept."""
        path = self.path(stage, **depends).with_suffix(".npz")
        try:
            with path.open("rb") as file, np.load(file) as kept:
                return dict(kept)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
            path.unlink()  # a machine that lost its power left half of it
        arrays = make()
        # other builds of the same film may make the same stage at the same time
        part = path.with_suffix(f".{os.getpid()}.part.npz")
        try:
            np.savez(part, **arrays)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return arrays

    def check_room(self, size: int) -> None:
        """Raise StudioError if fewer than `size` bytes are free, less what is there already."""
        there = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        free, needed = shutil.disk_usage(self.folder).free, max(0, size - there)
        if free < needed:
            raise StudioError(
                f"{self.folder}: {free / 1e9:.1f} GB free, about {needed / 1e9:.1f} needed while building; "
                "free some, or name a folder on another disk with --work"
            )

    @contextmanager
    def told_if_full(self) -> Iterator[None]:
        """Raise StudioError, with the remedy, where the disk turns out to be full."""
        try:
            yield
        except (OSError, RuntimeError) as error:
            number = getattr(error, "errno", None)
            # torch says no more than that
            is_full = number in FULL or "PytorchStreamWriter failed writing" in str(error)
            if not is_full:
                raise
            raise StudioError(
                f"{self.folder}: no room left to write in; "
                "free some, or name a folder on another disk with --work; the same command goes on from here"
            ) from error

    def check_footage(self) -> None:
        """Raise StudioError if the film is not the one the stages were made from."""
        if self.digest(self._footage) != self._digest:
            shutil.rmtree(self.folder, ignore_errors=True)  # some stages are of the one, some of the other
            raise StudioError(f"{self._footage}: changed while the avatar was built from it; build it again")

    def done(self) -> None:
        """The avatar is finished: give the space back, unless the folder was asked for."""
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def digest(path: Path) -> str:
        """SHA-256 of a file, in hexadecimal."""
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest()
