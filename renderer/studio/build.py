"""From a film of a person to an avatar package."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import StudioError
from ..package.manifest import Clip, ClipFiles, Draft, Lips, Transition, Variant
from ..package.writer import write_package
from . import articulation, loops, rest, tracks
from .baking import Donor, bake, take_donors
from .clips import clip_affines, clip_lowest, clip_pictures, write_clip
from .crops import cut, mouth_mask
from .faces import STAGES, Faces, cut_crops, find_faces, sharp_frames
from .footage import Footage, Picture, pictures, probe
from .lips.model import LipModel, quantised
from .lips.network import LATENT
from .lips.training import train_lips
from .loops import Loop
from .options import BuildOptions, id_of, sizes_of
from .poster import open_eyed, write_poster
from .progress import BuildProgress
from .report import BuildReport, last_part, look_at_lips, report
from .work import Arrays, WorkFolder


@dataclass(frozen=True, slots=True)
class Body:
    """The clips, baked and encoded."""

    folder: Path
    loops: dict[str, Loop]
    crops: dict[str, Picture]
    """Shape (frames, size, size, 3) each: the mouth of every clip frame, at rest."""

    drivable: NDArray[np.float32]
    """Shape (n,), of the footage."""


def build_avatar(
    path: Path, target: Path, options: BuildOptions, progress: BuildProgress | None = None
) -> BuildReport:
    """Build the package `target` from the film at `path`.

    Stages that an earlier, interrupted build of the same film finished are taken over. `target` appears
    whole or not at all. Raises StudioError if the film is not fit for it.
    """
    progress = progress or BuildProgress()
    name = id_of(target)
    if not target.parent.is_dir():
        raise StudioError(f"{target.parent}: no such folder to put the avatar in; make it first")
    footage = probe(path)
    progress.expect(_expected_seconds(footage, options))
    work = WorkFolder(path, options.work)

    faces = find_faces(footage, work, progress)
    crops = cut_crops(footage, faces, work, progress)
    lips = learn_lips(crops, faces, options, work, progress)
    body = make_clips(footage, faces, crops, lips, options, work, progress)
    draft = fill_package(footage, faces, lips, body, name, options, progress)
    work.check_footage()
    manifest = write_package(body.folder, draft, target)
    progress.end()
    figures = look_at_lips(lips, crops, faces.weights)
    look = loops.looks(faces.greys, faces.points)
    seen = [name for name, loop in body.loops.items() if loops.seam(look, loop) > loops.VISIBLE]
    work.done()
    return report(footage, target, manifest, figures, options.hold_out, faces.weights, seen, progress.took)


def learn_lips(
    crops: Picture, faces: Faces, options: BuildOptions, work: WorkFolder, progress: BuildProgress
) -> LipModel:
    """The network that draws this person's mouth."""
    progress.begin("learning the lips")
    weights = faces.weights.copy()
    if options.hold_out:
        weights[last_part(weights)] = np.nan
    return train_lips(
        crops,
        weights,
        faces.at_rest,
        work.path("lips-held-out" if options.hold_out else "lips"),
        minutes=options.minutes,
        progress=lambda share, _: progress.advance(share),
    )


def make_clips(
    footage: Footage,
    faces: Faces,
    crops: Picture,
    lips: LipModel,
    options: BuildOptions,
    work: WorkFolder,
    progress: BuildProgress,
) -> Body:
    """Bake the resting mouth in, choose the stretches, close and encode them."""
    progress.begin("making the clips")
    drivable = tracks.drivable(faces.points, _unlike(lips, crops, faces))
    listening, speaking = loops.find_loops(loops.looks(faces.greys, faces.points), 1.0 - drivable)
    chosen = {"listening": listening, "speaking": speaking}
    sizes = sizes_of(options.variants, footage.width, footage.height)
    plan = rest.plan_rest(faces.points, faces.weights, faces.affine, drivable, sharp_frames(crops))
    folder = work.path("clips", stages=STAGES, sizes=sizes, loops=chosen, plan=rest.fingerprint(plan))

    donors: list[Donor] = []
    baked: dict[str, Picture] = {}
    total = sum(loop.end for loop in chosen.values())
    done = 0
    for name, loop in chosen.items():

        def encode(name: str = name, loop: Loop = loop, done: int = done) -> Arrays:
            donors[:] = donors or take_donors(pictures(footage), plan, faces.points)
            files = {folder / variant / f"{name}.mp4": size for variant, size in sizes.items()}
            at = clip_affines(faces.affine, loop)
            frames = (
                (
                    frame,
                    bake(picture, frame, plan, donors, faces.points) if loop.shows(frame) else picture,
                )
                for frame, picture in enumerate(pictures(footage))
            )
            mouths = []
            for number, picture in enumerate(write_clip(clip_pictures(frames, loop), files)):
                mouths.append(cut(picture, at[number]))
                progress.advance((done + loop.start + number) / total)
            return {"crops": np.stack(mouths)}

        baked[name] = np.asarray(work.arrays(f"{folder.name}/{name}", encode)["crops"], np.uint8)
        done += loop.end
    return Body(folder, chosen, baked, drivable)


