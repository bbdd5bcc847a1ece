"""Parts are measured in processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.bench.order import Order
from renderer.errors import RendererError


def test_a_start_is_told_step_by_step(tiny_avatar: Path) -> None:
    told = Order("startup", str(tiny_avatar), "96p", 1.0).run()
    seconds = told["seconds"]
    steps = ("interpreter", "import", "open", "first frame")
    assert all(seconds[step] > 0 for step in steps)
    assert seconds["all"] == pytest.approx(sum(seconds[step] for step in steps))
    assert set(told["memory"]) == set(steps)


def test_what_fails_there_is_told_here_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RendererError, match=r"measuring frames of 96p failed: .*none\.avatar"):
        Order("frames", str(tmp_path / "none.avatar"), "96p", 1.0).run()
