"""A lip network learns a drawn mouth, and the file the player gets draws the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch")

import torch

from renderer.errors import NetworkError, StudioError
from renderer.kernels.mouth import draw_mouth
from renderer.network import check_network, open_network
from renderer.studio.crops import mouth_mask
from renderer.studio.lips.base import load_base, save_base
from renderer.studio.lips.export import export_mask
from renderer.studio.lips.fields import CELLS, window
from renderer.studio.lips.figures import compare
from renderer.studio.lips.model import LipModel
from renderer.studio.lips.recording import GAP, Recording, draw_batch
from renderer.studio.lips.step import LipNetworks
from renderer.studio.lips.training import train_lips

pytestmark = pytest.mark.studio

FRAMES = 24
STEPS = 14


def cartoon(gap: float, light: float, size: int = 64) -> NDArray[np.uint8]:
    """A face of one colour with a red mouth that opens by `gap` typical deviations, teeth inside."""
    y, x = (np.mgrid[:size, :size] + 0.5) / size
    picture = np.broadcast_to(np.array([0.8, 0.6, 0.5]), (size, size, 3)).copy()
    half = 0.03 * max(gap, 0.0)
    away = ((x - 0.5) / 0.22) ** 2
    picture[away + ((y - 0.44) / (0.06 + half)) ** 2 < 1] = (0.7, 0.2, 0.2)
    picture[away + ((y - 0.44) / (half + 1e-6)) ** 2 < 0.6] = (0.1, 0.0, 0.0)
    picture[(away < 0.3) & (y > 0.44 - half) & (y < 0.44 - 0.3 * half)] = (0.95, 0.95, 0.9)
    return np.asarray(np.clip(picture * light * 255, 0, 255), np.uint8)


def recording() -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.bool_]]:
    """A cartoon that speaks while a cloud passes."""
    gaps = np.maximum(0, 2.5 * np.sin(np.arange(FRAMES) / 2.2))
    weights = np.zeros((FRAMES, 10), np.float32)
    weights[:, GAP] = gaps
    crops = np.stack([cartoon(gap, 1 - 0.2 * n / FRAMES) for n, gap in enumerate(gaps)])
    return crops, weights, gaps == 0


def closed() -> NDArray[np.uint8]:
    """The same frames with the mouth at rest, as clips show them."""
    return np.stack([cartoon(0, 1 - 0.2 * n / FRAMES) for n in range(FRAMES)])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained base whose talking people do what the cartoon does."""
    return untrained(tmp_path_factory.mktemp("base") / "base.npz", 2.5)


def untrained(path: Path, widest: float) -> Path:
    """A base network that knows nothing but mouths open up to `widest`; always the same."""
    torch.manual_seed(0)
    bank = np.zeros((6, 10), np.float32)
    bank[:, GAP] = np.linspace(0, widest, 6)
    save_base(path, LipNetworks(), bank)
    return path


@pytest.fixture(scope="module")
def model(base: Path, tmp_path_factory: pytest.TempPathFactory) -> LipModel:
    work = tmp_path_factory.mktemp("work")
    return train_lips(*recording(), work, around=closed(), base=base, steps=120)


def test_training_brings_the_drawing_closer(model: LipModel, base: Path) -> None:
    crops, weights, rest = recording()
    untaught = LipModel.start(load_base(base)[0], Recording(crops, weights, rest))
    before = compare(untaught.draw(weights, closed()), crops, weights)
    after = compare(model.draw(weights, closed()), crops, weights)
    assert after.psnr > before.psnr + 1


def test_weights_of_zero_leave_the_frame_as_it_is(model: LipModel) -> None:
    drawn = model.draw(np.zeros(10, np.float32), closed())
    weights = recording()[1]
    assert compare(drawn, closed(), weights).psnr > 30


def test_exported_network_says_what_the_model_says(model: LipModel, tmp_path: Path) -> None:
    path = tmp_path / "lips.onnx"
    model.export(path)
    session = open_network(path)
    shapes = {"skin": (1, 5, CELLS, CELLS), "inner": (1, 10, CELLS, CELLS)}
    check_network(session, str(path), {"weights": (1, 10)}, shapes)
    weights = recording()[1]
    skin, inner = model.fields(weights)
    for frame in (0, 5, 11):
        found = session.run(["skin", "inner"], {"weights": weights[frame : frame + 1]})
        np.testing.assert_allclose(found[0][0], skin[frame], atol=2e-3)
        np.testing.assert_allclose(found[1][0], inner[frame], atol=2e-3)
        shares, paint = np.split(inner[frame, 4:], [3])
        assert shares.min() >= 0
        assert shares.sum(axis=0).max() <= 1 + 1e-6
        assert 0 <= paint.min() <= paint.max() <= 1


