"""The mouth, drawn into a frame from the frame itself: its resting mouth bent open, the inside put in.

A network gives small fields (`renderer.lips`); this kernel enlarges them and moves pixels. The lips, the chin
and the cheeks are the frame's own, fetched from where the flow says, with cubic interpolation: as sharp as
the film, and without a flow not a pixel changes. Teeth and tongue come from two pictures of the open mouth
and from paint, mixed pixel by pixel. Everything is in one pass over the rows, each in a few loops
(`mouth_rows`, `mouth_mix`), since only loops that do not jump about in memory become vectors.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from . import mouth_mix as mix
from . import mouth_rows as rows
from .compiling import compiled
from .mouth_rows import BLOCK
from .views import Bytes, packed_pixels

FLOW_UNIT = 512.0
"""Flows are packed in 16 bits, in 1/512 of a crop's pixel: up to 64 pixels either way."""

MIDDLE = 32768.0
"""What stands for no flow in those 16 bits."""

LIGHT = 128.0
"""What stands for no added colour in 8 bits, of which each is one level of 255."""

MARGIN = 2
"""Pixels beyond the patch that cubic interpolation reads."""

LARGEST = 4096
"""Cells of a field's side, pixels of a reference's: positions are fixed-point numbers of 16 + 16 bits."""

Reals = NDArray[np.float32]
Positions = NDArray[np.float64]

i32, u32, u64, f32 = np.int32, np.uint32, np.uint64, np.float32


def draw_mouth(
    frame: Bytes,
    skin: Reals,
    inner: Reals,
    mask: Reals,
    references: Bytes,
    window: tuple[float, float, float],
    size: int,
    affine: Reals,
    opacity: float,
) -> None:
    """Draw a mouth into a frame, in place. Parts outside the frame are left out.

    frame       (H, W, 4) B G R X, contiguous, the mouth at rest; X is kept
    skin        (5, F, F) over the crop: flow x and y in crop pixels, added R G B in [0, 1]
    inner       (10, G, G) over the window: flow x and y of the first and of the second reference, shares of
                both and of the paint (what they leave is skin), R G B of the paint in [0, 1]
    mask        (F, F) share of the drawn mouth, in [0, 1], 0 at the border
    references  (2, R, R, 4) B G R X: pictures of the whole crop, the mouth open
    window      left, top and side of the inner window in crop pixels, from the crop's corner
    size        crop pixels along a side
    affine      (2, 3) from crop pixels to frame pixels; whole numbers are the centres of pixels
    opacity     0 leaves the frame as it is, 1 draws the mouth by its mask

    A flow says where the pixel comes from: at crop pixel p stands what is at p + flow. Fields are sampled
    bilinearly, so are the references; the frame is sampled by cubic convolution (Keys 1981, a = -1/2). Beyond
    their borders all repeat. Within two levels of 255 of exact arithmetic. Raises ValueError for arrays of
    other shapes or types and for an affine map that cannot be inverted.
    """
    pixels = packed_pixels(frame)
    _check(skin, inner, mask, references, affine)
    if opacity <= 0.0:
        return
    forward = affine.astype(np.float64)
    scale = math.sqrt(abs(forward[0, 0] * forward[1, 1] - forward[0, 1] * forward[1, 0]))
    if not 1e-6 < scale < 1e6:  # also false for NaN
        raise ValueError(f"affine map {affine.tolist()} cannot be inverted; rebuild the avatar's track")
    cells, near, pictures = skin.shape[1], inner.shape[1], references.view(np.uint32)[..., 0]
    left, top, width, height = _box(forward.tolist(), size, pixels.shape)
    if width <= 0 or height <= 0:
        return
    shape = height + 2 * MARGIN, width + 2 * MARGIN
    source = np.empty(shape, np.uint64)
    _copy(pixels, left - MARGIN, top - MARGIN, source)
    light, bend = np.empty((cells, cells), np.uint64), np.empty((cells, cells), np.uint64)
    _pack_skin(skin.reshape(5, -1), mask.reshape(-1), light.reshape(-1), bend.reshape(-1))
    within = np.empty((4, near * near), np.uint64)
    _pack_inner(inner.reshape(10, -1), within)
    _draw(
        pixels,
        source,
        left,
        top,
        light,
        bend,
        within,
        pictures,
        _to_cells(forward, cells / size, 0.0, 0.0),
        _to_cells(forward, near / window[2], float(window[0]), float(window[1])),
        _to_cells(forward, pictures.shape[1] / size, 0.0, 0.0),
        forward,
        pictures.shape[1] / size,
        f32(min(opacity, 1.0)),
    )


