"""What the mouth network learns from: models/mouth/distil/*.py"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("mediapipe")
onnx = pytest.importorskip("onnx")
pytestmark = pytest.mark.studio

from models.mouth.distil import din  # noqa: E402
from models.mouth.distil.augment import TICKS, Batches  # noqa: E402
from models.mouth.distil.export import between, halved  # noqa: E402
from models.mouth.distil.network import HEARD, LOOK_AHEAD, Duet, Pupil  # noqa: E402
from models.mouth.distil.prepare import Example, stretched  # noqa: E402
from models.mouth.distil.teacher import TICKS as LESSON  # noqa: E402
from models.mouth.distil.teacher import Lesson, in_step, say, teach  # noqa: E402
from models.mouth.distil.train import loss, near  # noqa: E402
from models.mouth.export import export  # noqa: E402
from renderer.mouth import MouthNetwork  # noqa: E402


@pytest.fixture(scope="module")
def batches() -> Batches:
    random = np.random.default_rng(0)
    patch = pytest.MonkeyPatch()
    patch.setattr(din, "SOUNDS", 24)
    one = Example(
        "one",
        "group",
        random.normal(0, 1, (200, 320)).astype(np.float16),
        np.ones(200, np.float32),
        random.normal(1, 1, (200, 10)).astype(np.float32),
        random.normal(0, 1, (200, HEARD)).astype(np.float16),
    )
    try:
        return Batches({"group": (1.0, [one])}, seed=3)
    finally:
        patch.undo()


def test_a_picture_behind_its_sound_is_moved_forward() -> None:
    weights = np.arange(20, dtype=np.float32).reshape(10, 2)
    assert np.array_equal(in_step(weights, 3)[:7], weights[3:])
    assert np.isnan(in_step(weights, 3)[7:]).all()
    assert np.array_equal(in_step(weights, -2)[2:], weights[:8])


def test_a_faster_hearing_has_the_same_mouths_sooner() -> None:
    rows = np.linspace(0, 99, 100, dtype=np.float32)[:, None]
    fast = stretched(rows, 50, 2.0)
    assert np.allclose(fast[:, 0], np.arange(50) * 2 + 0.5)
    assert np.array_equal(stretched(rows, 100, 1.0), rows)


def test_a_quarter_of_a_batch_is_no_speech_and_wants_a_mouth_at_rest(batches: Batches) -> None:
    batch = batches.draw(200)
    silent = (batch.voice.sum(dim=1) == 0).numpy()
    assert 0.15 < silent.mean() < 0.35
    assert not batch.weights[torch.from_numpy(silent)].any()
    assert torch.isnan(batch.heard[torch.from_numpy(silent)]).all()
    assert torch.isfinite(batch.mel).all()


def test_speech_is_heard_at_every_level_the_network_must_follow(batches: Batches) -> None:
    batch = batches.draw(200)
    spoken = batch.voice.sum(dim=1) > 0
    loudest = batch.mel[spoken].reshape(int(spoken.sum()), -1).quantile(0.95, dim=1)
    assert float(loudest.max() - loudest.min()) > 1.5  # 30 dB


def test_voice_begins_as_long_before_the_sound_as_the_network_looks_ahead() -> None:
    voice = torch.zeros(1, 20)
    voice[0, 10:12] = 1
    wanted = near(voice)[0].nonzero().flatten()
    assert wanted[0] == 10 - LOOK_AHEAD
    assert wanted[-1] == 11 + 2


def test_learning_lowers_the_loss(batches: Batches) -> None:
    torch.manual_seed(0)
    network = Pupil(width=16)
    optimiser = torch.optim.Adam(network.parameters(), 1e-2)
    batch = batches.draw(8)
    first = loss(network, batch)
    for _ in range(20):
        optimiser.zero_grad()
        value = loss(network, batch)
        value.backward()
        optimiser.step()
    assert batch.mel.shape == (8, TICKS, 320)
    assert float(value.detach()) < 0.8 * float(first.detach())


def test_a_teacher_learns_the_mouth_that_goes_with_a_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.mouth.distil.teacher.STEPS", 60)
    random = np.random.default_rng(1)
    direction = random.normal(0, 1, 1024).astype(np.float32)
    found = []
    for name in ("a", "b"):
        heard = random.normal(0, 1, (LESSON, 1)).astype(np.float32) * direction
        weights = np.repeat((heard @ direction / 1024)[:, None], 10, axis=1)
        found.append(Lesson(name, heard.astype(np.float16), weights))
    member = teach({"grid_s1": found}, seed=0)
    said = say([member], found[0].heard)
    assert np.corrcoef(said[:, 1], found[0].weights[:, 1])[0, 1] > 0.7


def test_mouth_and_voice_run_as_one_network_of_half_the_size(tmp_path: Path) -> None:
    torch.manual_seed(1)
    mouth, voice = Pupil(width=32).eval(), Pupil(width=48).eval()
    both = Duet(mouth, mouth.state, voice).half().float()
    whole, path = tmp_path / "whole.onnx", tmp_path / "mouth.onnx"
    export(both, whole, "a test")
    onnx.save(halved(onnx.load(str(whole))), str(path))
    assert path.stat().st_size < 0.6 * whole.stat().st_size
    opened = MouthNetwork.open(path)
    assert opened.look_ahead == LOOK_AHEAD
    mel = torch.randn(1, 12, 320)
    with torch.no_grad():
        expected = mouth(mel, torch.zeros(1, mouth.state))[0][0].numpy()
        heard = torch.sigmoid(voice(mel, torch.zeros(1, voice.state))[1])[0].numpy()
    state = opened.start()
    for tick in range(12):
        weights, probability, state = opened.step(mel[0, tick].reshape(4, 80).numpy(), state)
        assert np.allclose(weights, expected[tick], atol=5e-3)
        assert abs(probability - heard[tick]) < 5e-3


def test_a_mean_of_two_runs_lies_between_them() -> None:
    one, other = Pupil(width=16), Pupil(width=16)
    before = {name: table.clone() for name, table in one.state_dict().items()}
    between(one, other.state_dict(), 0.25)
    for name, table in one.state_dict().items():
        share = 1.0 if name.startswith("heads.voice") else 0.25
        assert torch.allclose(table, share * before[name] + (1 - share) * other.state_dict()[name], atol=1e-6)
