"""Clips that are not as the manifest promises: one clear error, and nothing left behind."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from avatars import (
    LENGTHS,
    SIZES,
    affines,
    pictures,
    write_track,
    write_video,
)
from packing import Kit, changing, refused

CLIP = "96p/nod.mp4"
FRAMES = LENGTHS["nod"]
FRAME = SIZES["96p"]


def spoil_clip(kit: Kit, frames: int = FRAMES, size: tuple[int, int] = FRAME, **options: Any) -> Path:
    write_video(kit.folder / CLIP, list(pictures(*size, frames)), **options)
    return kit.pack()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"codec": "mpeg4"}, ("mpeg4", "H.264")),
        ({"size": (128, 96)}, ("128x96", "160x96")),
        ({"frames": FRAMES - 1}, ("9 frames", "exactly 10")),
        ({"frames": FRAMES + 1}, ("more than 10 frames", "exactly 10")),
        ({"fps": Fraction(30)}, ("25 frames a second",)),
        ({"skip": 5}, ("frame 5 at 0.240 s", "0.200 s")),
        ({"pixels": "yuv444p"}, ("yuv444p", "yuv420p")),
        ({"pixels": "yuvj420p"}, ("yuvj420p", "yuv420p")),
    ],
    ids=["codec", "size", "short", "long", "rate", "gap", "444", "full range"],
)
def test_a_clip_that_is_not_as_promised_is_refused(
    kit: Kit, options: dict[str, Any], words: tuple[str, ...]
) -> None:
    refused(spoil_clip(kit, **options), CLIP, *words)


def test_a_clip_with_rare_keyframes_is_refused(kit: Kit) -> None:
    write_video(kit.folder / CLIP, list(pictures(*FRAME, 60)), keyframes=250)
    kit.draft = kit.draft.model_copy(deep=True)
    write_track(kit.folder / "96p/nod.track.npz", affines(*FRAME, 60))
    refused(kit.edited(changing("clips", "nod", "frames", to=60)), CLIP, "keyframe", "one second")


@pytest.mark.parametrize("data", [b"not a film", b"#EXTM3U\nfile:///etc/passwd\n", b"\0\0\0\x08ftyp"])
def test_a_clip_that_is_no_video_is_refused(kit: Kit, data: bytes) -> None:
    (kit.folder / CLIP).write_bytes(data)
    refused(kit.pack(), CLIP, "no readable video")


def test_a_clip_cut_in_its_middle_is_refused(kit: Kit) -> None:
    whole = (kit.folder / CLIP).read_bytes()
    (kit.folder / CLIP).write_bytes(whole[: len(whole) // 2])
    refused(kit.pack(), CLIP)


def test_a_matte_shorter_than_its_clip_is_refused(kit: Kit) -> None:
    write_video(kit.folder / "96p/nod.alpha.mp4", list(pictures(*FRAME, FRAMES - 2)))
    refused(kit.pack(), "96p/nod.alpha.mp4", "8 frames", "exactly 10")
