"""What docs/embed.md shows runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PAGE = Path(__file__).parent.parent / "docs" / "embed.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("code", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(code: str) -> None:
    """With half a second of sound to push, and a screen and a loudspeaker that take what comes."""
    shown: list[Any] = []
    pcm = np.random.default_rng(0).integers(-3000, 3000, 12_001, np.int16)
    exec(compile(code, str(PAGE), "exec"), {"pcm": pcm, "show": shown.append, "play": shown.append})
    assert all(isinstance(array, np.ndarray) for array in shown)
    assert shown
