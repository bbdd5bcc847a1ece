"""What an avatar package says about itself: manifest.json, format 2 (docs/package-format.md).

This is the whole contract between the studio, which writes packages, and the runtime, which plays them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FORMAT = 2
"""The format this renderer writes, and the only one it reads."""

MANIFEST = "manifest.json"

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""What clips, variants and avatars may be called."""

PathInside = Annotated[
    str, Field(max_length=200, pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$")
]
"""A file of the package: plain letters, digits and . _ - between slashes; so never absolute, never `..`."""

CropPixels = Annotated[float, Field(ge=0, le=512)]
Weights = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=False)], ...], Field(min_length=1, max_length=64)
]
"""One number for each mouth weight."""


class Part(BaseModel):
    """Refuses fields it does not know: a misspelt one must not pass for a missing one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileFacts(Part):
    """What a file in the package must be."""

    size: int = Field(ge=1)
    """Bytes."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Consent(Part):
    """By what right this person is shown."""

    kind: Literal["own-face", "synthetic", "document"]
    document: str | None = Field(default=None, min_length=1, max_length=200)
    """File name of the authorisation, for kind `document`. The file itself stays with its owner."""

    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the authorisation, for kind `document`."""

    @model_validator(mode="after")
    def _names_its_document(self) -> Consent:
        if (self.kind == "document") != (self.document is not None and self.sha256 is not None):
            raise ValueError("document and sha256 belong to the kind 'document', and both to it")
        return self


class Clip(Part):
    """A stretch of body motion, the same in every variant."""

    role: Literal["listening", "speaking", "gesture"]
    frames: int = Field(ge=2, le=90_000)
    """An hour at 25 frames a second is the most."""

    loops: bool
    """Whether the last frame leads to the first."""


class ClipFiles(Part):
    """One clip in one variant."""

    video: PathInside
    """H.264, exactly `frames` frames at the package's rate, the variant's size, the mouth at rest."""

    track: PathInside
    """An .npz with, per frame: `affine` float32 (frames, 2, 3), from crop pixels to frame pixels; `drivable`
    float32 (frames,), how far the mouth may be drawn, 0 to 1."""

    alpha: PathInside | None = None
    """A matte of the same size and length: H.264, its luma is the opacity."""


class References(Part):
    """Pictures of the open mouth, from which teeth and tongue come, as sharp as the variant's clips."""

    file: PathInside
    """An .npz with `pictures` uint8 (2, side, side, 3), R G B: the whole mouth crop, twice."""

    side: int = Field(ge=32, le=1024)


class Variant(Part):
    """The avatar at one resolution and orientation."""

    width: int = Field(ge=16, le=8192, multiple_of=2)
    height: int = Field(ge=16, le=8192, multiple_of=2)
    clips: dict[Name, ClipFiles] = Field(min_length=1)
    references: References


class Mouth(Part):
    """How this person's mouth takes the mouth weights."""

    space: Literal[1] = 1
    """Version of mouth space (docs/mouth-space.md)."""

    gain: Weights
    """Shape (k,): multiplies the weights."""

    low: Weights
    high: Weights
    """Shape (k,) each: the limits of the weights after the gain; what the person did on film."""

    @model_validator(mode="after")
    def _same_length(self) -> Mouth:
        if not len(self.gain) == len(self.low) == len(self.high):
            raise ValueError("gain, low and high must have one number per mouth weight")
        for index, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            if not low <= 0.0 <= high:
                raise ValueError(f"weight {index} is limited to {low} … {high}, which leaves out 0, the rest")
        return self


