"""The recording: layers put together, moved, and written with the sound as one mp4."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from .coarticulation import FPS
from .gestures import LEAD
from .human import Floats, Human
from .layers import SCALE, Box, eyes_of, hands_layer, key_layer, mouth_units, plus
from .lens import Camera
from .motion import Mover
from .mouth import lip_gap, lip_width
from .performance import SETTLE, Performance, Plan
from .pictures import Picture, enlarged, over, read, read_cut_out
from .presenter import Presenter
from .repaint import Repainter

SOUND_RATE = 48_000
FEATHER = 14
"""Footage pixels over which a layer fades into the body."""

QUALITY = "5"
"""H.264 quantiser of every frame: so fine that what stands still is coded alike in all of them."""

GRAIN = 0.4
"""Grey levels of fixed grain, so that the backdrop's gradient shows no bands."""


PART = 250
"""Frames in one piece of the recording: what an interruption costs at most."""


def assemble(
    who: Presenter, show: Performance, space: Floats, keys: list[int], sound: NDArray[np.float32], out: Path
) -> None:
    """out/NAME.mp4 and out/NAME.weights.npz, put together in pieces: pieces that exist are kept."""
    pieces = out / "pieces"
    pieces.mkdir(exist_ok=True)
    frames = len(show.mouth)
    parts = [(first, min(first + PART, frames)) for first in range(0, frames, PART)]
    paths = [pieces / f"{who.name}-{first:06d}.mp4" for first, _ in parts]
    if not all(path.exists() for path in paths):
        painter = FramePainter(who, show, space, keys, out / "layers")
        for (first, end), path in zip(parts, paths, strict=True):
            if path.exists():
                continue
            begun = time.monotonic()
            unfinished = path.with_name(f".{path.name}")
            with Recording(unfinished, who.camera) as recording:
                for k in range(first, end):
                    recording.show(painter.frame(k))
            unfinished.replace(path)
            each = (time.monotonic() - begun) / (end - first)
            print(f"{end}/{frames} frames, {each * (frames - end):.0f} s left", flush=True)
    unfinished = out / f".{who.name}.unfinished.mp4"
    joined(paths, sound, unfinished)
    unfinished.replace(out / f"{who.name}.mp4")
    human = Human(who.shape)
    shapes = [plus(who.rest, mouth_units(show, k)) for k in range(frames)]
    np.savez_compressed(
        out / f"{who.name}.weights.npz",
        names=np.array(show.mouth_names),
        mouth=show.mouth.astype(np.float32),
        lip_gap=np.array([lip_gap(human, units) for units in shapes]),
        lip_width=np.array([lip_width(human, units) for units in shapes]),
        blink=show.blink,
        gaze=show.gaze,
        head=show.head,
        sway=show.sway,
        breath=show.breath,
        brow=show.brow,
        opened=show.opened,
        fps=FPS,
        listen=who.plan.listen,
        cycle=who.plan.cycle,
        gestures=np.array([name for name, _, _ in show.windows]),
        windows=np.array([(first, end) for _, first, end in show.windows]).reshape(-1, 2),
        key_frames=np.array(keys),
        rest_names=np.array(list(who.rest)),
        rest=np.array(list(who.rest.values())),
    )
    (out / f"{who.name}.segments.txt").write_text(segments(show, who.plan))
    print(out / f"{who.name}.mp4")


def segments(show: Performance, plan: Plan) -> str:
    """The stretches that become clips, as `avatar build --segments` reads them: a package stays small."""
    spoken = np.nonzero(show.mouth.any(axis=1))[0]
    end = show.windows[0][1] - round(SETTLE * FPS) if show.windows else int(spoken[-1])
    lines = [
        "# start  end      role       name",
        f"{0:<8.2f} {plan.listen - 0.4:<8.2f} listening  listening",
        f"{plan.listen:<8.2f} {end / FPS:<8.2f} speaking   speaking",
    ]
    for name, start, stop in show.windows:
        lines.append(f"{(start + LEAD) / FPS:<8.2f} {(stop - LEAD) / FPS:<8.2f} gesture    {name}")
    return "\n".join(lines) + "\n"


