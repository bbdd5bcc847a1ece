"""Train a mouth network: python -m models.mouth.train.

Continues from WORK/runs/NAME.pt where there is one. The other GRID speakers and the talk clips judge; with
--faces they are learned from as well, except those left out, which judge then.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from .augment import Batch, Batches
from .corpus.blendshapes import DRAWN
from .corpus.prepare import Example, examples
from .corpus.recordings import DATA, WORK, judged
from .din.pool import pool
from .evaluation.scores import best_lag, correlation
from .network import LOOK_AHEAD, Network
from .run import Run
from .teacher import teach

IMPORTANCE = (1.0, 2.0, 1.0, 1.5, 1.0, 1.0, 0.7, 0.5, 0.7, 0.7)
"""Of each weight in the loss."""

Sources = dict[str, tuple[float, list[Example]]]

OFFSETS = {
    "pose_source2": -3, "retalk_1": 1, "retalk_2": -1, "retalk_5": 1, "syncnet_example": 3,
    "uncrop_Obama": -6, "lrwp9a": -1,
}  # fmt: skip
"""Ticks the picture of a clip is behind its sound, as models.mouth.evaluate measures them."""

HEARD = 0.4
"""Of the speech sounds in the loss."""

CLOSED = 2.0
"""What a closed mouth within speech counts more than an open one: a missed b is seen at once."""

EARLY = 4
"""Ticks before speech that count as voice: mouths part before they sound. Two of them can be heard coming."""

BATCH = 24


def split(data: Path, work: Path) -> tuple[list[Example], list[Example]]:
    """Hearings of grid_s1 to learn from, and the undisguised ones of its kept sentences."""
    every = examples("grid_s1", data, work)
    kept = judged([*{one.name for one in every}])
    firsts = {one.name: one for one in reversed(every) if one.name in kept}
    return [one for one in every if one.name not in kept], list(firsts.values())


def firsts(every: list[Example]) -> list[Example]:
    """The first, undisguised hearing of each recording."""
    return list({one.name: one for one in reversed(every)}.values())


def loss(network: Network, batch: Batch) -> Tensor:
    """What training lowers: error of the mouth and of its motion, of the speech sounds and of voice."""
    said = network(batch.mel, network.silence(len(batch.mel)))
    mouth, voice, sounds = (one[:, LOOK_AHEAD:] for one in (said.mouth, said.voice, said.sounds))
    weights, speech, heard = (one[:, :-LOOK_AHEAD] for one in (batch.weights, batch.voice, batch.phones))
    talking = functional.binary_cross_entropy_with_logits(voice, near(batch.voice)[:, :-LOOK_AHEAD])
    return _wrong(mouth, weights, speech) + HEARD * _misheard(sounds, heard) + 0.2 * talking


def _wrong(said: Tensor, target: Tensor, voice: Tensor) -> Tensor:
    importance = torch.tensor(IMPORTANCE)
    known = torch.isfinite(target)
    wanted = torch.where(known, target, 0.0)
    error = functional.smooth_l1_loss(said, wanted, reduction="none", beta=1.0) * importance
    error = error * (1.0 + CLOSED * (wanted[..., 1:2] < 0.3) * voice[..., None])
    mouth = (error * known).sum() / known.sum().clamp(min=1)
    both = known[:, 1:] & known[:, :-1]
    jerk = (said.diff(dim=1) - wanted.diff(dim=1)).square() * importance
    return mouth + 0.5 * (jerk * both).sum() / both.sum().clamp(min=1)


def _misheard(said: Tensor, heard: Tensor) -> Tensor:
    labelled = torch.isfinite(heard[..., 0])
    sounds = -(torch.where(labelled[..., None], heard, 0.0) * said.log_softmax(dim=-1)).sum(-1)
    return sounds.sum() / labelled.sum().clamp(min=1)


def near(voice: Tensor) -> Tensor:
    """Voice from `EARLY` ticks before it is heard, so that the mouth is there in time, to 2 after."""
    return functional.pad(voice, (2, EARLY)).unfold(1, 3 + EARLY, 1).amax(dim=2)


def predict(network: Network, example: Example) -> NDArray[np.float32]:
    """Weights of every tick of a recording, shape (n, 10)."""
    after = np.full((LOOK_AHEAD, example.mel.shape[1]), example.mel.min(), np.float32)
    mel = torch.from_numpy(np.concatenate([example.mel, after]))[None]
    with torch.no_grad():
        said = network(mel, network.silence(1)).mouth[0, LOOK_AHEAD:]
    return np.asarray(said.numpy(), np.float32)


def judge(network: Network, groups: dict[str, list[Example]]) -> str:
    """Median correlation of gap and width by group, for the log."""
    words = []
    network.eval()
    for group, recordings in groups.items():
        gap, width = [], []
        for one in recordings:
            said = predict(network, one)
            lag, best = best_lag(said[:, 1], one.weights[:, 1])
            gap.append(best)
            width.append(correlation(said[:, 3], one.weights[:, 3], lag))
        words.append(f"{group} gap {np.median(gap):.3f} width {np.median(width):.3f}")
    network.train()
    return " | ".join(words)


SHARES = {
    "grid_s1": 0.7, "en_kathleen": 0.9, "de_kerstin": 0.3, "zh_aishell": 0.3, "en_many_voices": 1.0,
    DRAWN: 0.3, "espeak": 0.2, "foreign": 0.2, "flite": 0.5,
}  # fmt: skip
"""How often a sequence is drawn from each group."""


def main() -> None:
    """Train for so many minutes, judging every two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--name", default="mouth", help="of the run")
    parser.add_argument("--begin", default="", help="begin as the run of this name, not as the first network")
    parser.add_argument("--minutes", type=float, default=33.0)
    parser.add_argument("--rate", type=float, default=1.2e-3, help="of learning, at its highest")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--faces", type=float, default=0.0, help="share of talk and grid_other among what is learned"
    )
    parser.add_argument("--leave-out", nargs="*", default=[], help="their recordings that judge instead")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)

    sources, groups = material(options)
    runs = options.work / "runs"
    begin = runs / f"{options.begin}.pt" if options.begin else None
    run = Run(runs / f"{options.name}.pt", options.rate, begin)
    batches = Batches(sources, options.seed + run.steps, pool(options.work))
    budget = options.minutes * 60
    began, told, losses = time.monotonic() - run.spent, run.spent, []
    print(f"{run.spent / 60:5.1f} min {judge(run.average, groups)}", flush=True)
    while run.spent < budget:
        value = loss(run.network, batches.draw(BATCH))
        run.learn(value, run.spent / budget)
        losses.append(float(value.detach()))
        run.spent = time.monotonic() - began
        if run.spent - told > 120 or run.spent >= budget:
            said = judge(run.average, groups)
            print(f"{run.spent / 60:5.1f} min step {run.steps} loss {np.mean(losses):.3f} {said}", flush=True)
            told, losses = run.spent, []
            run.keep()


