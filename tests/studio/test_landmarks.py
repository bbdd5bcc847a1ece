"""The first face of a film is found as well as the others."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from needs import studio

from renderer.studio.footage import pictures, probe
from renderer.studio.landmarks import find_faces

pytestmark = studio

SHARED = Path(__file__).parents[3] / "shared"


@pytest.mark.data
def test_the_first_frame_of_a_film_shows_no_larger_face_than_the_next() -> None:
    # the tracker needs some looks at a face to find it whole: the resting mouth once jumped at the start
    source = SHARED / "data" / "footage" / "portrait_woman_1080x1920.mp4"
    if not source.exists():
        pytest.skip("the recordings of ../shared are not here")
    points, _ = find_faces(itertools.islice(pictures(probe(source)), 5))
    long = np.linalg.norm(points[:, 10, :2] - points[:, 152, :2], axis=1)
    assert abs(long[0] / long[1] - 1) < 0.012
