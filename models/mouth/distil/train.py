"""Train a mouth network: python -m models.mouth.distil.train --teacher all --minutes 45.

It learns from the teacher (models.mouth.distil.teacher), whose mouths follow every voice here. Continues from
WORK/runs/NAME.pt where there is one; with --begin OTHER from another run's weights.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from renderer.features import SILENT_MEL
from renderer.studio.mouthspace import WEIGHTS

from ..blendshapes import DRAWN
from ..recordings import DATA, READ_BY_MACHINE, WORK
from ..scores import correlation
from . import teacher
from .augment import Batch, Batches
from .network import LOOK_AHEAD, Pupil
from .prepare import Example, examples
from .teacher import IMPORTANCE

SHARES = {
    "grid_s1": 0.35, "en_kathleen": 0.1, "de_kerstin": 0.09, "zh_aishell": 0.12, "en_many_voices": 0.07,
    DRAWN: 0.09, READ_BY_MACHINE: 0.07, "film": 0.11,
}  # fmt: skip
"""Of each group's sound in a batch."""

CLOSED = 1.0
"""What a closed mouth within speech counts more than an open one: a missed b is seen at once."""

SHUT = 0.3
"""Gap under which a mouth is closed, in typical deviations."""

BATCH = 24
RATE = 2e-3
ASIDE = 17
"""Every so manieth recording of a group judges instead of teaching."""


def loss(network: Pupil, batch: Batch) -> Tensor:
    """What training lowers: error of the mouth, of its motion, of voice and of what the listener heard."""
    said, voice, heard, _ = network(batch.mel, torch.zeros(len(batch.mel), network.state))
    said, voice, heard = said[:, LOOK_AHEAD:], voice[:, LOOK_AHEAD:], heard[:, LOOK_AHEAD:]
    target = batch.weights[:, :-LOOK_AHEAD]
    talking = batch.voice[:, :-LOOK_AHEAD]
    importance = torch.tensor(IMPORTANCE)
    known = torch.isfinite(target)
    wanted = torch.where(known, target, 0.0)
    error = functional.smooth_l1_loss(said, wanted, reduction="none", beta=1.0) * importance
    gap = WEIGHTS.index("lip_gap")
    error = error * (1.0 + CLOSED * (wanted[..., gap : gap + 1] < SHUT) * talking[..., None])
    mouth = (error * known).sum() / known.sum().clamp(min=1)
    both = known[:, 1:] & known[:, :-1]
    jerk = (said.diff(dim=1) - wanted.diff(dim=1)).square() * importance
    motion = (jerk * both).sum() / both.sum().clamp(min=1)
    there = batch.heard[:, :-LOOK_AHEAD]
    told = torch.isfinite(there)
    sounds = ((heard - torch.where(told, there, 0.0)).square() * told).sum() / told.sum().clamp(min=1)
    speech = functional.binary_cross_entropy_with_logits(voice, near(batch.voice)[:, :-LOOK_AHEAD])
    return mouth + 0.5 * motion + 0.1 * sounds + 0.4 * speech


def near(voice: Tensor) -> Tensor:
    """Voice from `LOOK_AHEAD` ticks before it is heard, so that the mouth is there in time, to 2 after."""
    padded = functional.pad(voice, (2, LOOK_AHEAD))
    return padded.unfold(1, 3 + LOOK_AHEAD, 1).amax(dim=2)


def predict(network: Pupil, example: Example) -> NDArray[np.float32]:
    """Weights of every tick of a recording, shape (n, 10)."""
    after = np.full((LOOK_AHEAD, example.mel.shape[1]), SILENT_MEL, np.float32)
    mel = torch.from_numpy(np.concatenate([example.mel.astype(np.float32), after]))[None]
    with torch.no_grad():
        said = network(mel, torch.zeros(1, network.state))[0][0, LOOK_AHEAD:]
    return np.asarray(said.numpy(), np.float32)


