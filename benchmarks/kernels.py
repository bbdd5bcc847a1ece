"""The pixel loops at 720p, beside their NumPy twins, and beside OpenCV where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from renderer import kernels
from renderer.kernels import twins

from .timing import Timing, time_call

WIDTH, HEIGHT = 1280, 720
MOUTH = 128
"""Side of the mouth crop, in its own pixels."""


@dataclass(frozen=True, slots=True)
class Case:
    """One job, done three ways."""

    name: str
    kernel: Callable[[], object]
    twin: Callable[[], object]
    opencv: Callable[[], object] | None
    is_guarded: bool = True
    """Whether guard.py holds it to its vectors."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a case took."""

    name: str
    kernel: Timing
    twin: Timing
    opencv: Timing | None

    @property
    def ratio(self) -> float:
        """How many times faster than the twin."""
        return self.twin.best / self.kernel.best

    def facts(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {**asdict(self), "ratio": self.ratio}


def run(quick: bool) -> Iterator[Result]:
    """Time every case; quickly, a second for all of them."""
    seconds = 0.1 if quick else 1.0
    for case in cases():
        yield Result(
            case.name,
            time_call(case.kernel, seconds),
            time_call(case.twin, seconds / 2, least=3),
            time_call(case.opencv, seconds) if case.opencv is not None else None,
        )


def cases() -> list[Case]:
    """The jobs of a 720p frame, on random pixels."""
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 256, (2, HEIGHT, WIDTH, 4), np.uint8)
    cut = a.copy()
    out, three = np.empty_like(a), np.empty((HEIGHT, WIDTH, 3), np.uint8)
    y = rng.integers(16, 236, (HEIGHT, WIDTH), np.uint8)
    u, v = rng.integers(16, 241, (2, HEIGHT // 2, WIDTH // 2), np.uint8)
    screen = np.empty((1080, 1920, 4), np.uint8)
    cv = _OpenCV(a, b, np.vstack([y, u.reshape(-1, WIDTH), v.reshape(-1, WIDTH)]), out, three, screen)

    def mouth(module: Any, side: int) -> Callable[[], object]:
        size, turn, cells = side / MOUTH, 0.1, 64
        c, s = size * np.cos(turn), size * np.sin(turn)
        place = np.array([[c, -s, 560], [s, c, 400]], np.float32)
        skin, inner = (rng.random((count, cells, cells), np.float32) / 4 for count in (5, 10))
        references = rng.integers(0, 256, (2, 3 * side // 2, 3 * side // 2, 4), np.uint8)
        y, x = (np.mgrid[:cells, :cells] + 0.5) / cells - 0.5
        mask = ((x / 0.44) ** 2 + (y / 0.38) ** 2 < 1).astype(np.float32)
        window = MOUTH / 4, 3 * MOUTH / 16, MOUTH / 2
        return lambda: module.draw_mouth(a, skin, inner, mask, references, window, MOUTH, place, 1.0)

    def behind(module: Any) -> None:
        module.set_opacity(y, cut)  # every pixel is mixed: the most it can cost
        module.composite(cut, b)

    return [
        Case("mouth, 130 px", mouth(kernels, 130), mouth(twins, 130), None),
        Case("mouth, 200 px", mouth(kernels, 200), mouth(twins, 200), None),
        Case("mouth, 64 px", mouth(kernels, 64), mouth(twins, 64), None, is_guarded=False),
        Case(
            "cross-fade",
            lambda: kernels.cross_fade(a, b, 0.3, out),
            lambda: twins.cross_fade(a, b, 0.3, out),
            cv.job("fade"),
        ),
        Case(
            "matte over background",
            lambda: behind(kernels),
            lambda: behind(twins),
            None,
        ),
        Case(
            "YUV 4:2:0 to B G R X",
            lambda: kernels.yuv420_to_bgrx(y, u, v, out),
            lambda: twins.yuv420_to_bgrx(y, u, v, out),
            cv.job("yuv"),
        ),
        Case(
            "B G R A to R G B",
            lambda: kernels.bgra_to_rgb(a, three),
            lambda: twins.bgra_to_rgb(a, three),
            cv.job("rgb"),
        ),
        Case(
            "scale 720p to 1080p",
            lambda: kernels.scale(a, screen, 0, 0, 1920, 1080),
            lambda: twins.scale(a, screen, 0, 0, 1920, 1080),
            cv.job("scale"),
        ),
    ]


class _OpenCV:
    """The same jobs with OpenCV on one thread, where it is installed. The project does not need it."""

    def __init__(self, a: Any, b: Any, yuv: Any, out: Any, three: Any, screen: Any) -> None:
        self._jobs: dict[str, Callable[[], object]] = {}
        try:
            import cv2
        except ImportError:
            return
        cv2.setNumThreads(1)
        self._jobs = {
            "fade": lambda: cv2.addWeighted(a, 0.7, b, 0.3, 0, dst=out),
            "yuv": lambda: cv2.cvtColor(yuv, cv2.COLOR_YUV2BGRA_I420, dst=out),
            "rgb": lambda: cv2.cvtColor(a, cv2.COLOR_BGRA2RGB, dst=three),
            "scale": lambda: cv2.resize(a, (1920, 1080), dst=screen, interpolation=cv2.INTER_LINEAR),
        }

    def job(self, name: str) -> Callable[[], object] | None:
        return self._jobs.get(name)
