"""A clip's file stays small whatever moves in it, and says what it is."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from needs import studio

from renderer.studio.clips import BUFFER, KEYFRAME_EVERY, MOST_BITS, ClipFile

pytestmark = studio

WIDTH, HEIGHT, SECONDS = 256, 192, 6


def test_a_clip_of_nothing_but_noise_keeps_to_its_rate(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    path = tmp_path / "720p" / "noise.mp4"
    with ClipFile(path, WIDTH, HEIGHT) as clip:
        for _ in range(25 * SECONDS):
            small = chance.integers(90, 170, (HEIGHT // 4, WIDTH // 4, 3))
            clip.write(small.repeat(4, axis=0).repeat(4, axis=1).astype(np.uint8))
    rate = MOST_BITS * WIDTH * HEIGHT / 8
    assert path.stat().st_size <= 1.1 * rate * (SECONDS + BUFFER)
    with av.open(str(path)) as film:
        frames = list(film.decode(video=0))
    assert len(frames) == 25 * SECONDS
    keys = [number for number, frame in enumerate(frames) if frame.key_frame]
    assert max(np.diff([*keys, len(frames)])) <= KEYFRAME_EVERY


def test_a_clip_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    try:
        with ClipFile(path, WIDTH, HEIGHT) as clip:
            clip.write(np.zeros((HEIGHT, WIDTH, 3), np.uint8))
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert not list(tmp_path.iterdir())
