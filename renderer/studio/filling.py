"""Everything but the clips' pictures that belongs into a package."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from ..package.manifest import Clip, ClipFiles, Draft, Lips, References, Variant
from . import articulation, tracks
from .body import Body
from .clips import clip_affines, clip_lowest, matte_path
from .exits import transitions
from .faces import Faces
from .footage import Footage
from .lips.export import export_mask
from .lips.fields import CELLS, window
from .lips.model import LipModel
from .lips.references import cut_references
from .loops import looks
from .matte.colours import NEUTRAL
from .options import BuildOptions
from .poster import open_eyed, write_poster
from .variants import View

UHD = 2160
"""Short side of a variant that makes an avatar one in 4K."""


def fill_package(
    footage: Footage,
    faces: Faces,
    lips: LipModel,
    body: Body,
    mask: NDArray[np.float32],
    views: dict[str, View],
    name: str,
    options: BuildOptions,
) -> Draft:
    """Write the rest of the package into the clips' folder, and say what is in it.

    `mask`, shape (size, size), is the share of a drawn mouth that is shown.
    """
    lips.export(body.folder / "lips.onnx")
    export_mask(body.folder / "lips.mask.npz", mask)
    references = cut_references(footage, faces.affine, lips.references, views)
    for variant, pictures in references.items():
        np.savez_compressed(body.folder / variant / "references.npz", pictures=pictures)
    has_matte = footage.matte is not None
    for segment in body.segments:
        clip, loop = segment.name, segment.loop
        for variant, view in views.items():
            tracks.write_track(
                body.folder / variant / f"{clip}.track.npz",
                view.track(clip_affines(faces.affine, loop)),
                clip_lowest(body.drivable, loop),
            )
    shown = next(segment for segment in body.segments if segment.role == "listening")
    eyes = open_eyed(faces.points[shown.loop.start : shown.loop.end])
    first = body.folder / next(iter(views)) / f"{shown.name}.mp4"
    write_poster(body.folder / "poster.jpg", first, eyes, matte_path(first) if has_matte else None)
    return Draft(
        id=name,
        name=options.name or name.replace("-", " ").replace("_", " ").title()[:50],
        kind="4k" if max(min(view.width, view.height) for view in views.values()) >= UHD else options.kind,  # type: ignore[arg-type]
        licence=options.licence,
        consent=options.consent,
        made_with=f"avatar-renderer {version('avatar-renderer')}",
        clips={
            segment.name: Clip(
                role=segment.role,
                frames=segment.loop.frames,
                loops=segment.closes,
            )
            for segment in body.segments
        },
        variants={
            variant: Variant(
                width=view.width,
                height=view.height,
                clips={
                    segment.name: ClipFiles(
                        video=f"{variant}/{segment.name}.mp4",
                        track=f"{variant}/{segment.name}.track.npz",
                        alpha=f"{variant}/{segment.name}.alpha.mp4" if has_matte else None,
                    )
                    for segment in body.segments
                },
                references=References(file=f"{variant}/references.npz", side=references[variant].shape[1]),
            )
            for variant, view in views.items()
        },
        background="#{:02x}{:02x}{:02x}".format(*NEUTRAL) if has_matte else None,
        mouth=articulation.measure_mouth(faces.weights),
        lips=Lips(size=len(mask), cells=CELLS, window=window(len(mask))),
        transitions=transitions(looks(faces.greys, faces.points), body.segments),
    )
