"""The recordings the base lip network learns from, as mouth crops."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from renderer.studio.crops import cut, track_crops
from renderer.studio.landmarks import find_faces
from renderer.studio.lips.fields import OPEN_REFERENCES, as_tensor
from renderer.studio.lips.recording import GAP, Batch, Recording
from renderer.studio.mouthspace import resting, to_weights, without_pose

GRID_CLIPS = 60
"""Sentences of the GRID speaker with a thousand; more of the same man teaches little."""

APART = 8
"""References are at least this many frames away from the frame to be drawn, lest it be copied."""

LATENT_FROM_NEIGHBOUR = 0.4
"""Share of the examples told the light and pose of another frame: they must not give away the mouth."""

REACH = 7
"""Which is up to this many frames away ..."""

ALIKE = 1.0
"""... and whose surroundings of the mouth differ by at most this much, in grey levels of 255."""

NEVER_OPENS = 0.3
"""Share of the examples whose references are all at rest: the network must know teeth by itself."""


@dataclass
class Someone:
    """All recordings of one person."""

    name: str
    recordings: list[Recording]


def load_people(data: Path, cache: Path) -> list[Someone]:
    """Everybody in `data`/av/{talk,grid_s1,grid_other}; crops are kept in `cache`."""
    talk = sorted((data / "av" / "talk").iterdir())
    s1 = sorted((data / "av" / "grid_s1").glob("*.mp4"))
    chosen = s1[:: max(1, len(s1) // GRID_CLIPS)][:GRID_CLIPS]
    others = sorted((data / "av" / "grid_other").glob("*.mp4"))
    people = [Someone(path.stem, [_recording(path, cache)]) for path in [*talk, *others]]
    return [*people, Someone("s1", [_recording(path, cache) for path in chosen])]


def _recording(path: Path, cache: Path) -> Recording:
    kept = cache / f"{path.parent.name}__{path.stem}.npz"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with av.open(str(path)) as film:
            pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        points, _ = find_faces(pictures)
        track = track_crops(points)
        crops = np.stack([cut(p, a) for p, a in zip(pictures, track.affine, strict=True)])
        np.savez(kept, crops=crops, points=points)
    with np.load(kept) as file:
        points = file["points"]
        return Recording(file["crops"], to_weights(points), resting(without_pose(points)))


def draw_people(people: list[Someone], size: int, chance: np.random.Generator) -> tuple[Batch, Tensor]:
    """A batch over many people, each as likely as the square root of what there is of them.

    With it the frames that tell light and pose, (size, 3, ., .).
    """
    amount = np.sqrt([sum(len(r.usable) for r in someone.recordings) for someone in people])
    rows = [_example(people[i], chance) for i in chance.choice(len(people), size, p=amount / amount.sum())]
    weights = torch.from_numpy(np.stack([row[0] for row in rows]))
    pictures = as_tensor(np.concatenate([row[1] for row in rows]))
    pictures = pictures.reshape(size, (3 + OPEN_REFERENCES) * 3, *pictures.shape[-2:])
    pictures = _varied(pictures, chance)
    target, around, rest, opened = pictures.split([3, 3, 3, 3 * OPEN_REFERENCES], dim=1)
    return Batch(weights, target, rest, opened), around


def _example(someone: Someone, chance: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Weights of one frame, and the frame, its latent's frame and the references, (5, size, size, 3)."""
    recording = someone.recordings[chance.integers(len(someone.recordings))]
    frame = int(chance.choice(recording.usable))
    around = _neighbour(recording, frame, chance) if chance.random() < LATENT_FROM_NEIGHBOUR else frame
    far = recording.usable[np.abs(recording.usable - frame) >= APART]
    closed = far[recording.rest[far]]
    if not len(closed):
        closed = recording.usable[recording.rest[recording.usable]]
    rest = int(chance.choice(closed))
    opened = [rest] * OPEN_REFERENCES
    if chance.random() > NEVER_OPENS and len(far) > 20:
        # the first shows teeth between half open lips, the second the open mouth, as `references` picks them
        by_gap = far[np.argsort(recording.weights[far, GAP])]
        top = by_gap[-max(3, len(by_gap) // 12) :]
        middle = by_gap[len(by_gap) // 2 :]
        middle = middle[np.argsort(recording.weights[middle, 3])][-max(3, len(middle) // 4) :]
        opened = [int(chance.choice(middle)), int(chance.choice(top))]
    return recording.weights[frame], recording.crops[[frame, around, rest, *opened]]


def _neighbour(recording: Recording, frame: int, chance: np.random.Generator) -> int:
    """A frame near by whose surroundings look the same, whatever its mouth does."""
    other = int(np.clip(frame + chance.integers(-REACH, REACH + 1), 0, len(recording.crops) - 1))
    alike = np.abs(recording.seen[other] - recording.seen[frame]).mean() < ALIKE
    return other if alike else frame


def _varied(pictures: Tensor, chance: np.random.Generator) -> Tensor:
    """Other colours, mirrored, shifted, turned and scaled: as if there were more people; alike in a row."""
    batch = len(pictures)

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return torch.from_numpy(chance.uniform(low, high, (batch, *shape)).astype(np.float32))

    scale, turn = uniform(0.92, 1.08), uniform(-0.09, 0.09)
    mirror = torch.from_numpy(np.where(chance.random(batch) < 0.5, -1.0, 1.0).astype(np.float32))
    affine = torch.zeros(batch, 2, 3)
    affine[:, 0, 0], affine[:, 0, 1] = scale * turn.cos() * mirror, -scale * turn.sin()
    affine[:, 1, 0], affine[:, 1, 1] = scale * turn.sin() * mirror, scale * turn.cos()
    affine[:, :, 2] = uniform(-0.06, 0.06, 2)
    grid = F.affine_grid(affine, list(pictures.shape), align_corners=False)
    moved = F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    gamma = uniform(0.75, 1.3)[:, None, None, None]
    gain = uniform(0.8, 1.1, 3).repeat(1, pictures.shape[1] // 3)[:, :, None, None]
    return (moved.clamp(1e-3, 1) ** gamma * gain).clamp(0, 1)
