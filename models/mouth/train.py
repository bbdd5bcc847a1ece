"""Train a mouth network: python -m models.mouth.train --design tcn --minutes 15.

Continues from WORK/runs/NAME.pt where there is one. The other GRID speakers and the talk clips are never
learned from: they judge.
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

from .augment import Batch, Batches
from .corpus.blendshapes import DRAWN
from .corpus.prepare import Example, examples
from .corpus.recordings import DATA, WORK, judged
from .corpus.synthetic import GROUP
from .evaluation.scores import best_lag, correlation
from .network import DESIGNS, LOOK_AHEAD, Gru, Tcn
from .teacher import teach

IMPORTANCE = (1.0, 2.0, 1.0, 1.5, 1.0, 1.0, 0.7, 0.5, 0.7, 0.7)
"""Of each weight in the loss."""

CLOSED = 1.0
"""What a closed mouth within speech counts more than an open one: a missed b is seen at once."""

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


def loss(network: Tcn | Gru, batch: Batch) -> Tensor:
    """What training lowers: error of the mouth, of its motion, of voice and of the speech sounds."""
    said, voice, phones, _ = network(batch.mel, torch.zeros(len(batch.mel), network.state))
    said, voice, phones = said[:, LOOK_AHEAD:], voice[:, LOOK_AHEAD:], phones[:, LOOK_AHEAD:]
    target = batch.weights[:, :-LOOK_AHEAD]
    importance = torch.tensor(IMPORTANCE)
    known = torch.isfinite(target)
    wanted = torch.where(known, target, 0.0)
    error = functional.smooth_l1_loss(said, wanted, reduction="none", beta=1.0) * importance
    error = error * (1.0 + CLOSED * (wanted[..., 1:2] < 0.3) * batch.voice[:, :-LOOK_AHEAD, None])
    mouth = (error * known).sum() / known.sum().clamp(min=1)
    both = known[:, 1:] & known[:, :-1]
    jerk = (said.diff(dim=1) - wanted.diff(dim=1)).square() * importance
    motion = (jerk * both).sum() / both.sum().clamp(min=1)
    heard = batch.phones[:, :-LOOK_AHEAD]
    labelled = torch.isfinite(heard[..., 0])
    sounds = -(torch.where(labelled[..., None], heard, 0.0) * phones.log_softmax(dim=-1)).sum(-1)
    spelling = sounds.sum() / labelled.sum().clamp(min=1)
    talking = functional.binary_cross_entropy_with_logits(voice, near(batch.voice)[:, :-LOOK_AHEAD])
    return mouth + 0.5 * motion + 0.1 * spelling + 0.1 * talking


def near(voice: Tensor) -> Tensor:
    """Voice from `LOOK_AHEAD` ticks before it is heard, so that the mouth is there in time, to 2 after."""
    padded = functional.pad(voice, (2, LOOK_AHEAD))
    return padded.unfold(1, 3 + LOOK_AHEAD, 1).amax(dim=2)


def predict(network: Tcn | Gru, example: Example) -> NDArray[np.float32]:
    """Weights of every tick of a recording, shape (n, 10)."""
    after = np.full((LOOK_AHEAD, example.mel.shape[1]), example.mel.min(), np.float32)
    mel = torch.from_numpy(np.concatenate([example.mel, after]))[None]
    with torch.no_grad():
        said = network(mel, torch.zeros(1, network.state))[0][0, LOOK_AHEAD:]
    return np.asarray(said.numpy(), np.float32)


def judge(network: Tcn | Gru, groups: dict[str, list[Example]]) -> str:
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


def main() -> None:
    """Train for so many minutes, judging every one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--design", choices=sorted(DESIGNS), default="tcn")
    parser.add_argument("--name", default="", help="of the run; the design's if left out")
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", type=float, default=0.35, help="share of read speech without a picture")
    parser.add_argument("--machine", type=float, default=0.4, help="share of synthetic speech")
    parser.add_argument("--drawn", type=float, default=0.25, help="share of drawn Mandarin")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)

    learn, kept = split(options.data, options.work)
    talk, other = (examples(group, options.data, options.work) for group in ("talk", "grid_other"))
    sources = {"grid_s1": (1.0, learn)}
    pupils = {"en_kathleen": options.read, GROUP: options.machine}
    for group, share in pupils.items():
        if share > 0:
            read = [one for one in examples(group, options.data, options.work, 2) if one.phones[0, 0] >= 0]
            sources[group] = (share, read)
    teach(learn, kept, [one for group in pupils.keys() & sources for one in sources[group][1]], options.work)
    if options.drawn > 0:
        sources[DRAWN] = (options.drawn, examples(DRAWN, options.data, options.work, 2))
    groups = {"grid_s1": kept, "grid_other": firsts(other), "talk": firsts(talk)}

    network = DESIGNS[options.design]()
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    path = options.work / "runs" / f"{options.name or options.design}.pt"
    path.parent.mkdir(parents=True, exist_ok=True)
    spent, step = 0.0, 0
    if path.exists():
        run = torch.load(path, weights_only=True)
        network.load_state_dict(run["network"])
        optimiser.load_state_dict(run["optimiser"])
        spent, step = run["spent"], run["step"]
    batches = Batches(sources, options.seed + step)
    budget = options.minutes * 60
    began, told, losses = time.monotonic() - spent, spent, []
    while spent < budget:
        rate = min(1.0, (step + 1) / 200) * (0.5 + 0.5 * np.cos(np.pi * min(1.0, spent / budget)))
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * float(rate) + 1e-6
        value = loss(network, batches.draw(BATCH))
        optimiser.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        losses.append(float(value.detach()))
        step += 1
        spent = time.monotonic() - began
        if spent - told > 60 or spent >= budget:
            said = judge(network, groups)
            print(f"{spent / 60:5.1f} min step {step} loss {np.mean(losses):.3f} {said}", flush=True)
            told, losses = spent, []
            torch.save(
                {
                    "design": options.design,
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "spent": spent,
                    "step": step,
                },
                path,
            )


if __name__ == "__main__":
    main()
