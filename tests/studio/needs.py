"""Importing this skips a test module, with a reason, where the extra [studio] is not installed."""

from __future__ import annotations

import pytest

for name in ("torch", "mediapipe", "cv2", "scipy", "onnx"):
    pytest.importorskip(name, reason="needs the extra [studio]")

studio = pytest.mark.studio
