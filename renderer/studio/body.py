"""The clips of an avatar: baked, closed and encoded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .baking import Donor, bake, take_donors
from .clips import ENCODER, MATTE, MOST_BITS, clip_affines, clip_pictures, write_clip
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
    crops: dict[str, Picture]
    """Shape (frames, size, size, 3) each: the mouth of every clip frame, at rest."""

    drivable: NDArray[np.float32]
    """Shape (n,), of the footage."""


def close_mouths(
    footage: Footage, faces: Faces, plan: RestPlan, work: WorkFolder, progress: BuildProgress
) -> Picture:
    """The mouth of every frame at rest, as clips will show it, shape (n, size, size, 3)."""
    progress.begin("closing the mouth")

    def close_all() -> Arrays:
        donors = take_donors(pictures(footage), plan, faces.points)
        frames = progress.over(enumerate(pictures(footage)), len(faces.affine))
        pairs = zip(frames, faces.affine, strict=False)
        return {"crops": np.stack([cut(bake(p, n, plan, donors, faces.points), at) for (n, p), at in pairs])}

    made_of = {"plan": fingerprint(plan), **made_from(footage)}
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
) -> Body:
    """Bake the resting mouth in, close the clips, and encode them in every variant."""
    progress.begin("making the clips")
    has_matte = footage.matte is not None
    encoder = (ENCODER, MOST_BITS, MATTE if has_matte else None)
    made_of = {"views": views, "segments": segments, "plan": fingerprint(plan), "encoder": encoder}
    folder = work.path("clips", stages=STAGES, **made_of, **made_from(footage))
    donors: list[Donor] = []
    baked: dict[str, Picture] = {}
    total = sum(segment.loop.end for segment in segments)
    done = 0
    for segment in segments:
        name, loop = segment.name, segment.loop

        def encode(segment: Segment = segment, done: int = done) -> Arrays:
            name, loop = segment.name, segment.loop
            donors[:] = donors or take_donors(pictures(footage), plan, faces.points)
            files = {folder / variant / f"{name}.mp4": view for variant, view in views.items()}
            at = clip_affines(faces.affine, loop)
            shown = rgba(footage) if has_matte else pictures(footage)
            frames = (
                (
                    frame,
                    _baked(picture, frame, plan, donors, faces) if loop.shows(frame) else picture,
                )
                for frame, picture in enumerate(shown)
            )
            mouths = []
            written = write_clip(clip_pictures(frames, loop), files, has_matte)
            for number, picture in enumerate(written):
                mouths.append(cut(picture, at[number]))
                progress.advance((done + loop.start + number) / total)
            return {"crops": np.stack(mouths)}

        baked[name] = np.asarray(work.arrays(f"{folder.name}/{name}", encode)["crops"], np.uint8)
        done += loop.end
    return Body(folder, segments, baked, drivable)


def made_from(footage: Footage) -> dict[str, str]:
    """What a stage depends on that sees a film's colours, besides the film itself."""
    return {} if footage.matte is None else {"person": footage.path.name}


def _baked(picture: Picture, frame: int, plan: RestPlan, donors: list[Donor], faces: Faces) -> Picture:
    """A picture of the film with the resting mouth; an opacity beside its colours stays what it is."""
    colours = bake(np.ascontiguousarray(picture[..., :3]), frame, plan, donors, faces.points)
    return colours if picture.shape[2] == 3 else np.dstack([colours, picture[..., 3]])
