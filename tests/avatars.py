"""A tiny, real avatar for tests: two variants, three clips, H.264, tracks and a lip network."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
from networks import lips_network
from numpy.typing import NDArray

from renderer.package.manifest import (
    Clip,
    ClipFiles,
    Consent,
    Draft,
    Lips,
    Mouth,
    References,
    Transition,
    Variant,
)
from renderer.package.writer import write_package

SIZE = 32  # pixels of the mouth crop
CELLS = 16  # of the lips' fields
SIDE = 48  # pixels of a reference
WEIGHTS = 10
LENGTHS = {"listening": 14, "speaking": 18, "nod": 10}
SIZES = {"96p": (160, 96), "portrait": (64, 112)}  # the first is shown unless another is asked for


def write_tiny_avatar(target: Path, work: Path, name: str = "tiny") -> Path:
    """Make the parts in the folder `work` and pack them into `target`."""
    write_package(work, tiny_parts(work, name), target)
    return target


def tiny_parts(folder: Path, name: str = "tiny", *, alpha: bool = False) -> Draft:
    """Fill `folder` with the parts of a tiny avatar; returns its manifest without the list of files."""
    folder.mkdir(parents=True, exist_ok=True)
    variants = {}
    for variant, (width, height) in SIZES.items():
        (folder / variant).mkdir(parents=True, exist_ok=True)
        files = {}
        for clip, frames in LENGTHS.items():
            stem = f"{variant}/{clip}"
            write_video(folder / f"{stem}.mp4", list(pictures(width, height, frames)))
            write_track(folder / f"{stem}.track.npz", affines(width, height, frames))
            if alpha:
                write_video(folder / f"{stem}.alpha.mp4", list(mattes(width, height, frames)))
            files[clip] = ClipFiles(
                video=f"{stem}.mp4", track=f"{stem}.track.npz", alpha=f"{stem}.alpha.mp4" if alpha else None
            )
        np.savez(folder / variant / "references.npz", pictures=references())
        shown = References(file=f"{variant}/references.npz", side=SIDE)
        variants[variant] = Variant(width=width, height=height, clips=files, references=shown)
    (folder / "lips.onnx").write_bytes(lips_network(WEIGHTS, CELLS))
    np.savez(folder / "lips.mask.npz", mask=mask())
    (folder / "poster.jpg").write_bytes(jpeg(next(pictures(*SIZES["96p"], frames=1))))
    roles: dict[str, Literal["listening", "speaking", "gesture"]] = {
        "listening": "listening",
        "speaking": "speaking",
        "nod": "gesture",
    }
    return Draft(
        id=name,
        name=name.title(),
        licence="CC0-1.0",
        consent=Consent(kind="synthetic"),
        made_with="tests/avatars.py",
        clips={
            clip: Clip(role=role, frames=LENGTHS[clip], loops=role != "gesture")
            for clip, role in roles.items()
        },
        variants=variants,
        mouth=Mouth(gain=(1.0,) * WEIGHTS, low=(-3.0,) * WEIGHTS, high=(3.0,) * WEIGHTS),
        lips=Lips(size=SIZE, cells=CELLS, window=(8, 6, 16)),
        transitions=(
            Transition(source="listening", target="speaking", pairs=((4, 0), (9, 6), (13, 0))),
            Transition(source="speaking", target="listening", pairs=((5, 0), (11, 7), (17, 0))),
            Transition(source="listening", target="nod", pairs=((6, 0), (13, 0))),
            Transition(source="nod", target="listening", pairs=((9, 0),)),
            Transition(source="speaking", target="nod", pairs=((2, 0), (8, 0), (14, 0))),
            Transition(source="nod", target="speaking", pairs=((9, 3),)),
        ),
    )


def pictures(width: int, height: int, frames: int) -> Iterator[NDArray[np.uint8]]:
    """A head that sways once: RGB pictures, shape (height, width, 3), whose last leads to the first."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    back = np.stack([60 + 80 * x / width, 90 + 60 * y / height, np.full_like(x, 120)], axis=-1)
    for index in range(frames):
        (a, b), (_, d), (tx, ty) = affines(width, height, frames)[index].T
        middle = tx + (a + b) * SIZE / 2, ty + (d + a) * SIZE / 2
        head = ((x - middle[0]) / 1.1) ** 2 + (y - middle[1] + height * 0.12) ** 2 < (height * 0.34) ** 2
        yield np.where(head[..., None], np.array([204.0, 153.0, 128.0]), back).astype(np.uint8)


def mattes(width: int, height: int, frames: int) -> Iterator[NDArray[np.uint8]]:
    """Opaque but for the left tenth."""
    picture = np.full((height, width, 3), 255, np.uint8)
    picture[:, : width // 10] = 0
    for _ in range(frames):
        yield picture


def affines(width: int, height: int, frames: int) -> NDArray[np.float32]:
    """From patch to frame pixels, shape (frames, 2, 3): the mouth in the lower half, swaying a little."""
    scale = height / 3 / SIZE
    turn = 2 * np.pi * np.arange(frames) / frames
    affine = np.zeros((frames, 2, 3), np.float32)
    affine[:, 0, 0] = affine[:, 1, 1] = scale
    affine[:, 0, 2] = width / 2 - scale * SIZE / 2 + width / 40 * np.sin(turn)
    affine[:, 1, 2] = height * 0.55 - scale * SIZE / 2 + height / 60 * np.cos(turn)
    return affine


def write_track(path: Path, affine: NDArray[np.float32], **changed: Any) -> None:
    """A track that may always be driven."""
    arrays = {"affine": affine, "drivable": np.ones(len(affine), np.float32)} | changed
    np.savez(path, **{name: value for name, value in arrays.items() if value is not None})


def references() -> NDArray[np.uint8]:
    """Two pictures of an open mouth, R G B: one of teeth, one of dark."""
    pictures = np.full((2, SIDE, SIDE, 3), (204, 153, 128), np.uint8)
    pictures[0, SIDE // 3 : SIDE // 2, SIDE // 3 : -SIDE // 3] = 240
    pictures[1, SIDE // 3 : -SIDE // 3, SIDE // 3 : -SIDE // 3] = 30
    return pictures


def mask() -> NDArray[np.float32]:
    """A feathered disc, 0 at the border of the crop."""
    y, x = np.mgrid[:CELLS, :CELLS] / (CELLS - 1) * 2 - 1
    return np.asarray(np.clip((1 - np.hypot(x, y)) * 4, 0, 1), np.float32)


def write_video(
    path: Path,
    frames: list[NDArray[np.uint8]],
    *,
    codec: str = "libx264",
    fps: Fraction = Fraction(25),
    pixels: str = "yuv420p",
    keyframes: int = 25,
    skip: int | None = None,
) -> None:
    """An mp4 of RGB pictures, BT.709, limited range; `skip` leaves out the time of one frame."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixels
        stream.gop_size = keyframes
        stream.codec_context.time_base = 1 / fps
        if codec == "libx264":
            stream.options = {"crf": "14", "tune": "fastdecode", "preset": "veryfast"}
        for index, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(
                format=pixels, dst_colorspace="ITU709", dst_color_range="MPEG"
            )
            frame.colorspace = stream.codec_context.colorspace = 1  # BT.709
            frame.color_range = stream.codec_context.color_range = 1  # limited
            frame.time_base = 1 / fps
            frame.pts = index + (skip is not None and index >= skip)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    """One RGB picture as a JPEG file."""
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.height, encoder.width = picture.shape[:2]
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuvj420p")
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
