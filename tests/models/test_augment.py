"""What training hears: speech in disguise, noise alone, films in step."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from models.mouth.augment import DEEPEST, NOISE_ALONE, OTHER_VOICES, PITCHES, THROATS, TICKS, Batches, _smooth  # noqa: E402
from models.mouth.corpus.prepare import Example  # noqa: E402
from models.mouth.train import OFFSETS, in_step  # noqa: E402
from renderer.features import BANDS, SILENT_MEL  # noqa: E402

pytestmark = pytest.mark.studio

LOUD, MOUTH = 1.0, 2.0


def example(name: str = "talk__somebody", ticks: int = 200) -> Example:
    random = np.random.default_rng(0)
    return Example(
        name,
        "talk",
        random.normal(LOUD, 0.2, (ticks, 320)).astype(np.float32),
        np.full(ticks, -20.0, np.float32),
        np.full((ticks, 10), MOUTH, np.float32),
        np.full((ticks, 40), 1 / 40, np.float32),
        np.ones(ticks, np.float32),
    )


def batches(seed: int = 1) -> Batches:
    din = [np.random.default_rng(2).normal(0, 0.3, (1000, BANDS)).astype(np.float32)]
    return Batches({"talk": (1.0, [example()])}, seed, din)


def test_the_same_seed_draws_the_same() -> None:
    one, other = batches().draw(8), batches().draw(8)
    assert torch.equal(one.mel, other.mel)
    assert not torch.equal(one.mel, batches(5).draw(8).mel)


def test_where_only_noise_is_heard_the_mouth_rests_and_nobody_speaks() -> None:
    batch = batches().draw(200)
    alone = batch.voice.sum(dim=1) == 0
    assert abs(float(alone.float().mean()) - NOISE_ALONE) < 0.1
    assert (batch.weights[alone] == 0).all()
    assert (batch.phones[alone][..., 0] == 1).all()
    assert (batch.mel[alone].amax(dim=(1, 2)) > SILENT_MEL + 0.3).float().mean() > 0.9, "noise is heard"


def test_half_of_the_noises_begin_out_of_silence() -> None:
    batch = batches().draw(200)
    alone = batch.voice.sum(dim=1) == 0
    columns = batch.mel[alone].reshape(int(alone.sum()), TICKS * 4, BANDS).mean(dim=2)
    rise = (columns[:, 8:] - columns[:, :-8]).amax(dim=1)
    assert 0.15 < float((rise > 0.8).float().mean()) < 0.7


def test_speech_keeps_its_mouths_whatever_is_heard_with_it() -> None:
    batch = batches().draw(100)
    said = batch.weights[batch.phones[..., 0] < 1]
    assert (torch.isclose(said, torch.tensor(MOUTH)) | torch.isnan(said)).all()
    assert torch.isnan(said).any(dim=1).float().mean() < 0.05, "only where a phrase begins or a noise is near"
    assert (batch.mel >= SILENT_MEL - 1e-6).all()
    assert torch.isfinite(batch.mel).all()


def test_others_say_the_same_words() -> None:
    bands = np.arange(BANDS)
    formant, ripple, size = 30, 12.8, 300  # ripples over 64 bands
    mel = np.exp(-(((bands - formant) / 6) ** 2)) + 0.5 * np.cos(2 * np.pi * ripple / 64 * bands)
    heard = batches()._other_people(np.tile(mel.astype(np.float32), (size, 4, 1)))[:, 0]
    throat = _smooth(heard)
    at = throat.argmax(axis=1)
    assert formant / THROATS[1] - 2 <= at.min() < formant - 1
    assert formant + 1 < at.max() <= formant / THROATS[0] + 2
    voice = (heard - throat)[:, 8:72]
    depth = voice.std(axis=1) / (mel - _smooth(mel[None])[0])[8:72].std()
    assert depth.min() < 0.1
    assert 1.1 < depth.max() < 1.2 * DEEPEST
    loud = depth > 0.3
    ripples = np.abs(np.fft.rfft(voice[loud] * np.hanning(64))).argmax(axis=1)
    assert ripple * PITCHES[0] - 1 <= ripples.min() < ripple * 0.8
    assert ripple * 1.25 < ripples.max() <= ripple * PITCHES[1] + 1
    same = np.isclose(depth, 1.0, atol=0.02) & (np.abs(np.fft.rfft(voice)).argmax(axis=1) == 13)
    assert 1 - OTHER_VOICES - 0.1 < same.mean() < 1 - OTHER_VOICES + 0.15


@pytest.mark.parametrize(("clip", "late"), [("uncrop_Obama", -6), ("syncnet_example", 3)])
def test_a_film_out_of_step_is_moved_by_its_offset(clip: str, late: int) -> None:
    assert OFFSETS[clip] == late
    one = example(f"talk__{clip}", 50)
    one.weights[:] = np.arange(50, dtype=np.float32)[:, None]
    moved = in_step(one).weights[:, 0]
    known = np.isfinite(moved)
    assert known.sum() == 50 - abs(late)
    assert (moved[known] == np.flatnonzero(known) + late).all()
    assert one.weights[0, 0] == 0, "the example itself stays"
