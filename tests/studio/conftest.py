"""Studio tests need what trains; without it they say so and skip."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="needs the extra [studio]")
pytest.importorskip("mediapipe", reason="needs the extra [studio]")
pytest.importorskip("cv2", reason="needs the extra [studio]")
