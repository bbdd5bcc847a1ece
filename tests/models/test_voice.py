"""Teaching the voice head, and what leaves the recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="export needs onnx")

from models.mouth.augment import Batches  # noqa: E402
from models.mouth.corpus.prepare import Example  # noqa: E402
from models.mouth.export import export  # noqa: E402
from models.mouth.network import Network  # noqa: E402
from models.mouth.voice import loss, train  # noqa: E402
from renderer.features import BANDS  # noqa: E402
from renderer.mouth import MouthNetwork  # noqa: E402

pytestmark = pytest.mark.studio


def batches() -> Batches:
    """Speech whose bands ripple, din that is flat."""
    random = np.random.default_rng(1)
    ripple = np.tile(np.sin(np.arange(BANDS) / 3), 4)
    speech = (random.normal(0.8, 0.2, (300, 320)) + ripple).astype(np.float32)
    rest, unnamed = np.zeros((300, 10), np.float32), np.zeros((300, 40), np.float32)
    loud, voiced = np.full(300, -20.0, np.float32), np.ones(300, np.float32)
    said = Example("somebody", "talk", speech, loud, rest, unnamed, voiced)
    din = [random.normal(0, 0.2, (500, BANDS)).astype(np.float32)]
    return Batches({"talk": (1.0, [said])}, 3, din, alone=0.5)


def test_the_voice_learns_and_the_lips_stay_as_they_were() -> None:
    torch.manual_seed(0)
    network = Network()
    mel = torch.randn(1, 20, 320)
    with torch.no_grad():
        before = network(mel, network.silence(1)).mouth
        wrong = loss(network, batches().draw(64))
    train(network, batches(), steps=40)
    with torch.no_grad():
        assert torch.equal(network(mel, network.silence(1)).mouth, before)
        assert loss(network, batches().draw(64)) < 0.8 * wrong


def test_an_exported_network_is_small_and_opens(tmp_path: Path) -> None:
    torch.manual_seed(0)
    path = tmp_path / "mouth.onnx"
    export(Network().eval(), path, "a test")
    assert path.stat().st_size <= 1.5e6, "the issue's limit"
    assert MouthNetwork.open(path).look_ahead == 2
    assert [*tmp_path.iterdir()] == [path]
