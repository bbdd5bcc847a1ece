"""A training run: the network that learns, the average of it that is kept, and how far both are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from .network import Network, load

AVERAGED = 0.999
"""What each step leaves of the average over the steps before it (Polyak and Juditsky, 1992).

A single step knows strangers by luck: from one judgement to the next the gap of talk jumps by 0.05. The
average is better than most of them, and stays so.
"""

DECAY = 0.02
"""Of weights (AdamW)."""

WARM_UP = 200
"""Steps in which the rate of learning rises."""

STEEPEST = 1.0
"""Length to which a longer gradient is cut."""


class Run:
    """Begins as another run or as the first network of this project; goes on where `path` was kept."""

    def __init__(self, path: Path, rate: float, begin: Path | None = None) -> None:
        self.path = path
        self.spent, self.steps = 0.0, 0
        self._rate = rate
        self.network = Network()
        if begin is not None:
            self.network.load_state_dict(load(begin).state_dict())
        else:
            self.network.grow_from_first()
        self._average = AveragedModel(self.network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED))
        self._optimiser = torch.optim.AdamW(self.network.parameters(), lr=rate, weight_decay=DECAY)
        if path.exists():
            kept = torch.load(path, weights_only=True)
            self.network.load_state_dict(kept["learning"])
            self._average.load_state_dict(kept["average"])
            self._optimiser.load_state_dict(kept["optimiser"])
            self.spent, self.steps = kept["spent"], kept["steps"]

    @property
    def average(self) -> Network:
        """The network that is judged and kept."""
        network = self._average.module
        assert isinstance(network, Network)
        return network

    def learn(self, wrong: Tensor, done: float) -> None:
        """One step that lessens what is `wrong`; `done` is the share of the run that is over, 0 to 1."""
        cooled = 0.5 + 0.5 * float(np.cos(np.pi * min(1.0, done)))
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * min(1.0, (self.steps + 1) / WARM_UP) * cooled + 1e-6
        self._optimiser.zero_grad()
        wrong.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), STEEPEST)
        self._optimiser.step()
        self._average.update_parameters(self.network)
        self.steps += 1

    def keep(self) -> None:
        """Write everything that is needed to go on; the file is whole at any time."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        half = self.path.with_suffix(".part")
        torch.save(
            {
                "network": self.average.state_dict(),
                "average": self._average.state_dict(),
                "learning": self.network.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "spent": self.spent,
                "steps": self.steps,
            },
            half,
        )
        half.replace(self.path)
