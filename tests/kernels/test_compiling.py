"""Kernels work where machine code cannot be kept on disk."""

from __future__ import annotations

from typing import Any

import pytest

from renderer.kernels import compiling


def test_without_a_place_to_keep_machine_code_it_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """numba raises while decorating if neither the source folder nor the user's cache can be written."""
    asked: list[dict[str, Any]] = []

    def njit(**options: Any) -> Any:
        asked.append(options)

        def decorate(function: Any) -> Any:
            if options.get("cache"):
                raise RuntimeError("cannot cache function 'f': no locator available")
            return function

        return decorate

    monkeypatch.setattr(compiling, "njit", njit)

    def double(x: int) -> int:
        return 2 * x

    assert compiling.compiled(double)(4) == 8
    assert asked == [{"cache": True, "nogil": True}, {"nogil": True}]
