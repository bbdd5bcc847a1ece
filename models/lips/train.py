"""Train the base lip network: python -m models.lips.train [--data FOLDER] [--minutes 30]

Goes on where an interrupted run stopped. Writes base.npz beside this file at the end, and whenever it
saves its state.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from renderer.studio.crops import SIZE
from renderer.studio.lips.base import save_base
from renderer.studio.lips.network import Person
from renderer.studio.lips.step import Learner, LipNetworks, half_precision

from .people import Someone, draw_people, load_people

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data"
WORK = Path.home() / ".cache" / "avatar-renderer" / "lips"

BATCH = 14
RATE = 6e-4
ADVERSARIAL_FROM = 0.4
"""Share of the time after which the critic joins in."""

SAVE_EVERY = 120.0
"""Seconds between two savings of the state."""

BANK_SIZE = 512


def bank_of(people: list[Someone], chance: np.random.Generator) -> NDArray[np.float32]:
    """Mouth weights of everybody, equally many each: what to imagine for those who never speak on film."""
    each = [np.concatenate([r.weights[r.usable] for r in someone.recordings]) for someone in people]
    share = BANK_SIZE // len(each)
    return np.concatenate([rows[chance.choice(len(rows), share)] for rows in each])


def main() -> None:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK, help="crops and the state of the training")
    parser.add_argument("--minutes", type=float, default=30.0, help="of training, earlier runs included")
    parser.add_argument("--output", type=Path, default=HERE / "base.npz")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    people = load_people(chosen.data, chosen.work / "crops")
    bank = bank_of(people, chance)
    networks = LipNetworks()
    drawn = [*networks.frame_encoder.parameters(), *networks.person_encoder.parameters()]
    learner = Learner(networks, [*drawn, *networks.decoder.parameters()], RATE, SIZE)
    state = chosen.work / "base.pt"
    step, spent = 0, 0.0
    if state.exists():
        kept = torch.load(state, weights_only=True)
        networks.load_state_dict(kept["networks"])
        learner.drawing.load_state_dict(kept["drawing"])
        learner.judging.load_state_dict(kept["judging"])
        step, spent = kept["step"], kept["spent"]
        chance = np.random.default_rng(step)

    def save() -> None:
        kept = {"networks": networks.state_dict(), "step": step, "spent": spent}
        kept |= {"drawing": learner.drawing.state_dict(), "judging": learner.judging.state_dict()}
        torch.save(kept, state.with_suffix(".new"))
        state.with_suffix(".new").replace(state)
        save_base(chosen.output, networks, bank)

    last = time.monotonic()
    unsaved = 0.0
    total: dict[str, float] = {}
    while spent < chosen.minutes * 60:
        done = spent / (chosen.minutes * 60)
        learner.set_rate(RATE * min(1.0, (step + 1) / 100) * (0.1 + 0.9 * (1 - done)))
        batch, around = draw_people(people, BATCH, chance)
        assert batch.opened is not None
        with half_precision():
            latent = networks.frame_encoder(around)
            person = Person(latent, *networks.person_encoder(batch.rest, batch.opened))
            terms = learner.step(batch, batch.opened, person, done > ADVERSARIAL_FROM)
        total = {name: 0.98 * total.get(name, value) + 0.02 * value for name, value in terms.items()}
        step += 1
        now = time.monotonic()
        spent, unsaved, last = spent + now - last, unsaved + now - last, now
        if step % 50 == 0:
            figures = "  ".join(f"{name} {value:.4f}" for name, value in total.items())
            print(f"step {step}  {spent / 60:.1f} of {chosen.minutes:.0f} min  {figures}", flush=True)
        if unsaved > SAVE_EVERY:
            unsaved = 0.0
            save()
    save()


if __name__ == "__main__":
    main()