class Lips(Part):
    """What says how this person's mouth moves. It is drawn from the clip's own pixels."""

    network: PathInside = "lips.onnx"
    """Input `weights` float32 (1, k); outputs `skin` float32 (1, 5, cells, cells) and `inner` float32
    (1, 10, cells, cells)."""

    mask: PathInside = "lips.mask.npz"
    """An .npz with `mask` float32 (cells, cells): the feathered share of the drawn mouth, 0 at its border."""

    size: int = Field(ge=32, le=512)
    """Pixels along one side of the mouth crop: the unit of tracks and flows."""

    cells: int = Field(ge=8, le=256)
    """Cells along one side of the fields."""

    window: tuple[CropPixels, CropPixels, CropPixels]
    """Left, top and side of the part of the crop that `inner` covers, in its pixels."""

    @model_validator(mode="after")
    def _window_is_inside(self) -> Lips:
        left, top, side = self.window
        if side < 1 or max(left, top) + side > self.size:
            raise ValueError(f"the window {list(self.window)} is not inside a crop of {self.size} pixels")
        return self


class Transition(Part):
    """Where one clip may be left for another without a visible jump."""

    source: Name
    target: Name
    pairs: tuple[tuple[int, int], ...] = Field(min_length=1)
    """(last frame shown of the source, first frame shown of the target), sorted by the first."""


class Draft(Part):
    """All of manifest.json but the list of files, which the writer adds."""

    format: Literal[2] = 2
    id: Name
    """What `open_avatar` and the command call it."""

    name: str = Field(min_length=1, max_length=50)
    kind: Literal["studio", "instant", "4k", "photo"] = "studio"
    fps: str = "25"
    """Frames a second of all its clips, a whole number or a fraction such as 30000/1001."""

    licence: str = Field(min_length=1)
    consent: Consent
    made_with: str
    """Program and version that wrote the package."""

    poster: PathInside = "poster.jpg"
    background: str | None = Field(default=None, pattern=r"^#[0-9a-f]{6}$")
    """What a player shows behind an avatar with mattes unless told otherwise; None is the clips' own."""

    clips: dict[Name, Clip] = Field(min_length=1)
    variants: dict[Name, Variant] = Field(min_length=1)
    """The first one is shown unless another is asked for."""

    mouth: Mouth
    lips: Lips
    transitions: tuple[Transition, ...] = ()

    @field_validator("fps")
    @classmethod
    def _is_a_rate(cls, text: str) -> str:
        try:
            rate = Fraction(text)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"{text!r} is not a frame rate") from None
        if not 1 <= rate <= 120:
            raise ValueError(f"{text} frames a second; 1 to 120 expected")
        return text

    @model_validator(mode="after")
    def _hangs_together(self) -> Draft:
        roles = {clip.role for clip in self.clips.values()}
        for role in ("listening", "speaking"):
            if role not in roles:
                raise ValueError(f"no clip with the role {role!r}")
        for name, variant in self.variants.items():
            if set(variant.clips) != set(self.clips):
                raise ValueError(
                    f"variant {name} has the clips {sorted(variant.clips)}, the package {sorted(self.clips)}"
                )
        bare = any(files.alpha is None for v in self.variants.values() for files in v.clips.values())
        if self.background is not None and bare:
            raise ValueError("a background is named, but not every clip has a matte (alpha)")
        for step in self.transitions:
            for clip, frame in (pair for a, b in step.pairs for pair in ((step.source, a), (step.target, b))):
                if clip not in self.clips or not 0 <= frame < self.clips[clip].frames:
                    raise ValueError(f"a transition names frame {frame} of clip {clip!r}")
        return self

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.fps)

    def paths(self) -> set[str]:
        """Every file the manifest makes use of."""
        used = {self.poster, self.lips.network, self.lips.mask}
        for variant in self.variants.values():
            used.add(variant.references.file)
            for files in variant.clips.values():
                used.update({files.video, files.track})
                if files.alpha is not None:
                    used.add(files.alpha)
        return used


class Manifest(Draft):
    """manifest.json."""

    files: dict[PathInside, FileFacts] = Field(min_length=1)
    """Every file of the package except manifest.json itself."""

    @model_validator(mode="after")
    def _lists_what_it_uses(self) -> Manifest:
        for missing in sorted(self.paths() - set(self.files)):
            raise ValueError(f"{missing} is used but not listed under files")
        for unknown in sorted(set(self.files) - self.paths()):
            raise ValueError(f"{unknown} is listed under files but nothing uses it")
        return self
