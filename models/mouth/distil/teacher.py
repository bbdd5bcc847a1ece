"""The teacher: a mouth for every voice, learned from few filmed people through a listener that knows many.

    python -m models.mouth.distil.teacher [--name all] [--without strangers]

From what the listener heard to mouth weights: a small network over 5 ticks to either side, which hears the
future and is too large to run in an avatar. It learns from filmed sentences and then says how mouths move in
the hours of speech nobody filmed, from which the network of avatars learns.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from renderer.features import extract
from renderer.studio.mouthspace import WEIGHTS

from ..blendshapes import DRAWN, blendshapes
from ..measure import measure, typical, with_landmarks
from ..recordings import DATA, FILMED, WORK, filmed, judged, sound, spoken
from ..scores import closure_recall, correlation
from ..speech import rest_in_silence, voice
from .listener import SIZE, listen

IMPORTANCE = (1.0, 2.0, 1.0, 1.5, 1.0, 1.0, 0.7, 0.5, 0.7, 0.7)
"""Of each weight in the loss."""

LATE = {
    "talk__pose_source2": -3, "talk__retalk_1": 1, "talk__retalk_2": -1, "talk__retalk_5": 1,
    "talk__syncnet_example": 3, "talk__uncrop_Obama": -6, "grid_other__lrwp9a": -1,
}  # fmt: skip
"""Ticks the picture is behind the sound, as models.mouth.evaluate finds it; 0 where not named."""

SHARES = {"grid_s1": 0.55, DRAWN: 0.15, "grid_other": 0.06, "talk": 0.24}
"""Of each group in a batch."""

TICKS, BATCH, STEPS = 75, 24, 1300
MEMBERS = 2
"""Networks whose mean is the teacher."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One filmed recording, sound and picture in step."""

    name: str
    heard: NDArray[np.float16]
    """Shape (n, 1024)."""

    weights: NDArray[np.float32]
    """Shape (n, 10), NaN where unknown; as strong as the typical speaker's."""


class Teacher(nn.Module):
    """Heard (batch, ticks, 1024) to weights (batch, ticks, 10)."""

    def __init__(self, width: int = 96, dropout: float = 0.3) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(SIZE)
        self.front = nn.Linear(SIZE, width)
        self.drop = nn.Dropout(dropout)
        self.wide = nn.Conv1d(width, width, 7, padding=3)
        self.wider = nn.Conv1d(width, width, 5, padding=2)
        self.last = nn.Conv1d(width, len(WEIGHTS), 1)

    def forward(self, heard: Tensor) -> Tensor:
        x = self.drop(functional.relu(self.front(self.drop(self.norm(heard))))).transpose(1, 2)
        x = self.drop(functional.relu(self.wide(x)))
        x = x + functional.relu(self.wider(x))
        said: Tensor = self.last(x).transpose(1, 2)
        return said


def lessons(group: str, data: Path, work: Path) -> list[Lesson]:
    """A group's filmed (or drawn) recordings and what is heard in them; not the kept sentences of grid_s1."""
    if group == DRAWN:
        recordings = spoken(data, group)
        rows = {one.name: weights for one in recordings if (weights := blendshapes(one.path)) is not None}
    else:
        recordings = with_landmarks(filmed(data, group), work)
        measured = measure(recordings, work)
        rows = {
            one.recording.name: one.weights for one in (typical(measured) if group == "grid_s1" else measured)
        }
    heard = listen(group, spoken(data, group) if group == DRAWN else filmed(data, group), work)
    kept = judged(list(rows)) if group == "grid_s1" else set()
    made = []
    for recording in recordings:
        if recording.name not in rows or recording.name in kept:
            continue
        weights = in_step(rows[recording.name], LATE.get(recording.name, 0))
        if group == "grid_s1":
            weights = rest_in_silence(weights, _voiced(recording.path, len(weights)))
        elif group != DRAWN:
            weights = weights / np.maximum(np.nanstd(weights, axis=0), 0.3)
        n = min(len(weights), len(heard[recording.name]))
        made.append(Lesson(recording.name, heard[recording.name][:n], weights[:n].astype(np.float32)))
    return made


def in_step(weights: NDArray[np.float32], late: int) -> NDArray[np.float32]:
    """Weights moved to their sound; NaN where the picture has none."""
    moved = np.full_like(weights, np.nan)
    n = len(weights) - abs(late)
    moved[max(0, -late) : max(0, -late) + n] = weights[max(0, late) : max(0, late) + n]
    return moved


