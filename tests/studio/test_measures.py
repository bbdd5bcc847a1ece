"""Every measure of a drawn mouth sees its own fault, and nothing in a perfect copy."""

from __future__ import annotations

import cv2
import numpy as np
from needs import studio
from numpy.typing import NDArray

from renderer.studio.crops import mouth_mask
from renderer.studio.lips import measures

pytestmark = studio

SIZE = 96
WHERE = np.ones((SIZE, SIZE), np.bool_)


def skin(seed: int = 0) -> NDArray[np.uint8]:
    """Something with fine and coarse detail."""
    noise = np.random.default_rng(seed).normal(0, 1, (SIZE, SIZE, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 1.0) * 30 + cv2.GaussianBlur(noise, (0, 0), 8.0) * 200
    return np.asarray(np.clip(128 + soft, 0, 255), np.uint8)


def test_a_perfect_copy_has_no_fault() -> None:
    picture = skin()
    assert measures.psnr(measures.squared_error(picture, picture, WHERE)) == 100
    assert measures.likeness(picture, picture, WHERE) > 0.9999


def test_an_error_of_one_level_is_48_dB() -> None:
    picture = np.full((SIZE, SIZE, 3), 100, np.uint8)
    assert abs(measures.psnr(measures.squared_error(picture, picture + np.uint8(1), WHERE)) - 48.13) < 0.01


def test_blur_costs_detail_and_likeness() -> None:
    picture = skin()
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.uint8)
    assert measures.detail(soft, WHERE) < 0.6 * measures.detail(picture, WHERE)
    assert measures.likeness(soft, picture, WHERE) < 0.97


def test_only_what_is_asked_about_counts() -> None:
    picture, spoilt = skin(), skin()
    spoilt[: SIZE // 2] = 0
    below = np.zeros_like(WHERE)
    below[SIZE // 2 :] = True
    assert measures.squared_error(spoilt, picture, below) == 0


def test_a_patch_of_other_light_shows_at_its_border_and_a_matching_one_does_not() -> None:
    picture, mask = skin(), mouth_mask(SIZE)
    brighter = picture + mask[..., None] * (np.minimum(picture + 40.0, 255) - picture)
    seam = measures.across_border(np.asarray(brighter, np.uint8), mask)
    assert seam > 1.1 * measures.across_border(picture, mask)
    assert measures.across_border(np.full_like(picture, 90), mask) == 0


def test_flicker_is_the_change_between_two_pictures() -> None:
    picture = np.full((SIZE, SIZE, 3), 100, np.uint8)
    assert measures.change(picture + np.uint8(3), picture, WHERE) == 3