def test_the_player_draws_in_a_frame_what_was_learned_in_crops(model: LipModel) -> None:
    # a crop in a frame of its own size, pixel on pixel: nothing but rounding and interpolation may differ
    weights, size = recording()[1], model.size
    pictures = recording()[0][model.references]
    references = np.zeros((*pictures.shape[:3], 4), np.uint8)
    references[..., :3] = pictures[..., ::-1]
    skin, inner = model.fields(weights)
    everywhere, still = np.ones((CELLS, CELLS), np.float32), np.eye(2, 3, dtype=np.float32)
    for frame in (3, 5, 11):
        expected = model.draw(weights[frame], closed()[frame : frame + 1])[0]
        picture = np.zeros((size, size, 4), np.uint8)
        picture[..., :3] = closed()[frame, ..., ::-1]
        fields, inside = (skin[frame], inner[frame]), window(size)
        draw_mouth(picture, *fields, everywhere, references, inside, size, still, 1.0)
        off = np.abs(picture[1:-1, 1:-1, 2::-1].astype(int) - expected[1:-1, 1:-1])
        assert off.mean() < 2


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    crops, weights, rest = recording()
    base = untrained(tmp_path / "base.npz", 12.0)  # with mouths to imagine, too
    whole = train_lips(crops, weights, rest, tmp_path / "whole", base=base, steps=STEPS)

    class Interrupted(Exception):
        pass

    def stop(share: float, _: str) -> None:
        if share >= 0.5:
            raise Interrupted

    with pytest.raises(Interrupted):
        train_lips(crops, weights, rest, tmp_path / "parts", base=base, steps=STEPS, progress=stop)
    shares: list[float] = []
    parts = train_lips(
        *recording(),
        tmp_path / "parts",
        base=base,
        steps=STEPS,
        progress=lambda share, _: shares.append(share),
    )
    assert len(shares) == STEPS // 2
    assert shares[-1] == 1.0
    np.testing.assert_array_equal(whole.draw(weights, crops), parts.draw(weights, crops))


def test_other_footage_does_not_resume_the_training_of_this(base: Path, tmp_path: Path) -> None:
    crops, weights, rest = recording()
    seen: list[str] = []
    train_lips(crops, weights, rest, tmp_path, base=base, steps=2)
    inverted = np.asarray(255 - crops, np.uint8)
    train_lips(inverted, weights, rest, tmp_path, base=base, steps=2, progress=lambda _, s: seen.append(s))
    assert len(seen) == 2


def test_no_time_left_still_gives_a_model(base: Path, tmp_path: Path) -> None:
    model = train_lips(*recording(), tmp_path, base=base, minutes=0.0)
    assert model.draw(np.zeros(10, np.float32), recording()[0]).shape == (FRAMES, 64, 64, 3)


def test_someone_who_never_opens_the_mouth_is_taught_with_resting_references(
    base: Path, tmp_path: Path
) -> None:
    crops, weights, rest = recording()
    weights[:] = 0
    crops[:] = crops[:1]
    closed = Recording(crops, weights, ~rest | rest)
    rest_frame, opened = closed.references()
    assert opened == [rest_frame, rest_frame]
    train_lips(crops, weights, rest, tmp_path, base=base, steps=2)


def test_frames_without_weights_teach_nothing(base: Path, tmp_path: Path) -> None:
    crops, weights, rest = recording()
    weights[3:] = np.nan
    assert Recording(crops, weights, rest).usable.tolist() == [0, 1, 2]
    with pytest.raises(StudioError, match="at least 2"):
        train_lips(crops, np.full_like(weights, np.nan), rest, tmp_path, base=base)


def test_what_surrounds_the_mouth_is_taught_as_clips_show_it() -> None:
    crops, weights, rest = recording()
    around = np.asarray(255 - crops, np.uint8)
    mask = np.zeros(crops.shape[1:3], np.float32)
    mask[20:40, 20:40] = 1.0
    batch = draw_batch(
        Recording(crops, weights, rest, around, mask), np.arange(len(crops)), 8, np.random.default_rng(0)
    )
    drawn = np.rint(255 * batch.target.permute(0, 2, 3, 1).numpy()).astype(np.uint8)
    shown = np.rint(255 * batch.rest.permute(0, 2, 3, 1).numpy()).astype(np.uint8)
    is_quiet = (batch.weights == 0).all(dim=1).numpy()
    np.testing.assert_array_equal(drawn[:2], shown[:2])
    assert is_quiet[:2].all()
    for frame in drawn[2:]:
        (which,) = [n for n in range(len(crops)) if (frame[mask > 0] == crops[n][mask > 0]).all()][:1]
        np.testing.assert_array_equal(frame[mask == 0], around[which][mask == 0])
    assert all(any((frame == some).all() for some in around) for frame in shown)


def test_surroundings_of_another_shape_are_refused() -> None:
    crops, weights, rest = recording()
    with pytest.raises(StudioError, match="both must be alike"):
        Recording(crops, weights, rest, crops[1:])


def test_lengths_that_differ_are_refused() -> None:
    crops, weights, rest = recording()
    with pytest.raises(StudioError, match="equally long"):
        Recording(crops, weights[1:], rest)


def test_a_base_of_other_networks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "base.npz"
    np.savez(path, bank=np.zeros((1, 10)), other=np.zeros(3))
    with pytest.raises(NetworkError, match=r"models\.lips\.train"):
        load_base(path)
    with pytest.raises(NetworkError, match=r"models\.lips\.train"):
        load_base(tmp_path / "none.npz")


def test_mask_file_holds_the_mask(tmp_path: Path) -> None:
    mask = mouth_mask(2 * CELLS)
    export_mask(tmp_path / "mask.npz", mask)
    with np.load(tmp_path / "mask.npz", allow_pickle=False) as file:
        np.testing.assert_allclose(file["mask"].mean(), mask.mean(), atol=1e-6)
        assert file["mask"].shape == (CELLS, CELLS)


def test_a_saved_model_draws_the_same(model: LipModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.pt")
    again = LipModel.load(tmp_path / "model.pt")
    crops, weights, _ = recording()
    np.testing.assert_array_equal(model.draw(weights, crops), again.draw(weights, crops))
    assert again.references == model.references
