"""Remakes the README's moving picture: `make media`.

Draws the default avatar saying the first seconds of examples/hello.opus and writes an animated WebP.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path

import av

from renderer import Settings, open_avatar
from renderer.audio import load_sound

HERE = Path(__file__).parent
SPEECH = HERE.parent.parent / "examples" / "hello.opus"

SECONDS = 5.0
EVERY = 2
"""Of 25 frames a second, every second one: enough to see the lips move, and half the size."""

LEFT, TOP, WIDTH, HEIGHT = 320, 40, 640, 480
"""What is shown of Milo's 1280x720 pixels: head and shoulders."""

QUALITY = 70


def main() -> None:
    """Write docs/media/milo.webp."""
    sound = load_sound(SPEECH, 48_000)[: round(SECONDS * 48_000)]
    with open_avatar() as avatar:
        frames = avatar.render(sound, 48_000, Settings(variant="720p"), before=0.4, after=0.6)
        with av.open(str(HERE / "milo.webp"), "w", options={"loop": "0"}) as film:
            stream = film.add_stream("libwebp_anim", rate=Fraction(25, EVERY))
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.options = {"quality": str(QUALITY), "compression_level": "6"}
            for frame in islice(frames, 0, None, EVERY):
                part = frame.pixels[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH].copy()
                film.mux(stream.encode(av.VideoFrame.from_ndarray(part, format="rgb24")))
            film.mux(stream.encode(None))


if __name__ == "__main__":
    main()
