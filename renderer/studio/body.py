"""The clips of an avatar: baked, closed and encoded."""

from __future__ import annotations

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from .baking import Donor, bake, measure_light, take_donors
from .clips import ENCODER, MATTE, MOST_BITS, clip_pictures, write_clip
from .crops import cut
from .faces import STAGES, Faces
from .footage import Footage, Picture, pictures
from .matte.cutout import rgba
from .progress import BuildProgress
from .rest import RestPlan, fingerprint
from .segments import Segment
from .variants import View
from .work import Arrays, WorkFolder


@dataclass(frozen=True, slots=True)
class Body:
    """The clips, baked and encoded."""

    folder: Path
    segments: list[Segment]
    drivable: NDArray[np.float32]
    """Shape (n,), of the footage."""


def match_light(
    footage: Footage, faces: Faces, plan: RestPlan, work: WorkFolder, progress: BuildProgress
) -> RestPlan:
    """The plan, with the light that the carried mouth needs in every frame."""
    progress.begin("matching the light")

    def measure() -> Arrays:
        donors = take_donors(pictures(footage), plan, faces.points)
        frames = progress.over(pictures(footage), len(faces.affine))
        return {"light": measure_light(frames, plan, donors, faces.points)}

    made_of = {"plan": fingerprint(plan), **made_from(footage)}
    return replace(plan, light=work.arrays("light", measure, **made_of)["light"])


def close_mouths(
    footage: Footage, faces: Faces, plan: RestPlan, work: WorkFolder, progress: BuildProgress
) -> Picture:
    """The mouth of every frame at rest, as clips will show it, shape (n, size, size, 3)."""
    progress.begin("closing the mouth")

    def close_all() -> Arrays:
        donors = take_donors(pictures(footage), plan, faces.points)
        frames = progress.over(enumerate(pictures(footage)), len(faces.affine))
        pairs = zip(frames, faces.affine, strict=False)
        closed = ((bake(picture, n, plan, donors, faces.points), at) for (n, picture), at in pairs)
        return {"crops": np.stack([cut(picture, at, sharpened=sharp) for picture, at in closed])}

    sharp = faces.sharpened
    made_of = {"plan": fingerprint(plan), "sharp": sharp, **made_from(footage)}
    return np.asarray(work.arrays("resting", close_all, **made_of)["crops"], np.uint8)


def make_clips(
    footage: Footage,
    faces: Faces,
    segments: list[Segment],
    plan: RestPlan,
    drivable: NDArray[np.float32],
    views: dict[str, View],
    work: WorkFolder,
    progress: BuildProgress,
    jobs: int,
) -> Body:
    """Bake the resting mouth in, close the clips, and encode them in every variant, `jobs` at a time."""
    progress.begin("making the clips")
    has_matte = footage.matte is not None
    encoder = (ENCODER, MOST_BITS, MATTE if has_matte else None)
    made_of: dict[str, object] = {
        "views": views,
        "segments": segments,
        "plan": fingerprint(plan),
        "encoder": encoder,
    }
    folder = work.path("clips", stages=STAGES, **made_of, **made_from(footage))
    stages = {segment.name: f"{folder.name}/{segment.name}" for segment in segments}
    donors: list[Donor] = []
    lending = Lock()
    done = {segment.name: 0 for segment in segments}
    total = sum(segment.loop.end for segment in segments)
    stopped = Event()

    def encode(segment: Segment) -> Arrays:
        name, loop = segment.name, segment.loop
        with lending:
            donors[:] = donors or take_donors(pictures(footage), plan, faces.points)
        files = {folder / variant / f"{name}.mp4": view for variant, view in views.items()}
        shown = rgba(footage) if has_matte else pictures(footage)
        frames = (
            (
                frame,
                _baked(picture, frame, plan, donors, faces) if loop.shows(frame) else picture,
            )
            for frame, picture in enumerate(shown)
        )
        for number in write_clip(clip_pictures(frames, loop), files, has_matte):
            if stopped.is_set():
                raise KeyboardInterrupt  # another clip failed, or somebody pressed Ctrl-C
            done[name] = loop.start + number
            progress.advance(sum(done.values()) / total)
        return {"frames": np.array(loop.frames)}

    def make(segment: Segment) -> None:
        work.arrays(stages[segment.name], lambda: encode(segment))
        done[segment.name] = segment.loop.end

    with ThreadPoolExecutor(jobs, "clips") as pool:
        making = {segment.name: pool.submit(make, segment) for segment in segments}
        try:
            wait(making.values(), return_when=FIRST_EXCEPTION)
            failed = [error for some in making.values() if some.done() and (error := some.exception())]
            if failed:
                raise failed[0]
        finally:
            stopped.set()
            pool.shutdown(cancel_futures=True)
    return Body(folder, segments, drivable)


def made_from(footage: Footage) -> dict[str, str]:
    """What a stage depends on that sees a film's colours, besides the film itself."""
    return {} if footage.matte is None else {"person": footage.path.name}


def _baked(picture: Picture, frame: int, plan: RestPlan, donors: list[Donor], faces: Faces) -> Picture:
    """A picture of the film with the resting mouth; an opacity beside its colours stays what it is."""
    colours = bake(np.ascontiguousarray(picture[..., :3]), frame, plan, donors, faces.points)
    return colours if picture.shape[2] == 3 else np.dstack([colours, picture[..., 3]])
