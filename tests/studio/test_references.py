"""References are the film's own open mouths, for each variant as fine as it needs them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from faces import write_film
from needs import studio

from renderer.studio.crops import SIZE, cut, resampled
from renderer.studio.footage import pictures, probe
from renderer.studio.lips.references import FINER, SIDES, cut_references
from renderer.studio.variants import View

pytestmark = studio

WIDTH, HEIGHT, FRAMES = 320, 240, 102
AFFINE = np.array([[1.2, 0.0, 80.0], [0.0, 1.2, 50.0]], np.float32)


def test_each_variant_gets_the_frames_asked_for_at_its_own_fineness(tmp_path: Path) -> None:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    wave = [np.stack([120 + 90 * np.sin((x + 9 * n) / 14), 0.8 * y, 0.7 * x], -1) for n in range(FRAMES)]
    path = write_film(tmp_path / "film.mp4", [np.asarray(picture, np.uint8) for picture in wave])
    footage = probe(path)
    film = list(pictures(footage))
    track = np.repeat(AFFINE[None], FRAMES, axis=0)
    views = {"whole": View(WIDTH, HEIGHT, 0, 0, WIDTH, HEIGHT), "half": View(160, 120, 0, 0, WIDTH, HEIGHT)}
    found = cut_references(footage, track, [4, 1], views)
    side = round(FINER * 1.2 * SIZE)
    assert found["whole"].shape == (2, side, side, 3)
    assert found["half"].shape == (2, round(side / 2), round(side / 2), 3)
    for number, frame in enumerate((4, 1)):
        wanted = cut(film[frame], resampled(AFFINE, SIZE, side), side).astype(int)
        assert np.abs(found["whole"][number] - wanted).max() <= 1


def test_a_small_face_still_gets_a_reference_of_some_size(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", [np.full((HEIGHT, WIDTH, 3), 90, np.uint8)] * FRAMES)
    tiny = np.repeat(0.2 * AFFINE[None], FRAMES, axis=0)
    found = cut_references(probe(path), tiny, [0, 0], {"": View(WIDTH, HEIGHT, 0, 0, WIDTH, HEIGHT)})
    assert found[""].shape == (2, SIDES[0], SIDES[0], 3)
