"""An evaluation tells good lips from bad ones, and says so in figures, words and pictures."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable

import numpy as np
import pytest
from faces import draw, film_of, write_film
from needs import studio
from numpy.typing import NDArray

from renderer.studio import rest
from renderer.studio.body import close_mouths, match_light
from renderer.studio.build import plan_avatar
from renderer.studio.evaluation import Evaluation, Filmed, evaluate
from renderer.studio.faces import sharp_frames
from renderer.studio.progress import BuildProgress
from renderer.studio.work import WorkFolder

pytestmark = studio

FRAMES = 102
HELD = np.arange(52, 68)
OFF = 3.0
"""Pixels by which the landmarks of rebuilt pictures are made to lie elsewhere."""


class Finder:
    """Knows where the face of the drawn film is, from its frame `first` on, `off` pixels to the right."""

    points = np.zeros((0, 478, 3), np.float32)

    def __init__(self, first: int = 0, off: float = 0.0) -> None:
        self._frame, self._off = itertools.count(first), np.array([off, 0, 0], np.float32)

    def __enter__(self) -> Finder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find(self, _: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(self.points[next(self._frame)] + self._off, np.float32)


class Lips:
    """Draws given crops, whatever is asked for: by light added to the closed mouth, pixel by pixel."""

    references = (0, 1)

    def __init__(self, crops: NDArray[np.uint8], closed: NDArray[np.uint8]) -> None:
        self._light = (crops.astype(np.float32) - closed).transpose(0, 3, 1, 2) / 255

    def fields(self, weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        count, _, cells, _ = self._light.shape
        assert len(weights) == count
        skin = np.concatenate([np.zeros((count, 2, cells, cells), np.float32), self._light], axis=1)
        return skin, np.zeros((count, 10, cells, cells), np.float32)


Judge = Callable[[str], Evaluation]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Filmed, NDArray[np.uint8]]:
    """A drawn face that talks, as a build knows it, and its mouth in every frame."""
    opening = np.zeros(FRAMES)
    opening[30:90] = 0.1 * np.sin(np.arange(60) / 60 * 6 * np.pi) ** 2
    Finder.points = film_of(opening, 10 * np.sin(np.arange(FRAMES) / 12))
    folder = tmp_path_factory.mktemp("film")
    path = write_film(folder / "film.mp4", [draw(frame) for frame in Finder.points])
    work, progress = WorkFolder(path, folder / "work"), BuildProgress()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("renderer.studio.faces.FaceFinder", Finder)
        plan = plan_avatar(path, work, progress)
    faces = plan.faces
    resting = rest.plan_rest(
        faces.points, faces.weights, faces.affine, plan.drivable, sharp_frames(plan.crops), faces.rest.model
    )
    resting = match_light(plan.footage, faces, resting, work, progress)
    closed = close_mouths(plan.footage, faces, resting, work, progress)
    return Filmed(plan.footage, faces, resting, closed, plan.drivable, plan.mask), plan.crops


@pytest.fixture(scope="module")
def judge(film: tuple[Filmed, NDArray[np.uint8]]) -> Judge:
    """Judges lips that draw what was `filmed`, or only `closed` mouths, or `blurred` ones."""
    known, crops = film
    parts = [crops[HELD, y : y + 126, x : x + 126].astype(np.float32) for y in range(3) for x in range(3)]
    soft = crops[HELD]
    soft[:, 1:-1, 1:-1] = np.mean(parts, axis=0)
    drawn = {"filmed": crops[HELD], "closed": known.closed[HELD], "blurred": soft}

    @functools.cache
    def judged(which: str) -> Evaluation:
        found = iter([Finder(HELD[0]), Finder(HELD[0], OFF)])
        size = known.footage.width, known.footage.height
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("renderer.studio.evaluation.FaceFinder", lambda: next(found))
            patched.setattr("renderer.studio.lips.export.CELLS", known.closed.shape[1])
            lips = Lips(drawn[which], known.closed[HELD])
            evaluation = evaluate(known, lips, HELD, size)  # type: ignore[arg-type]
        assert evaluation is not None
        return evaluation

    return judged


def test_what_was_filmed_is_better_than_a_mouth_that_stays_closed(judge: Judge) -> None:
    perfect, lazy = judge("filmed"), judge("closed")
    assert perfect.psnr > lazy.psnr + 6
    assert perfect.ssim > lazy.ssim
    assert perfect.frames == len(HELD)
    assert perfect.start == HELD[0] / 25
    assert 0.7 < perfect.seam < 1.3


def test_blur_is_seen(judge: Judge) -> None:
    assert judge("blurred").sharpness < 0.9 * judge("filmed").sharpness


def test_landmarks_are_counted_in_widths_of_the_mouth(judge: Judge) -> None:
    width = np.linalg.norm(Finder.points[HELD, 61, :2] - Finder.points[HELD, 291, :2], axis=1)
    assert judge("filmed").landmarks == pytest.approx(100 * OFF * (1 / width).mean(), rel=0.01)


def test_the_samples_go_from_the_least_open_mouth_to_the_widest(judge: Judge) -> None:
    samples = judge("filmed").samples
    assert len(samples) >= 5
    assert all(sample.filmed.shape == sample.rebuilt.shape for sample in samples)
    dark = [int((sample.filmed.max(axis=2) < 40).sum()) for sample in samples]
    assert dark[-1] > dark[0]


def test_figures_are_told_with_their_aims_in_words_and_for_programs(judge: Judge) -> None:
    evaluation = judge("closed")
    told = "\n".join(evaluation.lines())
    assert "never seen in training" in told
    assert "missed" in told
    kept = json.loads(evaluation.to_json())
    assert kept["figures"]["psnr"] == {
        "value": round(evaluation.psnr, 4),
        "aim": 29.0,
        "met": evaluation.psnr >= 29,
    }
    assert kept["figures"]["ssim"]["aim"] is None


def test_too_few_frames_are_not_judged() -> None:
    assert evaluate(None, None, HELD[:3], (1, 1)) is None  # type: ignore[arg-type]
