"""Whether a clip is the video its manifest promises, found out without decoding a picture."""

from __future__ import annotations

from fractions import Fraction
from typing import BinaryIO

import av

from ..errors import AvatarError

DEMUXER = "mp4"
"""Clips are opened as this and nothing else: guessing would let a file pose as a playlist of others."""

_BT709, _UNTOLD = 1, 2  # colour spaces of ITU-T H.273
_FULL_RANGE = 2
_REMEDY = "build the avatar again"


def check_video(file: BinaryIO, where: str, size: tuple[int, int], frames: int, rate: Fraction) -> None:
    """Make sure of codec, size (width, height), pixel format, colour space, frame times and keyframes.

    Frame i must show at i / rate seconds, and keyframes be at most a second apart. Raises AvatarError
    naming the first difference.
    """
    try:
        with av.open(file, "r", format=DEMUXER) as container:
            if len(container.streams) != 1 or not container.streams.video:
                kinds = ", ".join(stream.type for stream in container.streams) or "nothing"
                raise _fault(where, f"the streams {kinds}", "one of video")
            stream = container.streams.video[0]
            _check_kind(stream.codec_context, where, size)
            time_base = stream.time_base or Fraction(1, 1)
            times: list[int] = []
            keyframes: list[int] = []
            for packet in container.demux(stream):
                if packet.size == 0 or packet.is_discard:
                    continue
                if packet.pts is None:
                    raise _fault(where, f"frame {len(times)} without a time", "a time for every frame")
                if packet.is_keyframe:
                    keyframes.append(packet.pts)
                times.append(packet.pts)
                if len(times) > frames:
                    raise _fault(where, f"more than {frames} frames", f"exactly {frames}")
    except (av.FFmpegError, ValueError, EOFError) as error:
        if isinstance(error, AvatarError):
            raise
        raise _fault(where, f"no readable video ({_reason(error)})", "H.264 in mp4") from error
    if len(times) != frames:
        raise _fault(where, f"{len(times)} frames", f"exactly {frames}, as in the manifest")
    tick = 1 / (rate * time_base)  # of the stream's clock, in one frame
    for index, time in enumerate(sorted(times)):
        if abs(time - index * tick) > 1:
            shown, due = float(time * time_base), float(index / rate)
            raise _fault(where, f"frame {index} at {shown:.3f} s", f"{due:.3f} s ({rate} frames a second)")
    _check_keyframes([round(time / tick) for time in sorted(keyframes)], where, frames, rate)


def _check_kind(video: av.VideoCodecContext, where: str, size: tuple[int, int]) -> None:
    if video.name != "h264":
        raise _fault(where, f"{video.name} video", "H.264")
    if (video.width, video.height) != size:
        raise _fault(where, f"{video.width}x{video.height}", f"{size[0]}x{size[1]}, the variant's size")
    if video.pix_fmt != "yuv420p":
        raise _fault(where, f"pixels {video.pix_fmt}", "yuv420p")
    if int(video.colorspace) not in (_BT709, _UNTOLD) or int(video.color_range) == _FULL_RANGE:
        raise _fault(where, "other colours", "BT.709 of limited range")


def _check_keyframes(keyframes: list[int], where: str, frames: int, rate: Fraction) -> None:
    most = max(1, round(rate))
    if not keyframes or keyframes[0] != 0:
        raise _fault(where, "a first frame that needs earlier ones", "a keyframe first")
    gap = max(b - a for a, b in zip(keyframes, [*keyframes[1:], frames], strict=True))
    if gap > most:
        raise _fault(where, f"{gap} frames from keyframe to keyframe", f"at most {most} (one second)")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)[:80]


def _fault(where: str, found: str, expected: str) -> AvatarError:
    return AvatarError(f"{where}: {found}; {expected} expected; {_REMEDY}")
