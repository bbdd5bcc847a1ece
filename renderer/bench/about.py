"""Who is measured. Belongs into a process of its own: checking a package takes memory small devices lack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..package.reader import open_package


def about(avatar: Path) -> dict[str, Any]:
    """The avatar's "id", and its "variants" by name, the first first, with "width" and "height".

    Raises what `open_package` raises.
    """
    with open_package(avatar) as package:
        variants = package.manifest.variants.items()
        sizes = {name: {"width": size.width, "height": size.height} for name, size in variants}
        return {"id": package.manifest.id, "variants": sizes}
