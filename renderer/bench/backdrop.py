"""What an avatar is measured before."""

from __future__ import annotations

from ..avatar import Avatar
from ..settings import Settings

COLOUR = "#5a6a7a"


def behind(avatar: Avatar, settings: Settings) -> str | None:
    """A plain colour where the avatar has mattes, for that is what they are for; None where it has not."""
    _, variant = avatar.variant(settings)
    has_matte = all(files.alpha is not None for files in variant.clips.values())
    return COLOUR if has_matte else None
