"""A film on disk: H.264 with AAC, under its name only when it is complete."""

from __future__ import annotations

import os
import secrets
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.video.frame import VideoFrame as EncodedFrame
from av.video.reformatter import ColorRange, Colorspace

from ..errors import MediaError
from ..settings import PixelOrder
from ..types import VideoFrame

CONTAINERS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""What a suffix asks FFmpeg for."""

QUALITY = {"crf": "18", "preset": "veryfast"}
"""x264: the usual threshold of visible loss, at a speed that leaves the drawing the larger share."""

SOUND_BITS = 160_000
"""Bits a second of the mono AAC: speech is transparent well below."""

AAC_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000)
"""ISO/IEC 14496-3, table 1.18. Sound of another rate is resampled to 48 kHz."""

BT709 = 1
LIMITED_RANGE = 1
"""Code points of ITU-T H.273 and of FFmpeg: primaries, transfer and matrix of HD, luma from 16 to 235."""


class Mp4File:
    """Writes frames and their sound into one file; a context manager.

    The film grows in a hidden file beside `path` and takes its name in `close`. An error or Ctrl-C inside
    `with` leaves nothing behind, and an older film of that name as it was.

    width, height  of every frame, even numbers
    fps            frames a second
    sound_rate     samples a second of `VideoFrame.sound`
    pixels         order of three-channel pictures; four channels are always B G R A

    Raises MediaError where such a film cannot be written.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        width: int,
        height: int,
        fps: Fraction,
        sound_rate: int,
        pixels: PixelOrder = "rgb",
    ) -> None:
        self.path = Path(path)
        self._size = (height, width)
        self._three = "bgr24" if pixels == "bgr" else "rgb24"
        self._sound_rate = sound_rate
        self._frames = self._samples = 0
        self._is_open = False
        container = _container(self.path)
        if width < 2 or height < 2 or width % 2 or height % 2:
            raise MediaError(f"{path}: a film of {width}x{height} pixels; H.264 takes even sizes, choose one")
        self._part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
        options = {} if container == "matroska" else {"movflags": "+faststart"}
        try:
            self._output = av.open(str(self._part), "w", format=container, container_options=options)
        except OSError as error:
            raise MediaError(
                f"{path}: cannot be written ({error.strerror or error}); choose another folder"
            ) from error
        self._is_open = True
        try:
            self._video = self._output.add_stream("libx264", rate=fps, options=QUALITY)
            self._video.width, self._video.height, self._video.pix_fmt = width, height, "yuv420p"
            context = self._video.codec_context
            context.time_base = 1 / fps
            context.colorspace = context.color_primaries = context.color_trc = BT709
            context.color_range = LIMITED_RANGE
            rate = sound_rate if sound_rate in AAC_RATES else 48_000
            self._sound = self._output.add_stream("aac", rate=rate, layout="mono")
            self._sound.bit_rate = SOUND_BITS
        except BaseException:
            self.discard()
            raise

    def write(self, frame: VideoFrame) -> None:
        """Append one frame and its sound. Raises MediaError for another size and where the disk fails."""
        if not self._is_open:
            raise MediaError(f"{self.path}: already closed; open another film")
        pixels = frame.pixels
        if pixels.shape[:2] != self._size or pixels.shape[2] not in (3, 4):
            raise MediaError(
                f"{self.path}: frame {frame.index} is {pixels.shape}; {self._size} and 3 or 4 "
                "channels expected"
            )
        order = "bgra" if pixels.shape[2] == 4 else self._three
        picture = EncodedFrame.from_ndarray(pixels, format=order).reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        picture.pts, picture.time_base = self._frames, self._video.codec_context.time_base
        samples = np.ascontiguousarray(frame.sound, np.float32)[None]
        try:
            self._output.mux(self._video.encode(picture))
            if samples.size:
                sound = AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
                sound.sample_rate = self._sound_rate
                sound.pts, sound.time_base = self._samples, Fraction(1, self._sound_rate)
                self._output.mux(self._sound.encode(sound))
        except (FFmpegError, OSError) as error:
            raise self._failed(error) from error
        self._frames += 1
        self._samples += samples.size

    def close(self) -> None:
        """Finish the film and give it its name. Raises MediaError where that fails; nothing is left then."""
        if not self._is_open:
            return
        if self._frames == 0:
            self.discard()
            raise MediaError(f"{self.path}: a film without a frame; give it some speech")
        try:
            self._output.mux(self._video.encode(None))
            if self._samples:
                self._output.mux(self._sound.encode(None))
            self._output.close()
            self._part.replace(self.path)
        except (FFmpegError, OSError) as error:
            self.discard()
            raise self._failed(error) from error
        except BaseException:
            self.discard()
            raise
        self._is_open = False

    def discard(self) -> None:
        """Give the film up: nothing of it stays on disk."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            self._output.close()
        except (FFmpegError, OSError):
            pass  # a disk that is full refuses the last bytes too
        finally:
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> Mp4File:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _failed(self, error: Exception) -> MediaError:
        return MediaError(
            f"{self.path}: writing failed after {self._frames} frames ({error}); free some space or choose "
            "another folder"
        )


def _container(path: Path) -> str:
    """FFmpeg's name of the container. Raises MediaError where the path cannot become a film."""
    container = CONTAINERS.get(path.suffix.lower())
    if container is None:
        raise MediaError(f"{path}: a film ends in {', '.join(CONTAINERS)}; rename it")
    if not path.parent.is_dir():
        raise MediaError(f"{path}: there is no folder {path.parent}; create it first")
    if path.is_dir():
        raise MediaError(f"{path}: a folder has this name; choose another")
    return container
