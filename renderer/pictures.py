"""Still pictures from files."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from .errors import MediaError
from .types import Picture


def read_picture(path: Path | str) -> Picture:
    """The picture in a file, or the first of a film: uint8 (height, width, 3), R G B.

    Raises MediaError where there is none.
    """
    path = Path(path)
    if not path.is_file():
        raise MediaError(f"{path}: no such file; name a picture such as PNG, JPEG or WebP")
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                return np.ascontiguousarray(frame.to_ndarray(format="rgb24"))
    except (av.FFmpegError, IndexError) as error:
        reason = getattr(error, "strerror", None) or "there is none in it"
        raise MediaError(f"{path}: cannot be read as a picture ({reason}); PNG or JPEG expected") from error
    raise MediaError(f"{path}: no picture in this file; PNG or JPEG expected")
