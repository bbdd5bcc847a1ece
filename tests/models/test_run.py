"""A training run: its average, and going on after it was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch

from models.mouth.network import Network, load
from models.mouth.run import AVERAGED, Run

pytestmark = pytest.mark.studio

RATE = 1e-3


def wrong(network: Network) -> torch.Tensor:
    """Something to learn: a mouth that is wide open at any sound."""
    said = network(torch.ones(1, 4, 320), network.silence(1))
    return (said.mouth - 1.0).square().mean()


def begun(path: Path) -> Run:
    torch.manual_seed(0)
    return Run(path, RATE)


def taught(run: Run, steps: int) -> Run:
    for step in range(steps):
        run.learn(wrong(run.network), step / 100)
    return run


def test_what_is_kept_is_the_average_of_what_was_learned(tmp_path: Path) -> None:
    run = taught(begun(tmp_path / "run.pt"), 1)
    before = [one.clone() for one in run.average.parameters()]
    taught(run, 1)
    for kept, old, new in zip(run.average.parameters(), before, run.network.parameters(), strict=True):
        torch.testing.assert_close(kept, AVERAGED * old + (1 - AVERAGED) * new)
    run.keep()
    for name, table in load(run.path).state_dict().items():
        assert torch.equal(table, run.average.state_dict()[name])


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole = taught(begun(tmp_path / "whole.pt"), 6)
    stopped = taught(begun(tmp_path / "stopped.pt"), 3)
    stopped.spent = 12.0
    stopped.keep()
    resumed = Run(tmp_path / "stopped.pt", RATE)
    assert (resumed.spent, resumed.steps) == (12.0, 3)
    for step in range(3, 6):
        resumed.learn(wrong(resumed.network), step / 100)
    for one, other in zip(resumed.average.parameters(), whole.average.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_run_lessens_what_is_wrong_and_begins_as_told(tmp_path: Path) -> None:
    first = begun(tmp_path / "first.pt")
    at_first = wrong(first.network).item()
    taught(first, 30).keep()
    assert wrong(first.network).item() < at_first
    then = Run(tmp_path / "then.pt", RATE, begin=first.path)
    for one, other in zip(then.network.parameters(), first.average.parameters(), strict=True):
        assert torch.equal(one, other)