def material(options: argparse.Namespace) -> tuple[Sources, dict[str, list[Example]]]:
    """What is learned from, by group, and what judges."""
    learn, kept = split(options.data, options.work)
    talk, other = (examples(group, options.data, options.work) for group in ("talk", "grid_other"))
    sources: Sources = {"grid_s1": (SHARES["grid_s1"], learn)}
    for group, share in SHARES.items():
        if group != "grid_s1":
            sources[group] = (share, examples(group, options.data, options.work, 2))
    pupils = [
        one
        for group, (_, every) in sources.items()
        for one in every
        if group != "grid_s1" and np.isfinite(one.phones[0, 0]) and not np.isfinite(one.weights).any()
    ]
    teach(learn, kept, pupils, options.work)
    left_out = {one.name for one in talk + other if any(word in one.name for word in options.leave_out)}
    if options.faces > 0:
        faces = [in_step(one) for one in talk + other if one.name not in left_out]
        sources["faces"] = (options.faces * sum(share for share, _ in sources.values()), faces)
        talk, other = ([one for one in group if one.name in left_out] for group in (talk, other))
    groups = {"grid_s1": kept, "grid_other": firsts(other), "talk": firsts(talk)}
    return sources, {group: judges for group, judges in groups.items() if judges}


def in_step(one: Example) -> Example:
    """A filmed example whose picture is moved by its clip's offset, so that it fits its sound."""
    late = OFFSETS.get(one.name.split("__")[-1], 0)
    if not late:
        return one
    weights = np.full_like(one.weights, np.nan)
    there = slice(max(0, -late), len(weights) - max(0, late))
    weights[there] = one.weights[max(0, late) :][: len(weights) - abs(late)]
    return replace(one, weights=weights)


if __name__ == "__main__":
    main()
