"""Avatars by name, path or address: shipped, the user's own, or fetched from elsewhere and kept.

places    what is on this machine, and by which name
registry  a file that says which names are to be had where
fetching  what is not here is fetched and kept; from then on it needs no network
download  one file over HTTP, resumed after a cut, whole and right before it gets its name
"""

from .download import Progress
from .fetching import fetch_avatar, find_avatar
from .places import HOME_VARIABLE, Place, home, kept_folder, list_avatars
from .registry import REGISTRY_VARIABLE, Entry, Registry, is_address, read_registry

__all__ = [
    "HOME_VARIABLE",
    "REGISTRY_VARIABLE",
    "Entry",
    "Place",
    "Progress",
    "Registry",
    "fetch_avatar",
    "find_avatar",
    "home",
    "is_address",
    "kept_folder",
    "list_avatars",
    "read_registry",
]
