"""From an avatar package to parts that can be trusted: everything is checked before anything is used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pydantic import ValidationError

from ..errors import AvatarError, AvatarNotFound, NetworkError
from ..network import check_network, open_network
from .archive import Archive, Folder
from .hashing import sha256
from .manifest import FORMAT, MANIFEST, Manifest
from .poster import poster_size
from .tracks import Track, read_mask, read_references
from .video import check_video

LARGEST_MANIFEST = 2 << 20
"""Bytes; a manifest with ten thousand transitions has a tenth of it."""

_DAMAGED = "get the package again"
_REBUILD = "build the avatar again"


def open_package(path: Path) -> Package:
    """Open a .avatar file, or a folder that holds one unpacked, and check all of it.

    Raises AvatarNotFound if there is nothing at `path` and AvatarError, with what was found, what was
    expected and what to do, if anything is wrong with it. Nothing is ever written.
    """
    try:
        files = Folder(path) if path.is_dir() else Archive(path)
        try:
            return Package(files)
        except BaseException:
            files.close()
            raise
    except FileNotFoundError as error:
        raise AvatarNotFound(f"{path}: no such file or folder; an avatar package expected") from error
    except OSError as error:
        reason = error.strerror or error
        raise AvatarError(f"{path}: cannot be read ({reason}); check the file's permissions") from error


class Package:
    """A verified avatar package. May be used from several threads at once.

    Made by `open_package`.
    """

    def __init__(self, files: Archive | Folder) -> None:
        self._files = files
        self.path = files.path
        """The .avatar file or the unpacked folder."""

        self.manifest: Manifest = _read_manifest(files)
        """What the package says about itself."""

        _check_files(files, self.manifest)
        lips = self.manifest.lips
        self._tracks = dict(self._check_clips())
        with self.open(lips.mask) as file:
            self._mask = read_mask(file, self._where(lips.mask), lips.cells)
        self._references = dict(self._read_references())
        self._poster = self.read(self.manifest.poster)
        poster_size(self._poster, self._where(self.manifest.poster))
        self.lips: onnxruntime.InferenceSession = self._open_lips()
        """The lip decoder. Keeps no state: all may share it."""

    def open(self, name: str) -> BinaryIO:
        """A seekable view on one file of the package, in place; as many as you like.

        Close it after use. Raises KeyError for a name the package does not have.
        """
        return self._files.open(name)

    def read(self, name: str) -> bytes:
        """All of one file. Raises KeyError for a name the package does not have."""
        with self.open(name) as file:
            return file.read()

    def track(self, variant: str, clip: str) -> Track:
        """Where the mouth is in a clip of a variant."""
        return self._tracks[variant, clip]

    def mask(self) -> NDArray[np.float32]:
        """Shape (cells, cells): the feathered share of the drawn mouth. Cannot be written to."""
        return self._mask

    def references(self, variant: str) -> NDArray[np.uint8]:
        """Shape (2, side, side, 3), R G B: the mouth open, twice. Cannot be written to."""
        return self._references[variant]

    def poster(self) -> bytes:
        """The avatar's picture, a JPEG file."""
        return self._poster

    def close(self) -> None:
        """Close the file and let go of network and arrays. Views still open can no longer be read."""
        self._files.close()
        self._tracks.clear()
        self._references.clear()
        self.__dict__.pop("lips", None)  # some megabytes, which whoever keeps a closed package need not keep

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _where(self, name: str) -> str:
        return f"{self.path}: {name}"

    def _read_references(self) -> Iterator[tuple[str, NDArray[np.uint8]]]:
        for name, variant in self.manifest.variants.items():
            with self.open(variant.references.file) as file:
                where = self._where(variant.references.file)
                yield name, read_references(file, where, variant.references.side)

    def _check_clips(self) -> Iterator[tuple[tuple[str, str], Track]]:
        """Look at every video; the track of each clip by variant and clip."""
        for variant_name, variant in self.manifest.variants.items():
            for name, files in variant.clips.items():
                frames = self.manifest.clips[name].frames
                size = variant.width, variant.height
                for video in filter(None, (files.video, files.alpha)):
                    with self.open(video) as file:
                        check_video(file, self._where(video), size, frames, self.manifest.rate)
                with self.open(files.track) as file:
                    track = Track.read(file, self._where(files.track), size, frames, self.manifest.lips.size)
                yield (variant_name, name), track

    def _open_lips(self) -> onnxruntime.InferenceSession:
        """Open the lip decoder and let it run once, at rest."""
        lips, k = self.manifest.lips, len(self.manifest.mouth.gain)
        where = self._where(lips.network)
        inputs = {"weights": (1, k)}
        outputs = {"skin": (1, 5, lips.cells, lips.cells), "inner": (1, 10, lips.cells, lips.cells)}
        try:
            network = open_network(self.read(lips.network))
            check_network(network, where, inputs, outputs)
        except NetworkError as error:
            message = str(error).removeprefix(f"{where}: ")
            raise AvatarError(f"{where}: {message}; {_REBUILD}") from error
        rest = np.zeros((1, k), np.float32)
        try:
            fields = network.run(list(outputs), {"weights": rest})
        except Exception as error:  # onnxruntime raises a private class per status code
            reason = str(error).splitlines()[0][:120]
            raise AvatarError(f"{where}: cannot draw ({reason}); fields expected; {_REBUILD}") from error
        for (name, shape), field in zip(outputs.items(), fields, strict=True):
            if field.shape != shape or not np.isfinite(field).all():
                raise AvatarError(
                    f"{where}: {name} is {list(field.shape)} with values that are not finite; "
                    f"numbers of shape {list(shape)} expected; {_REBUILD}"
                )
        return network


