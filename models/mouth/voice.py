"""Teach a trained network what is no speech: python -m models.mouth.voice --name mouth.

Only the head that hears voice learns, from as much noise as speech; every lip stays as it was, to the bit.
The result is written to WORK/runs/NAME_voiced.pt.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .augment import Batch, Batches
from .corpus.prepare import Example, examples
from .corpus.recordings import DATA, WORK
from .din.pool import pool
from .network import LOOK_AHEAD, Network, load
from .train import SHARES, near

ALONE = 0.5
"""Share of sequences in which nobody speaks."""

RATE = 2e-3
BATCH = 32


def loss(network: Network, batch: Batch) -> Tensor:
    """Cross entropy of voice."""
    with torch.no_grad():
        heard = network.hear(batch.mel, network.silence(len(batch.mel)))
    said = network.heads.voice(heard)[:, LOOK_AHEAD:, 0]
    return functional.binary_cross_entropy_with_logits(said, near(batch.voice)[:, :-LOOK_AHEAD])


def train(network: Network, batches: Batches, steps: int) -> None:
    """Train the head with so many batches, saying how wrong it is."""
    optimiser = torch.optim.AdamW(network.heads.voice.parameters(), lr=RATE, weight_decay=0.01)
    losses: list[float] = []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (0.5 + 0.5 * float(np.cos(np.pi * step / steps)))
        value = loss(network, batches.draw(BATCH))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        losses.append(float(value.detach()))
        if len(losses) == 300:
            print(f"step {step + 1} of {steps} loss {np.mean(losses):.4f}", flush=True)
            losses = []


def main() -> None:
    """Load a run, teach its voice, write it beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--name", default="mouth", help="of the run")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    network = load(options.work / "runs" / f"{options.name}.pt")
    sources: dict[str, tuple[float, list[Example]]] = {
        group: (share, examples(group, options.data, options.work, 4 if group == "grid_s1" else 2))
        for group, share in SHARES.items()
    }
    train(network, Batches(sources, options.seed, pool(options.work), ALONE), options.steps)
    torch.save({"network": network.state_dict()}, options.work / "runs" / f"{options.name}_voiced.pt")


if __name__ == "__main__":
    main()
