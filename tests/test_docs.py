"""What docs/embed.md and docs/speak.md show runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

DOCS = Path(__file__).parent.parent / "docs"
EXAMPLES = [
    (page, code)
    for page in ("embed.md", "speak.md")
    for code in re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(), re.DOTALL | re.MULTILINE)
]


@pytest.mark.parametrize(("page", "code"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(page: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With half a second of sound to push, and a screen and a loudspeaker that take what comes."""
    monkeypatch.chdir(DOCS.parent)
    shown: list[Any] = []
    pcm = np.random.default_rng(0).integers(-3000, 3000, 12_001, np.int16)
    exec(compile(code, page, "exec"), {"pcm": pcm, "show": shown.append, "play": shown.append})
    assert all(isinstance(array, np.ndarray) for array in shown)
    assert shown
