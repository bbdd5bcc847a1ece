"""Where a frame's milliseconds go: the functions that do the work, timed while they do it.

The pipeline itself knows of no stopwatch. While one runs, these functions are called through it, which
costs about a microsecond each.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .. import face, turning
from ..clips import Clips
from ..face import Face
from ..features import FeatureExtractor
from ..lips import LipDecoder
from ..mouth import MouthNetwork
from ..pipeline import Pipeline

STAGES: dict[str, tuple[tuple[object, str], ...]] = {
    "decode": ((Clips, "picture"), (Face, "prepare")),
    "features": ((FeatureExtractor, "_measure"),),
    "mouth": ((MouthNetwork, "step"),),
    "lips": ((LipDecoder, "draw"),),
    "blend": ((face, "draw_mouth"), (turning, "cross_fade"), (turning, "morph")),
    "background": ((Clips, "matte"), (Face, "_put_before")),
    "present": ((Pipeline, "_ordered"),),
}
"""Who does the work of each stage: a class or a module, and the name in it.

decode      a frame of the body to B G R X, and cuts to come made ready
background  the matte decoded, and what is behind put in
present     the picture into a buffer of the viewer's, in the viewer's order
"""

REST = "rest"
"""What is in no stage: resampling, choosing frames, passing on."""


class Stopwatch:
    """Milliseconds of each stage, those of a stage within another taken off that one."""

    def __init__(self) -> None:
        self._spent = dict.fromkeys(STAGES, 0.0)
        self._inner: list[float] = []

    @contextmanager
    def running(self) -> Iterator[Stopwatch]:
        """Time every call of the stages' functions, in whatever thread, one at a time."""
        found = [(stage, *place, getattr(*place)) for stage, places in STAGES.items() for place in places]
        for stage, owner, name, function in found:
            setattr(owner, name, self._timed(stage, function))
        try:
            yield self
        finally:
            for _, owner, name, function in found:
                setattr(owner, name, function)

    def lap(self) -> dict[str, float]:
        """Milliseconds since the last lap."""
        lap = {stage: seconds * 1e3 for stage, seconds in self._spent.items()}
        self._spent = dict.fromkeys(STAGES, 0.0)
        return lap

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                took = time.perf_counter() - began
                self._spent[stage] += took - self._inner.pop()
                if self._inner:
                    self._inner[-1] += took

        return timed
