"""The work folder of one build: finished stages are kept, so that an interrupted build goes on."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from ..errors import StudioError

Arrays = dict[str, NDArray[Any]]

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
        if path.exists():
            with np.load(path) as kept:
                return dict(kept)
        arrays = make()
        part = path.with_suffix(".part.npz")
        np.savez(part, **arrays)
        part.replace(path)
        return arrays

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