class FramePainter:
    """Any frame of the recording from its layers."""

    def __init__(
        self, who: Presenter, show: Performance, space: Floats, keys: list[int], folder: Path
    ) -> None:
        from .person import Person  # Blender, for the geometry only
        from .stage import clear

        clear()
        self.who, self.show, self.space, self.folder = who, show, space, folder
        person, boxes = Person(who), who.boxes
        paths = [folder / f"{key_layer(show, k, who.rest, boxes).name}.png" for k in keys]
        there = [k for k, path in enumerate(paths) if path.exists()]
        print(f"{len(there)} of {len(paths)} mouths rendered", flush=True)
        self.painter = Repainter(
            person,
            who.camera,
            boxes.mouth,
            who.rest,
            show.mouth_names,
            [mouth_units(show, keys[k]) for k in there],
            [paths[k] for k in there],
            space[[keys[k] for k in there]],
        )
        self.mover = Mover(person)
        self.behind = who.behind(who.camera.width, who.camera.height) if who.behind else None
        self.body = self._layer("body")
        self.masks = {box: feather(box) for box in (boxes.mouth, boxes.eyes, boxes.hands) if box}
        self.rest_mouth = self.painter.paint({}, space[keys[0]])
        shape = (who.camera.height, who.camera.width, 1)
        self.grain = np.random.default_rng(1).normal(0, GRAIN, shape).astype(np.float32)

    def frame(self, k: int) -> Picture:
        """Frame k as it is recorded, BGR."""
        show, who, boxes = self.show, self.who, self.who.boxes
        picture = self.body.copy()
        if boxes.hands and show.opened[k] > 0:
            layer = hands_layer(float(show.opened[k]), who.rest, boxes)
            hands = self._layer(layer.name).astype(np.float32)
            height, width = self.masks[boxes.hands].shape[:2]
            self._paste(picture, enlarged(hands, width, height), boxes.hands)
        eyes = self._layer(eyes_of(show, k, who.rest, boxes).name)
        self._paste(picture, eyes.astype(np.float32), boxes.eyes)
        units = mouth_units(show, k)
        mouth = self.painter.paint(units, self.space[k]) if units else self.rest_mouth
        self._paste(picture, mouth, boxes.mouth)
        field = self.mover.field(show.head[k], show.sway[k], float(show.breath[k]), float(show.brow[k]))
        moved = self.mover.warp(picture, field)
        frame = (moved if self.behind is None else over(moved, self.behind)) + self.grain
        return np.clip(frame + 0.5, 0, 255).astype(np.uint8)

    def _layer(self, name: str) -> Picture:
        path = self.folder / f"{name}.png"
        return read(path) if self.behind is None else read_cut_out(path)

    def _paste(self, picture: Picture, layer: NDArray[np.float32], box: Box) -> None:
        """Blend a layer into the picture, in place."""
        left, top = round(box[0] * SCALE), round(box[1] * SCALE)
        mask = self.masks[box]
        height, width = mask.shape[:2]
        under = picture[top : top + height, left : left + width, : layer.shape[2]]
        drawn = layer[:height, :width]
        if picture.shape[2] > layer.shape[2]:  # as opaque as the person there
            drawn = drawn * (picture[top : top + height, left : left + width, 3:].astype(np.float32) / 255)
        mixed = under + mask * (drawn - under)
        under[:] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def feather(box: Box) -> NDArray[np.float32]:
    """1 inside the box, fading to 0 at its edge, in layer pixels (h, w, 1)."""
    width, height = round((box[2] - box[0]) * SCALE), round((box[3] - box[1]) * SCALE)
    soft = FEATHER * SCALE
    x = np.minimum(np.arange(width) + 0.5, width - np.arange(width) - 0.5)
    y = np.minimum(np.arange(height) + 0.5, height - np.arange(height) - 0.5)
    edge = np.clip(np.minimum(x[None], y[:, None]) / soft, 0, 1)
    return (edge * edge * (3 - 2 * edge)).astype(np.float32)[..., None]


def soundtrack(
    speech: list[NDArray[np.float32]], rate: int, starts: list[float], frames: int
) -> NDArray[np.float32]:
    """Each paragraph where it starts, silence around; as long as the frames."""
    ratio = Fraction(SOUND_RATE, rate)
    sound = np.zeros(frames * SOUND_RATE // FPS, np.float32)
    loudest = max(float(np.abs(part).max()) for part in speech)
    for part, start in zip(speech, starts, strict=True):
        fast = resample_poly(part, ratio.numerator, ratio.denominator) * (0.8 / max(loudest, 1e-6))
        first = round(start * SOUND_RATE)
        sound[first : first + len(fast)] = fast[: len(sound) - first]
    return sound


def joined(pieces: list[Path], sound: NDArray[np.float32], path: Path) -> None:
    """The pieces' pictures one after the other, not coded again, with the sound."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as file:
        with av.open(str(pieces[0])) as first:
            video = file.add_stream_from_template(first.streams.video[0])
        audio = file.add_stream("aac", rate=SOUND_RATE, layout="mono")
        audio.bit_rate = 128_000
        done = Fraction(0)
        for piece in pieces:
            with av.open(str(piece)) as source:
                stream = source.streams.video[0]
                shift = round(done / stream.time_base)
                for packet in source.demux(stream):
                    if packet.dts is None:
                        continue
                    packet.pts += shift
                    packet.dts += shift
                    packet.stream = video
                    file.mux(packet)
                done += Fraction(stream.frames, FPS)
        for at in range(0, len(sound), 1024):
            block = np.ascontiguousarray(sound[None, at : at + 1024])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate = SOUND_RATE
            frame.pts = at
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))


class Recording:
    """A silent mp4 being written: H.264 in BT.709."""

    def __init__(self, path: Path, camera: Camera) -> None:
        self._file = av.open(str(path), "w")
        self._video = self._file.add_stream(
            "libx264", rate=FPS, options={"qp": QUALITY, "bf": "0", "preset": "superfast"}
        )
        self._video.width, self._video.height = camera.width, camera.height
        self._video.pix_fmt = "yuv420p"
        context = self._video.codec_context
        context.color_primaries = context.color_trc = context.colorspace = 1  # BT.709
        context.color_range = 1  # 16 to 235

    def __enter__(self) -> Recording:
        return self

    def show(self, picture: Picture) -> None:
        """The next frame, BGR (h, w, 3)."""
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        self._file.mux(self._video.encode(frame))

    def __exit__(self, *_: object) -> None:
        self._file.mux(self._video.encode(None))
        self._file.close()
