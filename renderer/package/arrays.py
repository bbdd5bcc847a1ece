"""Arrays from .npz files of strangers: no pickles, no surprises, no more memory than announced."""

from __future__ import annotations

import io
import math
import struct
import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import AvatarError
from .archive import UNREADABLE

Arrays = dict[str, NDArray[Any]]

_npy: Any = np.lib.format
_HEADER = 4096  # bytes the head of an .npy may take; ours take 128
_REMEDY = "build the avatar again"


def read_arrays(file: BinaryIO, where: str, expected: Mapping[str, tuple[str, tuple[int, ...]]]) -> Arrays:
    """Read an .npz that holds exactly the `expected` arrays: name -> (dtype, shape).

    The arrays cannot be written to. Values are only looked at for being finite. Raises AvatarError naming
    the first difference.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if sorted(names) != sorted(f"{name}.npy" for name in expected):
                found = ", ".join(name.removesuffix(".npy") for name in names[:8]) or "nothing"
                raise AvatarError(f"{where}: the arrays {found}; {', '.join(expected)} expected; {_REMEDY}")
            arrays = {}
            for entry in entries:
                name = entry.filename.removesuffix(".npy")
                dtype, shape = expected[name]
                size = np.dtype(dtype).itemsize * math.prod(shape)
                if entry.file_size > size + _HEADER:
                    raise AvatarError(
                        f"{where}: {name} takes {entry.file_size} bytes; {dtype} {list(shape)}, "
                        f"{size} bytes, expected; {_REMEDY}"
                    )
                arrays[name] = _parse(archive.read(entry), f"{where}: {name}", np.dtype(dtype), shape)
    except AvatarError:
        raise
    except UNREADABLE as error:
        raise AvatarError(f"{where}: not an .npz file ({error}); arrays expected; {_REMEDY}") from error
    return arrays


def _parse(data: bytes, where: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    file = io.BytesIO(data)
    try:
        version = _npy.read_magic(file)
        read = {
            (1, 0): _npy.read_array_header_1_0,
            (2, 0): _npy.read_array_header_2_0,
        }[version]
        found_shape, columns_first, found = read(file)
    except (ValueError, KeyError, TypeError, SyntaxError, RecursionError, struct.error) as error:
        raise AvatarError(f"{where} is not an array; {dtype} {list(shape)} expected; {_REMEDY}") from error
    if found.hasobject:
        raise AvatarError(f"{where} holds pickled objects; {dtype} {list(shape)} expected; {_REMEDY}")
    if found != dtype or found_shape != shape or columns_first:
        order = " by columns" if columns_first else ""
        raise AvatarError(
            f"{where} is {found} {list(found_shape)}{order}; {dtype} {list(shape)} expected; {_REMEDY}"
        )
    if len(data) - file.tell() != dtype.itemsize * math.prod(shape):
        raise AvatarError(f"{where} is cut short; {dtype} {list(shape)} expected; {_REMEDY}")
    array = np.frombuffer(data, dtype, offset=file.tell()).reshape(shape)
    if dtype.kind == "f" and not np.isfinite(array).all():
        raise AvatarError(f"{where} holds values that are not finite; plain numbers expected; {_REMEDY}")
    return array
