"""Which names files in a package may have."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from ..errors import AvatarError
from .manifest import PathInside

_plain = TypeAdapter(PathInside)


def check_names(where: str, names: list[str]) -> None:
    """Refuse names that could point outside the package, and names given twice.

    Names that differ only in capitals count as the same: on Windows and macOS they are. Raises AvatarError.
    """
    seen: dict[str, str] = {}
    for name in names:
        if fault := _fault(name):
            raise AvatarError(
                f"{where}: the file name {_short(name)} {fault}; names inside the package are expected; "
                "do not use it, get the package from its maker"
            )
        twin = seen.setdefault(name.casefold(), name)
        if twin is not name:
            raise AvatarError(
                f"{where}: {_short(name)} is there twice; every file once is expected; get the package again"
            )


def _fault(name: str) -> str | None:
    if "\\" in name:
        return "has a backslash"
    if name.startswith("/") or name[1:2] == ":":
        return "is absolute"
    if ".." in name.split("/"):
        return "leads outside with '..'"
    try:
        _plain.validate_python(name)
    except ValidationError:
        return "is not made of letters, digits and . _ - alone"
    return None


def _short(name: str) -> str:
    return repr(name) if len(name) <= 60 else repr(name[:57] + "...")