def _box(forward: list[list[float]], size: int, frame: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, width and height of what a crop covers of a frame (h, w); not above 0 if nothing."""
    ends = -0.5, size - 0.5
    across, down = ([row[0] * x + row[1] * y + row[2] for x in ends for y in ends] for row in forward)
    left, top = max(0, math.ceil(min(across))), max(0, math.ceil(min(down)))
    right, bottom = min(frame[1] - 1, math.floor(max(across))), min(frame[0] - 1, math.floor(max(down)))
    return left, top, right + 1 - left, bottom + 1 - top


@compiled
def _to_cells(forward: Positions, scale: float, left: float, top: float) -> Positions:
    """From frame pixels to cells of a field over part of the crop; whole numbers are the middles of cells.

    By hand: np.linalg wakes BLAS threads, which then spin for a whole core.
    """
    (a, b, x), (c, d, y) = forward
    by = scale / (a * d - b * c)
    back = np.empty((2, 3))
    back[0, 0], back[0, 1], back[0, 2] = d * by, -b * by, (b * y - d * x) * by + (0.5 - left) * scale - 0.5
    back[1, 0], back[1, 1], back[1, 2] = -c * by, a * by, (c * x - a * y) * by + (0.5 - top) * scale - 0.5
    return back


def _check(skin: Reals, inner: Reals, mask: Reals, references: Bytes, affine: Reals) -> None:
    cells, near, side = skin.shape[-1], inner.shape[-1], references.shape[-2]
    wanted = (
        ("skin", skin, np.float32, (5, cells, cells)),
        ("inner", inner, np.float32, (10, near, near)),
        ("mask", mask, np.float32, (cells, cells)),
        ("references", references, np.uint8, (2, side, side, 4)),
        ("affine", affine, np.float32, (2, 3)),
    )
    for name, array, kind, shape in wanted:
        if array.dtype != kind or array.shape != shape or not array.flags.c_contiguous:
            raise ValueError(
                f"{name} is {array.dtype} {array.shape}; contiguous {np.dtype(kind)} {shape} expected"
            )
    for name, length in (("skin", cells), ("inner", near), ("references", side)):
        if not 2 <= length <= LARGEST:
            raise ValueError(f"{name} of {length} x {length}; 2 to {LARGEST} a side expected")


@compiled
def _copy(frame: NDArray[np.uint32], left: int, top: int, source: NDArray[np.uint64]) -> None:
    """Part of a frame, each pixel with its right neighbour in one word; beyond its borders they repeat."""
    height, width = frame.shape
    row = np.empty(source.shape[1] + 1, np.uint32)
    first, last = max(0, -left), min(row.size, width - left)
    for y in range(source.shape[0]):
        line = frame[min(max(top + y, 0), height - 1)]
        row[:first] = line[0]
        row[first:last] = line[left + first : left + last]
        row[last:] = line[width - 1]
        out = source[y]
        for x in range(out.size):
            out[x] = u64(row[x]) | (u64(row[x + 1]) << u64(32))


@compiled
def _pack_skin(skin: Reals, mask: Reals, light: NDArray[np.uint64], bend: NDArray[np.uint64]) -> None:
    """Added B G R and the share, in eight bits each; flow x and y in 16. Each with the next cell."""
    full, unit, middle, zero, most = f32(255.0), f32(FLOW_UNIT), f32(MIDDLE + 0.5), f32(0.0), f32(65535.5)
    half, level, high = f32(0.5), f32(LIGHT + 0.5), f32(255.5)
    flows, lights = np.empty(mask.size + 1, np.uint32), np.empty(mask.size + 1, np.uint32)
    x, y, red, green, blue = skin[0], skin[1], skin[2], skin[3], skin[4]
    for i in range(mask.size):
        p = u32(i32(min(max(x[i] * unit + middle, zero), most)))
        q = u32(i32(min(max(y[i] * unit + middle, zero), most)))
        flows[i] = p | u32(q << u32(16))
        r = u32(i32(min(max(red[i] * full + level, zero), high)))
        g = u32(i32(min(max(green[i] * full + level, zero), high)))
        b = u32(i32(min(max(blue[i] * full + level, zero), high)))
        a = u32(i32(min(max(mask[i] * full + half, zero), high)))
        lights[i] = b | u32(g << u32(8)) | u32(r << u32(16)) | u32(a << u32(24))
    flows[mask.size], lights[mask.size] = u32(0), u32(0)
    for i in range(mask.size):
        bend[i] = u64(flows[i]) | (u64(flows[i + 1]) << u64(32))
        light[i] = u64(lights[i]) | (u64(lights[i + 1]) << u64(32))


@compiled
def _pack_inner(inner: Reals, words: NDArray[np.uint64]) -> None:
    """Two flows in 16 bits, three shares in eight, paint as B G R in eight. Each with the next cell."""
    full, unit, middle, zero, most = f32(255.0), f32(FLOW_UNIT), f32(MIDDLE + 0.5), f32(0.0), f32(65535.5)
    half, high, size = f32(0.5), f32(255.5), inner.shape[1]
    cells = np.zeros((4, size + 1), np.uint32)
    for k in range(2):
        flow_x, flow_y, flows = inner[2 * k], inner[2 * k + 1], cells[k]
        for i in range(size):
            p = u32(i32(min(max(flow_x[i] * unit + middle, zero), most)))
            q = u32(i32(min(max(flow_y[i] * unit + middle, zero), most)))
            flows[i] = p | u32(q << u32(16))
    for k in range(2):
        first, second, third, out = inner[4 + 3 * k], inner[5 + 3 * k], inner[6 + 3 * k], cells[2 + k]
        for i in range(size):
            r = u32(i32(min(max(first[i] * full + half, zero), high)))
            g = u32(i32(min(max(second[i] * full + half, zero), high)))
            b = u32(i32(min(max(third[i] * full + half, zero), high)))
            out[i] = b | u32(g << u32(8)) | u32(r << u32(16))
    for k in range(4):
        line, out64 = cells[k], words[k]
        for i in range(size):
            out64[i] = u64(line[i]) | (u64(line[i + 1]) << u64(32))


@compiled
def _draw(
    frame: NDArray[np.uint32],
    source: NDArray[np.uint64],
    left: int,
    top: int,
    light: NDArray[np.uint64],
    bend: NDArray[np.uint64],
    within: NDArray[np.uint64],
    pictures: NDArray[np.uint32],
    to_skin: Positions,
    to_inner: Positions,
    to_reference: Positions,
    forward: Positions,
    enlarged: float,
    opacity: np.float32,
) -> None:
    """Row after row: light and share, then the bent skin, then what is inside, then all into the frame."""
    height, width = source.shape[0] - 2 * MARGIN, source.shape[1] - 2 * MARGIN
    cells = light.shape[0]
    lights, bends, source_words = light.reshape(-1), bend.reshape(-1), source.reshape(-1)
    near, side = round(math.sqrt(within.shape[1])), pictures.shape[1]
    at, part, words = (
        np.empty(BLOCK, np.uint32),
        np.empty(2 * BLOCK, np.uint32),
        np.empty(8 * BLOCK, np.uint64),
    )
    added, drawn = np.empty(4 * BLOCK, np.float32), np.empty(3 * BLOCK, np.float32)
    flow, share = np.empty(4 * BLOCK, np.float32), np.empty(2 * BLOCK, np.float32)
    for y in range(top, top + height):
        start, end = rows.span(to_skin, y, 0.0, cells - 1.0, left, left + width)
        for x in range(start, end, BLOCK):
            n = min(BLOCK, end - x)
            rows.locate(to_skin, x, y, cells, n, at, part)
            rows.fetch(lights, cells, at, 0, n, words, 0)
            mix.mix_light(words, part, n, opacity, added)
            first, last = rows.seen(added, n)
            if first == last:
                continue
            x, n = x + first, last - first
            rows.fetch(bends, cells, at, first, n, words, 0)
            mix.mix_flow(words, 0, part, first, n, flow, 0)
            rows.bend(flow, n, (x - left + MARGIN, y - top + MARGIN), forward, source.shape, at, share)
            rows.fetch_cubic(source_words, source.shape[1], at, n, words)
            mix.mix_cubic(words, share, n, drawn)
            enter, leave = rows.span(to_inner, y, -0.5, near - 0.5, x, x + n)
            m, ahead = leave - enter, enter - x
            if m > 0:
                rows.locate(to_inner, enter, y, near, m, at, part)
                for field in range(4):
                    rows.fetch(within[field], near, at, 0, m, words, 2 * field)
                mix.mix_flow(words, 0, part, 0, m, flow, 0)
                mix.mix_flow(words, 2, part, 0, m, flow, 2)
                mix.put_paint(words, part, m, share, drawn, ahead)
                for number in range(2):
                    rows.locate_bent(to_reference, enter, y, flow, 2 * number, enlarged, side, m, at, part)
                    rows.fetch_pixels(pictures[number].reshape(-1), side, at, m, words)
                    mix.put_reference(words, part, m, share, number, drawn, ahead)
            mix.blend(drawn, added, first, frame[y, x : x + n])