def teach(groups: dict[str, list[Lesson]], seed: int) -> Teacher:
    """One member of the teacher."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    groups = {group: found for group, found in groups.items() if found}
    share = np.array([SHARES[group] for group in groups])
    importance = torch.tensor(IMPORTANCE)
    network = Teacher()
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, STEPS)
    for _ in range(STEPS):
        heard = np.zeros((BATCH, TICKS, SIZE), np.float32)
        wanted = np.full((BATCH, TICKS, len(WEIGHTS)), np.nan, np.float32)
        for row, number in enumerate(random.choice(len(share), BATCH, p=share / share.sum())):
            found = list(groups.values())[number]
            length = np.array([len(one.heard) for one in found], float)
            one = found[int(random.choice(len(found), p=length / length.sum()))]
            first = int(random.integers(0, max(1, len(one.heard) - TICKS + 1)))
            n = min(TICKS, len(one.heard) - first)
            heard[row, :n], wanted[row, :n] = one.heard[first : first + n], one.weights[first : first + n]
        target = torch.from_numpy(wanted)
        known = torch.isfinite(target)
        target = torch.nan_to_num(target)
        said = network(torch.from_numpy(heard))
        error = functional.smooth_l1_loss(said, target, reduction="none") * importance
        both = known[:, 1:] & known[:, :-1]
        motion = (said.diff(dim=1) - target.diff(dim=1)).square() * importance
        loss = (error * known).sum() / known.sum() + 0.5 * (motion * both).sum() / both.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    network.eval()
    return network


def say(members: list[Teacher], heard: NDArray[np.float16]) -> NDArray[np.float32]:
    """The mean of what the members say, shape (n, 10)."""
    with torch.no_grad():
        rows = torch.from_numpy(heard.astype(np.float32))[None]
        said = torch.stack([member(rows)[0] for member in members]).mean(dim=0)
    return np.asarray(said.numpy(), np.float32)


def load(work: Path, name: str) -> list[Teacher]:
    """The members of a teacher made before."""
    members = []
    for weights in torch.load(work / "teachers" / f"{name}.pt", weights_only=True):
        member = Teacher()
        member.load_state_dict(weights)
        members.append(member.eval())
    return members


def seen(work: Path, name: str) -> set[str]:
    """Names of the strangers (talk and grid_other) that a teacher learned from."""
    return set((work / "teachers" / f"{name}.txt").read_text().split())


def _voiced(path: Path, ticks: int) -> NDArray[np.float32]:
    heard = voice(extract(sound(path))[1])
    return np.asarray(np.pad(heard, (0, max(0, ticks - len(heard))))[:ticks], np.float32)


def judge(members: list[Teacher], unseen: list[Lesson]) -> None:
    """Print how like the filmed ones the mouths of people never learned from are."""
    gap, width = WEIGHTS.index("lip_gap"), WEIGHTS.index("width")
    for one in unseen:
        said = say(members, one.heard)
        known = np.isfinite(one.weights[:, gap])
        found, every = closure_recall(said[known, gap], one.weights[known, gap])
        print(
            f"{one.name:28} gap {correlation(said[:, gap], one.weights[:, gap]):.2f} "
            f"width {correlation(said[:, width], one.weights[:, width]):.2f} closures {found}/{every}"
        )


def main() -> None:
    """Make a teacher, and judge it by the recordings it was kept from."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--name", default="all")
    parser.add_argument(
        "--without", choices=("nobody", "strangers", "odd", "even"), default="nobody",
        help="whom to learn nothing from: all of talk and grid_other, or every second of them",
    )  # fmt: skip
    options = parser.parse_args()
    torch.set_num_threads(1)
    groups = {group: lessons(group, options.data, options.work) for group in (*FILMED, DRAWN)}
    unseen: list[Lesson] = []
    for group in ("grid_other", "talk"):
        every = groups[group]
        hidden = {"nobody": [], "strangers": every, "odd": every[1::2], "even": every[::2]}[options.without]
        groups[group] = [one for one in every if all(one is not other for other in hidden)]
        unseen += hidden
    members = [teach(groups, seed) for seed in range(MEMBERS)]
    place = options.work / "teachers" / f"{options.name}.pt"
    place.parent.mkdir(parents=True, exist_ok=True)
    torch.save([member.state_dict() for member in members], place)
    learned = (one.name for group in ("grid_other", "talk") for one in groups[group])
    place.with_suffix(".txt").write_text(" ".join(learned))
    judge(members, unseen)


if __name__ == "__main__":
    main()