def judge(network: Pupil, aside: list[Example]) -> str:
    """Correlation of gap and width with the teacher's by group, over what was kept aside, for the log."""
    network.eval()
    groups: dict[str, list[tuple[float, float]]] = {}
    for one in aside:
        said = predict(network, one)
        fit = [
            correlation(said[:, column], one.weights[:, column])
            for column in (WEIGHTS.index("lip_gap"), WEIGHTS.index("width"))
        ]
        groups.setdefault(one.group, []).append((fit[0], fit[1]))
    network.train()
    medians = {group: np.median(fits, axis=0) for group, fits in groups.items()}
    return " | ".join(f"{group} {gap:.2f} {width:.2f}" for group, (gap, width) in medians.items())


def gather(options: argparse.Namespace) -> tuple[dict[str, tuple[float, list[Example]]], list[Example]]:
    """What to learn from by group, with its share, and what to judge by."""
    members = teacher.load(options.work, options.teacher)
    sources: dict[str, tuple[float, list[Example]]] = {}
    aside: list[Example] = []
    for group, share in SHARES.items():
        film = group == "film"
        found = [
            one
            for name in (("talk", "grid_other") if film else (group,))
            for one in examples(name, options.data, options.work, members)
        ]
        if film:
            found = [one for one in found if one.name in options.seen]
        else:
            names = sorted({one.name for one in found})[::ASIDE]
            judges = [one for one in found if one.name in names]
            aside += list({one.name: one for one in reversed(judges)}.values())[:20]
            found = [one for one in found if one.name not in names]
        if found:
            sources[group] = (share, found)
    return sources, aside


def main() -> None:
    """Train for so many minutes of work, judging every three."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--teacher", default="all", help="name given to models.mouth.distil.teacher")
    parser.add_argument("--name", default="", help="of the run; the teacher's if left out")
    parser.add_argument(
        "--voice-only", action="store_true", help="learn the voice anew, and leave the mouth as it is"
    )
    parser.add_argument("--width", type=int, default=112, help="of its layers")
    parser.add_argument("--begin", default="", help="run whose weights to begin with")
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--rate", type=float, default=RATE, help="learning rate at its highest")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.seen = teacher.seen(options.work, options.teacher)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    sources, aside = gather(options)
    told_of = {group: sum(len(one.mel) for one in found) / 1500 for group, (_, found) in sources.items()}
    print("minutes:", {group: round(minutes) for group, minutes in told_of.items()}, flush=True)

    network = Pupil(options.width)
    place = options.work / "runs"
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{options.name or options.teacher}.pt"
    if options.begin and not path.exists():
        begun = torch.load(place / f"{options.begin}.pt", weights_only=True)["network"]
        own = network.state_dict()  # a run of models.mouth.train lacks some heads: they begin anew
        fits = {
            name: table for name, table in begun.items() if name in own and own[name].shape == table.shape
        }
        if options.voice_only:
            fits = {name: table for name, table in fits.items() if not name.startswith("heads.voice")}
        network.load_state_dict(fits, strict=False)
    if options.voice_only:
        for name, table in network.named_parameters():
            table.requires_grad_(name.startswith("heads.voice"))
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=0.02)
    spent, step = 0.0, 0
    if path.exists():
        run = torch.load(path, weights_only=True)
        network.load_state_dict(run["network"])
        optimiser.load_state_dict(run["optimiser"])
        spent, step = run["spent"], run["step"]
    batches = Batches(sources, options.seed + step)
    budget = options.minutes * 60
    began, told, losses = time.process_time() - spent, spent, []
    while spent < budget:
        rate = min(1.0, (step + 1) / 200) * (0.5 + 0.5 * np.cos(np.pi * min(1.0, spent / budget)))
        for group in optimiser.param_groups:
            group["lr"] = options.rate * float(rate) + 1e-6
        value = loss(network, batches.draw(BATCH))
        optimiser.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        losses.append(float(value.detach()))
        step += 1
        spent = time.process_time() - began
        if spent - told > 180 or spent >= budget:
            said = judge(network, aside)
            print(f"{spent / 60:5.1f} min step {step} loss {np.mean(losses):.3f} {said}", flush=True)
            told, losses = spent, []
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "spent": spent,
                    "step": step,
                },
                path,
            )


if __name__ == "__main__":
    main()
