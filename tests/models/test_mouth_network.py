"""The shapes a mouth network may have: a stream says what the whole says, and growing changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from models.mouth.evaluation.predictors import FIRST  # noqa: E402
from models.mouth.network import LOOK_AHEAD, Network  # noqa: E402
from models.mouth.tick import Tick  # noqa: E402
from renderer.mouth import MouthNetwork  # noqa: E402

pytestmark = pytest.mark.studio


def test_a_network_says_the_same_tick_by_tick_as_in_one_go() -> None:
    torch.manual_seed(3)
    network = Network().eval()
    mel = torch.randn(2, 30, 320)
    with torch.no_grad():
        whole = network(mel, network.silence(2))
        state, ticks = network.silence(2), []
        for tick in range(30):
            said = network(mel[:, tick : tick + 1], state)
            state = said.state
            ticks.append(said)
    for field in ("mouth", "voice", "sounds"):
        heard = torch.cat([getattr(said, field) for said in ticks], dim=1)
        assert torch.allclose(heard, getattr(whole, field), atol=1e-4), field


def test_nothing_that_comes_later_changes_what_was_said() -> None:
    torch.manual_seed(4)
    network = Network().eval()
    mel = torch.randn(1, 20, 320)
    other = mel.clone()
    other[:, 12:] += 1.0
    with torch.no_grad():
        before = network(mel, network.silence(1)).mouth
        after = network(other, network.silence(1)).mouth
    assert torch.equal(before[:, :12], after[:, :12])
    assert not torch.allclose(before[:, 12:], after[:, 12:])


def test_a_network_begins_with_what_the_first_one_said() -> None:
    network = Network().eval()
    network.grow_from_first()
    first = MouthNetwork.open(FIRST)
    mel = torch.randn(1, 40, 320, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        said = network(mel, network.silence(1)).mouth[0].numpy()
    state = first.start()
    for tick in range(40):
        weights, _, state = first.step(mel[0, tick].reshape(4, 80).numpy(), state)
        assert np.allclose(said[tick], weights, atol=1e-4)


def test_the_first_mouth_is_known_after_120_ms() -> None:
    assert (LOOK_AHEAD + 1) * 40 <= 120


def test_the_exported_tick_says_what_the_network_says() -> None:
    torch.manual_seed(6)
    network = Network().eval()
    tick, mel = Tick(network), torch.randn(1, 60, 320)
    with torch.no_grad():
        whole = network(mel, network.silence(1))
        state = network.silence(1)
        for number in range(60):
            weights, voice, state = tick(mel[:, number].reshape(1, 4, 80), state)
            assert torch.allclose(weights, whole.mouth[:, number], atol=1e-4)
            assert torch.allclose(voice[:, 0], torch.sigmoid(whole.voice[:, number]), atol=1e-4)
    assert torch.allclose(state, whole.state, atol=1e-4)
