"""What the file says of itself: type, coding, size, shape, frame rate, length."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av

from ..footage import Footage, probe
from .findings import Finding, Span, Status, clock
from .kinds import Kind

CODECS = {"h264": "H.264", "hevc": "HEVC", "vp9": "VP9", "av1": "AV1", "prores": "ProRes"}

READ: dict[str, Status] = {"h264": "pass", "hevc": "warn"}
"""Every player reads the first."""

HIGH_RANGE = {16: "PQ", 18: "HLG"}
"""Transfer functions of ITU-T H.273 that are not of standard range."""

MISSING = 0.4
"""Seconds that pictures may end before the file says."""

SQUARE_ENOUGH = 0.02
"""Share by which a shape may miss 16:9: coders round to even pixels."""


@dataclass(frozen=True, slots=True)
class Container:
    """What the file says of itself."""

    suffix: str
    formats: str
    codec: str
    size: int
    """Bytes."""

    width: int
    """Pixels, upright."""

    height: int
    transfer: int
    """Transfer function, by the numbers of ITU-T H.273."""

    says: float
    """Seconds that it says its pictures last; 0 where it only says how long all of it lasts."""


def read_container(footage: Footage) -> Container:
    """Read the file's own account."""
    with av.open(str(footage.path)) as container:
        stream = container.streams.video[0]
        coder = stream.codec_context
        lasts = stream.duration * stream.time_base if stream.duration and stream.time_base else 0
        size = coder.width, coder.height
        width, height = size if footage.turned % 180 == 0 else size[::-1]
        return Container(
            suffix=footage.path.suffix.lower().lstrip("."),
            formats=container.format.name,
            codec=coder.name.removeprefix("lib").removesuffix("-vp9"),
            size=Path(footage.path).stat().st_size,
            width=width,
            height=height,
            transfer=int(getattr(coder, "color_trc", 0) or 0),
            says=float(lasts),
        )


def judge_container(file: Container, seconds: float, rate: float, kind: Kind) -> list[Finding]:
    """Type, size and length; the pictures really last `seconds`, and come `rate` times a second."""
    shape = max(file.width, file.height) / min(file.width, file.height)
    coded = CODECS.get(file.codec, file.codec)
    is_mp4 = "mp4" in file.formats
    return [
        Finding("container", "pass" if is_mp4 else "fail", f".{file.suffix} ({file.formats.split(',')[0]})"),
        Finding("codec", READ.get(file.codec, "fail"), coded),
        _whole(file, seconds),
        Finding("size", "pass" if file.size <= kind.largest else "fail", f"{file.size / 1e6:.1f} MB"),
        Finding("duration", _length(seconds, kind), f"{clock(seconds)} min"),
        Finding(
            "resolution",
            "pass" if (max(file.width, file.height), min(file.width, file.height)) in kind.sizes else "fail",
            f"{file.width}×{file.height}",
        ),
        Finding(
            "aspect", "pass" if abs(shape / (16 / 9) - 1) <= SQUARE_ENOUGH else "fail", f"{_shape(file)}"
        ),
        Finding("rate", "pass" if 24.9 <= rate <= 60.1 else "fail", f"{rate:.2f}"),
        Finding(
            "hdr",
            "warn" if file.transfer in HIGH_RANGE else "pass",
            HIGH_RANGE.get(file.transfer, "standard"),
        ),
    ]


def judge_matte(footage: Footage, seconds: float, matte: Path) -> Finding:
    """Whether the film `matte` fits the film, which lasts `seconds`."""
    other = probe(matte)
    apart = []
    if (other.width, other.height, other.turned) != (footage.width, footage.height, footage.turned):
        apart.append(f"{other.width}×{other.height} for {footage.width}×{footage.height}")
    if abs(other.fps - footage.fps) > 0.01:
        apart.append(f"{other.fps:.2f} frames a second for {footage.fps:.2f}")
    if abs(other.duration - seconds) > 0.5 / footage.fps:
        apart.append(f"{other.duration:.2f} s for {seconds:.2f}")
    return Finding("matte", "fail" if apart else "pass", "; ".join(apart) or "fits")


def _whole(file: Container, seconds: float) -> Finding:
    if file.says - seconds <= max(MISSING, 0.01 * file.says):
        return Finding("whole", "pass", "read to the end")
    figure = f"only {clock(seconds)} of {clock(file.says)} min can be read"
    return Finding("whole", "fail", figure, (Span(seconds, file.says),))


def _length(seconds: float, kind: Kind) -> Status:
    # the last frame's own length is often left out of the account
    if not kind.shortest - 0.1 <= seconds <= kind.longest + 0.1:
        return "fail"
    return "pass" if seconds >= kind.advised - 0.1 else "warn"


def _shape(file: Container) -> str:
    ratio = file.width / file.height
    names = {"16:9": 16 / 9, "9:16": 9 / 16, "4:3": 4 / 3, "3:4": 3 / 4, "1:1": 1.0}
    name = next((n for n, r in names.items() if abs(ratio / r - 1) <= SQUARE_ENOUGH), None)
    return name or f"{ratio:.2f}:1"
