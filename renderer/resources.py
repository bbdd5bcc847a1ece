"""Where the networks, avatars and sounds that ship with the program are.

A wheel carries them inside, as data of this package (setup.py puts them there); a checkout has them in
models/ and examples/.
"""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "data"
_CHECKOUT = Path(__file__).parent.parent / "models"

DEFAULT_AVATAR = "nora"
"""Shown when no avatar is named."""


def mouth_network() -> Path:
    """The audio-to-mouth network."""
    return _first(_INSTALLED / "mouth.onnx", _CHECKOUT / "mouth" / "mouth.onnx")


def lip_base() -> Path:
    """The lip networks of many people, which the studio teaches one person's mouth."""
    return _first(_INSTALLED / "lips-base.npz", _CHECKOUT / "lips" / "base.npz")


def example_speech() -> Path:
    """A recording of a few sentences, for measuring and trying."""
    return _first(_INSTALLED / "hello.opus", _CHECKOUT.parent / "examples" / "hello.opus")


def avatars() -> dict[str, Path]:
    """The avatars that ship with the program, by name."""
    folder = _first(_INSTALLED / "avatars", _CHECKOUT / "avatars")
    return {path.stem: path for path in sorted(folder.glob("*.avatar"))}


def _first(*places: Path) -> Path:
    return next((place for place in places if place.exists()), places[-1])
