"""Teach the base network one person's mouth. One core, resumable, the same every time."""

from __future__ import annotations

import copy
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...resources import lip_base
from .base import load_base
from .fields import Fields, drawn_by
from .losses import likeness
from .model import LipModel
from .network import Person
from .recording import Crops, Recording, draw_batch
from .step import Learner, half_precision

STEPS = 1200
"""Steps of a full training: on 20 s of footage each frame is seen about thirty times."""

STEP_TAKES = 0.15
"""Seconds of one step on a core of 2.45 GHz with nothing else to do."""

BATCH = 12
RATE = 5e-4
STATE = 2
"""Raised when the networks change, so that the state an earlier version kept is not gone on with."""

SAVE_EVERY = 60.0
"""Seconds between two savings of the state."""

IMAGINED = 5
"""Examples a step of what the person never did on film, as the base network would draw it."""

FAR = 1.2
"""Root mean square distance, in typical deviations, from which on mouth weights count as never filmed."""

Progress = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and a line with the time left."""


def train_lips(
    crops: Crops,
    weights: NDArray[np.float32],
    rest: NDArray[np.bool_],
    work: Path,
    *,
    around: Crops | None = None,
    mask: NDArray[np.float32] | None = None,
    minutes: float | None = None,
    progress: Progress | None = None,
    steps: int = STEPS,
    base: Path | None = None,
) -> LipModel:
    """Learn to draw one person's mouth.

    `crops` uint8 (n, size, size, 3) with size a multiple of 32, cut by `crops.cut`; `weights` float32
    (n, k), NaN where no face was found or its mouth cannot be seen; `rest` (n,) marks the resting mouth.
    `around`, like `crops`, are the frames as clips will show them, the resting mouth baked in: from these the
    network learns to draw. `mask` (size, size) is the share of a drawn mouth that the player
    shows. `work` keeps the state: the same call goes on where an interrupted one stopped, and returns at once
    when it had finished. `minutes` ends the training early; without it the result depends on nothing but the
    input. Raises StudioError for footage that shows no mouth.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        training = _Training.start(
            Recording(crops, weights, rest, around, mask), base or lip_base(), work, steps
        )
        return training.run(None if minutes is None else minutes * 60, progress)
    finally:
        torch.set_num_threads(threads)


@dataclass
class _Training:
    """The state of one person's training."""

    recording: Recording
    model: LipModel
    teacher: LipModel
    learner: Learner
    unfilmed: NDArray[np.float32]
    path: Path
    key: str
    steps: int
    step: int = 0
    spent: float = 0.0

    @classmethod
    def start(cls, recording: Recording, base: Path, work: Path, steps: int) -> _Training:
        work.mkdir(parents=True, exist_ok=True)
        networks, bank = load_base(base)
        model = LipModel.start(networks, recording)
        teacher = copy.deepcopy(model)
        learned: list[Tensor] = [*networks.decoder.parameters(), *model.own.parameters()]
        learner = Learner(networks, learned, RATE, model.size)
        digest = hashlib.sha256(base.read_bytes())
        for part in (recording.crops, recording.around, recording.weights, recording.rest, recording.mask):
            digest.update(b"" if part is None else np.ascontiguousarray(part).tobytes())
        key = f"{STATE}/{digest.hexdigest()}/{steps}"
        training = cls(
            recording, model, teacher, learner, _unfilmed(bank, recording), work / "lips.pt", key, steps
        )
        training._resume()
        return training

    def run(self, seconds: float | None, progress: Progress | None) -> LipModel:
        last = time.monotonic()
        unsaved = 0.0
        try:
            while self.step < self.steps and (seconds is None or self.spent < seconds):
                self._learn(self._share(seconds))
                now = time.monotonic()
                self.spent, unsaved, last = self.spent + now - last, unsaved + now - last, now
                if unsaved > SAVE_EVERY:
                    unsaved = 0.0
                    self._save()
                if progress is not None:
                    done = self._share(seconds)
                    left = self.spent * (1 / done - 1)
                    progress(done, f"lips: step {self.step}, about {left / 60:.1f} min left")
        finally:
            self._save()
        return self.model

    def _learn(self, done: float) -> None:
        # each step has its own seed, so that a resumed training is the uninterrupted one
        chance = np.random.default_rng((1, self.step))
        torch.manual_seed(self.step)
        self.learner.set_rate(RATE * min(1.0, (self.step + 1) / 40) * (0.05 + 0.95 * (1 - done)))
        batch = draw_batch(self.recording, self.recording.usable, BATCH, chance)
        with half_precision():
            own, imagined = self.model.own, self._imagined(chance)
            self.learner.step(batch, own.opened, own.person(), True, imagined)
        self.step += 1

    def _share(self, seconds: float | None) -> float:
        by_time = 0.0 if seconds is None else self.spent / max(seconds, 1e-6)
        return min(1.0, max(self.step / self.steps, by_time))

    def _imagined(self, chance: np.random.Generator) -> Tensor | None:
        """How far the drawings of what was never filmed are from the base network's."""
        if not len(self.unfilmed):
            return None
        weights = torch.from_numpy(self.unfilmed[chance.choice(len(self.unfilmed), IMAGINED)])
        rest = self.recording.surroundings(chance.choice(self.recording.usable, IMAGINED))
        with torch.no_grad():
            person = self._pose_of(rest)
            draw = self.teacher.networks.decoder
            said, quiet = draw(weights, person), draw(0 * weights, person)
            # the base network was taught to draw from another picture at rest than the frame: its flow also
            # brings that one to the frame, which at rest it does alone
            taught = Fields(said.skin - quiet.skin, said.inner)
            wanted = drawn_by(taught, rest, self.teacher.own.opened)
        own = self.model.own
        drawn = drawn_by(self.model.networks.decoder(weights, own.person()), rest, own.opened)
        return likeness(drawn, wanted, self.learner.weight)

    def _pose_of(self, rest: Tensor) -> Person:
        """The person as the base network knows them in these frames."""
        own = self.teacher.own
        return Person(self.teacher.networks.frame_encoder(rest), own.features, own.detail)

    def _save(self) -> None:
        state: dict[str, Any] = {
            "key": self.key,
            "step": self.step,
            "spent": self.spent,
            "networks": self.model.networks.state_dict(),
            "own": self.model.own.state_dict(),
            "drawing": self.learner.drawing.state_dict(),
            "judging": self.learner.judging.state_dict(),
        }
        fresh = self.path.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self.path)

    def _resume(self) -> None:
        if not self.path.exists():
            return
        state = torch.load(self.path, weights_only=True)
        if state["key"] != self.key:  # other footage, or another base: begin anew
            return
        self.model.networks.load_state_dict(state["networks"])
        self.model.own.load_state_dict(state["own"])
        self.learner.drawing.load_state_dict(state["drawing"])
        self.learner.judging.load_state_dict(state["judging"])
        self.step, self.spent = state["step"], state["spent"]


def _unfilmed(bank: NDArray[np.float32], recording: Recording) -> NDArray[np.float32]:
    """The mouth weights of other people that are far from all this person did on film."""
    filmed = recording.weights[recording.usable]
    distance = np.array([np.sqrt(((filmed - row) ** 2).mean(axis=1)).min() for row in bank])
    return bank[distance > FAR]
