"""One step of learning, the same for the base network of many people and for one person's own."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from .fields import drawn_by
from .losses import critic_loss, feature_distance, importance, likeness
from .network import Critic, FrameEncoder, LipDecoder, Person, PersonEncoder
from .recording import Batch

ADVERSARIAL = 0.004
FEATURES = 0.04
"""Shares of the critic's verdict and of its features in the loss, beside `likeness` with 1."""


class LipNetworks(nn.Module):
    """Everything that learns."""

    def __init__(self) -> None:
        super().__init__()
        self.frame_encoder = FrameEncoder()
        self.person_encoder = PersonEncoder()
        self.decoder = LipDecoder()
        self.critic = Critic()


def half_precision() -> torch.autocast:
    """Reckon in bfloat16 where the processor has it: a third less time here; on others it would be slower."""
    known = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=bool(known()))


class Learner:
    """Drives the networks' optimisers."""

    def __init__(self, networks: LipNetworks, learned: Iterable[Tensor], rate: float, size: int) -> None:
        self.networks = networks.to(memory_format=torch.channels_last)
        self.drawing = torch.optim.Adam(learned, lr=rate, betas=(0.8, 0.99))
        self.judging = torch.optim.Adam(networks.critic.parameters(), lr=rate, betas=(0.5, 0.99))
        self.weight = importance(size)

    def set_rate(self, rate: float) -> None:
        """Change the size of the steps."""
        for optimiser in (self.drawing, self.judging):
            for group in optimiser.param_groups:
                group["lr"] = rate

    def step(
        self,
        batch: Batch,
        opened: Tensor,
        person: Person,
        adversarial: bool,
        extra: Tensor | None = None,
    ) -> dict[str, float]:
        """Learn from one batch; `extra` is added to the loss. Returns the terms of the loss."""
        networks, weights, target = self.networks, batch.weights, batch.target
        drawn = drawn_by(networks.decoder(weights, person), batch.rest, opened)
        loss = likeness(drawn, target, self.weight)
        terms = {"likeness": float(loss.detach())}
        if adversarial:
            terms["critic"] = self._judge(weights, target, drawn.detach())
            for parameter in networks.critic.parameters():
                parameter.requires_grad_(False)
            with torch.no_grad():
                _, real = networks.critic(target, weights)
            score, features = networks.critic(drawn, weights)
            distance = feature_distance(real, features)
            loss = loss - ADVERSARIAL * score.mean() + FEATURES * distance
            terms |= {"score": float(score.detach().mean()), "features": float(distance.detach())}
            for parameter in networks.critic.parameters():
                parameter.requires_grad_(True)
        if extra is not None:
            loss = loss + extra
        self.drawing.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([p for g in self.drawing.param_groups for p in g["params"]], 1.0)
        self.drawing.step()
        return terms

    def _judge(self, weights: Tensor, target: Tensor, drawn: Tensor) -> float:
        critic = self.networks.critic
        real, _ = critic(target, weights)
        fake, _ = critic(drawn, weights)
        wrong, _ = critic(target, weights.roll(1, 0))
        loss = critic_loss(real, fake, wrong)
        self.judging.zero_grad(set_to_none=True)
        loss.backward()
        self.judging.step()
        return float(loss.detach())
