"""Every default, with its unit, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PixelOrder = Literal["rgb", "bgr", "bgra"]

ANALYSIS_RATE = 16_000
"""Samples a second of the sound the mouth network hears."""

TICK = 640
"""Samples of analysis sound in one frame of 40 ms."""

FPS = 25
"""Frames a second the mouth network was trained for; avatars play at this rate."""

WIDEST = 2.0
"""Largest mouth gain; what a person's mouth can do is limited again by the avatar's manifest."""

MUMBLED, CLEAREST = 0.5, 1.5
"""Least and most articulation: below, vowels look alike; above, lips overshoot more than they gain."""


def check_expression(mouth_gain: float, articulation: float) -> None:
    """Raise ValueError where one of the two is outside its limits."""
    if not 0.0 <= mouth_gain <= WIDEST:
        raise ValueError(f"mouth gain {mouth_gain}; 0 to {WIDEST:g} expected")
    if not MUMBLED <= articulation <= CLEAREST:
        raise ValueError(f"articulation {articulation}; {MUMBLED} to {CLEAREST} expected")


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be chosen for one session."""

    variant: str | None = None
    """Name of a variant of the avatar, such as "540p"; the package's first if left out."""

    pixels: PixelOrder = "rgb"
    """Order of the channels in `VideoFrame.pixels`; "bgra" is what the renderer works in, and cheapest."""

    sound_rate: int = 48_000
    """Samples a second of `VideoFrame.sound`, a whole number in each frame."""

    mouth_gain: float = 1.0
    """How wide the mouth opens compared with what the network says, 0 to 2; closed lips stay closed."""

    articulation: float = 1.0
    """How far the mouth moves away from its running average, 0.5 (mumbling) to 1.5 (over-clear)."""

    random_gestures: bool = True
    """Whether the avatar makes its gestures now and then while it speaks, unless some are asked for."""

    seed: int = 0
    """Of the choice and spacing of random gestures."""

    low_memory: bool = False
    """For small devices: half as many decoders are kept open (10 MB each at 720p). Some cuts of the body then
    take a few milliseconds longer."""

    queue_frames: int = 3
    """Finished frames kept ready, at least 2."""

    queue_seconds: float = 60.0
    """Pushed sound kept waiting; `push` blocks while more waits."""

    def __post_init__(self) -> None:
        if self.pixels not in ("rgb", "bgr", "bgra"):
            raise ValueError(f"pixel order {self.pixels!r}; rgb, bgr or bgra expected")
        if not 8_000 <= self.sound_rate <= 192_000 or self.sound_rate % FPS:
            raise ValueError(f"sound rate {self.sound_rate}; 8000 to 192000 and a multiple of {FPS} expected")
        check_expression(self.mouth_gain, self.articulation)
        if self.queue_frames < 2:
            raise ValueError(f"queue of {self.queue_frames} frames; at least 2 expected")
        if self.queue_seconds <= 0:
            raise ValueError(f"queue of {self.queue_seconds} seconds; more than 0 expected")
