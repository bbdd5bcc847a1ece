"""The one axis everything lies on, and the only place where samples become frames.

Positions are whole numbers: samples of sound, frames of picture. The frame rate is a `Fraction`, so
that 30000/1001 frames a second drift by nothing, ever; what is computed with it are whole numbers, which cost
a tenth of what fractions do.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where frames begin and end among samples.

    Frame i holds the samples `first_sample(i)` to `first_sample(i + 1)`, the end excluded. Frames of
    one timeline differ by at most one sample where the rates do not divide.
    """

    sample_rate: int
    """Samples of sound a second."""

    fps: Fraction
    """Frames of picture a second."""

    def __post_init__(self) -> None:
        if self.sample_rate <= 0 or self.fps <= 0:
            raise ValueError(
                f"a timeline of {self.sample_rate} samples and {self.fps} frames a second; "
                "both must be positive"
            )

    def first_sample(self, frame: int) -> int:
        """The first sample that belongs to `frame` (rounded up: a sample belongs where it starts)."""
        return -(-frame * self.sample_rate * self.fps.denominator // self.fps.numerator)

    def samples_of(self, frame: int) -> int:
        """How many samples belong to `frame`."""
        return self.first_sample(frame + 1) - self.first_sample(frame)

    def frame_of(self, sample: int) -> int:
        """The frame that `sample` belongs to."""
        return sample * self.fps.numerator // (self.sample_rate * self.fps.denominator)

    def frames_in(self, samples: int) -> int:
        """How many frames it takes to hold `samples` samples, the last one perhaps not full."""
        return self.frame_of(samples - 1) + 1 if samples > 0 else 0

    def frame_at(self, seconds: float) -> int:
        """The frame that shows at `seconds` from the start."""
        exact = Fraction(seconds) * self.fps
        return exact.numerator // exact.denominator

    def seconds(self, frame: int) -> float:
        """When `frame` begins, for reading and for printing."""
        return frame * self.fps.denominator / self.fps.numerator