def fill_package(
    footage: Footage,
    faces: Faces,
    lips: LipModel,
    body: Body,
    name: str,
    options: BuildOptions,
    progress: BuildProgress,
) -> Draft:
    """Everything else that belongs into the package, written into the clips' folder."""
    progress.begin("filling the package")
    lips.export(body.folder / "lips.onnx")
    mask = mouth_mask(body.crops["listening"].shape[1])
    np.savez(body.folder / "lips.mask.npz", mask=mask)
    sizes = sizes_of(options.variants, footage.width, footage.height)
    latents = {}
    for clip, loop in body.loops.items():
        latents[clip] = lips.encode(body.crops[clip])
        values, scale = quantised(latents[clip])
        np.savez(body.folder / f"{clip}.latent.npz", latent=values, scale=scale)
        drawn = lips.draw(np.zeros((loop.frames, faces.weights.shape[1]), np.float32), latents[clip])
        colours = tracks.colour(drawn, body.crops[clip], mask)
        for variant, (width, _) in sizes.items():
            tracks.write_track(
                body.folder / variant / f"{clip}.track.npz",
                tracks.scaled(clip_affines(faces.affine, loop), width / footage.width),
                colours,
                clip_lowest(body.drivable, loop),
            )
    first = next(iter(sizes))
    shown = open_eyed(faces.points[body.loops["listening"].start : body.loops["listening"].end])
    write_poster(body.folder / "poster.jpg", body.folder / first / "listening.mp4", shown)
    look = loops.looks(faces.greys, faces.points)
    return Draft(
        id=name,
        name=options.name or name.replace("-", " ").replace("_", " ").title()[:50],
        kind=options.kind,  # type: ignore[arg-type]
        licence=options.licence,
        consent=options.consent,
        made_with=f"avatar-renderer {version('avatar-renderer')}",
        clips={
            "listening": _clip("listening", body.loops["listening"]),
            "speaking": _clip("speaking", body.loops["speaking"]),
        },
        variants={
            variant: Variant(
                width=width,
                height=height,
                clips={
                    clip: ClipFiles(video=f"{variant}/{clip}.mp4", track=f"{variant}/{clip}.track.npz")
                    for clip in body.loops
                },
            )
            for variant, (width, height) in sizes.items()
        },
        mouth=articulation.measure_mouth(faces.weights),
        lips=Lips(size=len(mask), latent=LATENT),
        transitions=tuple(
            Transition(source=a, target=b, pairs=loops.find_exits(look, body.loops[a], body.loops[b]))
            for a, b in (("listening", "speaking"), ("speaking", "listening"))
        ),
    )


def _clip(role: str, loop: Loop) -> Clip:
    return Clip(role=role, frames=loop.frames, loops=True, latent=f"{role}.latent.npz")  # type: ignore[arg-type]


def _unlike(lips: LipModel, crops: Picture, faces: Faces) -> NDArray[np.float64]:
    """Mean difference between the filmed mouth and the drawn one, shape (n,); 0 where there is no face."""
    inside = mouth_mask(crops.shape[1]) > 0.9
    unlike = np.zeros(len(crops))
    for some in np.array_split(np.flatnonzero(faces.found), max(1, len(crops) // 64)):
        drawn = lips.draw(faces.weights[some], lips.encode(crops[some]))
        unlike[some] = np.abs(drawn.astype(np.float32) - crops[some])[:, inside].mean(axis=(1, 2)) / 255
    return unlike


def _expected_seconds(footage: Footage, options: BuildOptions) -> dict[str, float]:
    """What the stages may take, from builds on two cores at 2.45 GHz."""
    frames = footage.duration * 25
    return {
        "finding the face": 0.02 * frames,
        "cutting out the mouth": 0.012 * frames,
        "learning the lips": 60.0 * options.minutes,
        "making the clips": (0.04 + 0.06 * len(options.variants)) * min(frames, 1300),
        "filling the package": 10.0,
    }
