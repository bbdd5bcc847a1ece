"""Remakes the README's moving picture and the stills of the avatars: `make media`.

Draws the default avatar saying the first seconds of examples/hello.opus as an animated WebP, and every avatar
that ships with the program, listening, side by side.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from renderer import Settings, open_avatar, resources
from renderer.audio import load_sound

HERE = Path(__file__).parent
SPEECH = HERE.parent.parent / "examples" / "hello.opus"

SECONDS = 5.0
EVERY = 2
"""Of 25 frames a second, every second one: enough to see the lips move, and half the size."""

LEFT, TOP, WIDTH, HEIGHT = 256, 0, 768, 576
"""What is shown of Nora's 1280x720 pixels: head, shoulders, and some of her room."""

QUALITY = 92
"""Of 100: at 70 skin falls into blocks after some seconds."""

STILL = 300
"""Height of a still, pixels."""


def main() -> None:
    """Write docs/media/talking.webp and docs/media/avatars.webp."""
    talking(HERE / "talking.webp")
    stills(HERE / "avatars.webp")


def talking(path: Path) -> None:
    """The default avatar saying something."""
    sound = load_sound(SPEECH, 48_000)[: round(SECONDS * 48_000)]
    with open_avatar() as avatar:
        frames = avatar.render(sound, 48_000, Settings(variant="720p"), before=0.4, after=0.6)
        with av.open(str(path), "w", options={"loop": "0"}) as film:
            stream = film.add_stream("libwebp_anim", rate=Fraction(25, EVERY))
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.options = {"quality": str(QUALITY), "compression_level": "6"}
            for frame in islice(frames, 0, None, EVERY):
                part = frame.pixels[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH].copy()
                film.mux(stream.encode(av.VideoFrame.from_ndarray(part, format="rgb24")))
            film.mux(stream.encode(None))


def stills(path: Path) -> None:
    """All avatars side by side, the default one first."""
    pictures = []
    for name in sorted(resources.avatars(), key=lambda name: (name != resources.DEFAULT_AVATAR, name)):
        with open_avatar(name) as avatar:
            silence = np.zeros(4_800, np.float32)
            first = next(avatar.render(silence, 48_000, Settings(variant="720p"))).pixels
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(first), format="rgb24")
        width = 2 * round(STILL * frame.width / frame.height / 2)
        scaled = frame.reformat(width, STILL, interpolation="AREA")
        pictures.append(scaled.to_ndarray(format="rgb24"))
    row: NDArray[np.uint8] = np.concatenate(pictures, axis=1).astype(np.uint8)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libwebp", rate=1)
        stream.width, stream.height, stream.pix_fmt = row.shape[1], STILL, "yuv420p"
        stream.options = {"quality": "85"}
        file.mux(stream.encode(av.VideoFrame.from_ndarray(row, format="rgb24")))
        file.mux(stream.encode(None))


if __name__ == "__main__":
    main()