def _read_manifest(files: Archive | Folder) -> Manifest:
    size = files.sizes().get(MANIFEST)
    where = f"{files.path}: {MANIFEST}"
    if size is None:
        raise AvatarError(
            f"{files.path}: no {MANIFEST}; an avatar package expected; choose one made by `avatar build`"
        )
    if size > LARGEST_MANIFEST:
        raise AvatarError(f"{where}: {size} bytes; at most {LARGEST_MANIFEST} expected; {_REBUILD}")
    with files.open(MANIFEST) as file:
        data = file.read()
    try:
        told = json.loads(data, object_pairs_hook=_no_field_twice)
    except (ValueError, RecursionError) as error:
        raise AvatarError(f"{where}: no valid JSON ({error}); a manifest expected; {_REBUILD}") from error
    _check_format(files.path, told)
    try:
        return Manifest.model_validate(told)
    except ValidationError as error:
        raise AvatarError(f"{where}: {_first_fault(error)}; {_REBUILD}") from None


def _no_field_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        twice = next(name for name in fields if [key for key, _ in pairs].count(name) > 1)
        raise ValueError(f"{twice[:60]!r} is there twice")
    return fields


def _check_format(path: Path, told: Any) -> None:
    found = told.get("format") if isinstance(told, dict) else None
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise AvatarError(f"{path}: {MANIFEST}: no format number; format {FORMAT} expected; {_REBUILD}")
    if found != FORMAT:
        remedy = "update it or rebuild the avatar" if found > FORMAT else "build the avatar again"
        raise AvatarError(f"{path}: format {found}, this renderer reads {FORMAT}; {remedy}")


def _first_fault(error: ValidationError) -> str:
    """The first thing wrong with a manifest, in one line, with the field it is in."""
    faults = error.errors(include_url=False)
    field = ".".join(str(part) for part in faults[0]["loc"] if part != "[key]") or "manifest"
    message = faults[0]["msg"].removeprefix("Value error, ")
    found = faults[0]["input"]
    shown = f", found {found!r}" if isinstance(found, (str, int, float)) and len(repr(found)) <= 60 else ""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{field}: {message[:1].lower()}{message[1:]}{shown}{more}"


def _check_files(files: Archive | Folder, manifest: Manifest) -> None:
    """Every file listed is there, nothing else is, and each has its size and its hash."""
    found = files.sizes()
    del found[MANIFEST]
    for name in sorted(set(manifest.files) - set(found)):
        raise AvatarError(f"{files.path}: {name} is missing; the manifest lists it; {_DAMAGED}")
    for name in sorted(set(found) - set(manifest.files)):
        raise AvatarError(
            f"{files.path}: {name} is not in the manifest; only listed files expected; "
            "take it out, or get the package again"
        )
    for name, facts in manifest.files.items():
        if found[name] != facts.size:
            raise AvatarError(
                f"{files.path}: {name} has {found[name]} bytes; {facts.size} expected; {_DAMAGED}"
            )
        with files.open(name) as file:
            digest = sha256(file)
        if digest != facts.sha256:
            raise AvatarError(
                f"{files.path}: {name} was changed or damaged (SHA-256 {digest[:12]}…); "
                f"{facts.sha256[:12]}… expected; {_DAMAGED}"
            )
