"""A package as one file: a zip whose entries are stored as they are."""

from __future__ import annotations

import errno
import io
import stat
import struct
import threading
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from ..errors import AvatarError
from .manifest import MANIFEST
from .names import check_names

LARGEST = 2 << 30
"""Bytes of the largest package: half an hour of 1080p. Keeps every position within plain zip."""

MOST_FILES = 4096
"""The most files in a package."""

_LARGEST_DIRECTORY = 1 << 20  # bytes of a zip directory; 4096 names of 200 characters stay below
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
)
"""What the library for zips raises for files that are none."""

_END = struct.Struct("<4s4H2LH")  # the zip's last record
_LOCAL = struct.Struct("<4s5H3L2H")  # what stands before each entry
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 0x1
_AGAIN = "get the package again"
_MAKER = "do not use it, get the package from its maker"


class Archive:
    """The files of a zip, read in place.

    One handle serves all readers, each with a position of its own, from any thread; so the package stays
    readable when a newer one takes its name. Raises AvatarError for anything but a plain, safe zip.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = path.open("rb")
        try:
            self._size = self._file.seek(0, io.SEEK_END)
            self._check_end()
            self._places = self._find_places()
        except BaseException:
            self._file.close()
            raise

    def sizes(self) -> dict[str, int]:
        """Bytes of every file, by name."""
        return {name: size for name, (_, size) in self._places.items()}

    def open(self, name: str) -> BinaryIO:
        """A seekable view on one file. Raises KeyError for a name that is not there."""
        start, size = self._places[name]
        return io.BufferedReader(_View(self._file, self._lock, start, size), 1 << 16)

    def close(self) -> None:
        """Close the file, and with it every view on it."""
        self._file.close()

    def _check_end(self) -> None:
        """Look at the zip's last record before anything is believed."""
        if self._size == 0:
            raise self._fault("an empty file (0 bytes)", "an avatar package", _AGAIN)
        if self._size > LARGEST:
            raise self._fault(f"{self._size} bytes", f"at most {LARGEST}", "build shorter clips")
        self._file.seek(0)
        begins = self._file.read(4)
        start = max(0, self._size - _END.size - _LONGEST_COMMENT - 20)
        self._file.seek(start)
        tail = self._file.read()
        end = tail.rfind(b"PK\5\6")
        # the arrays inside are zips too: an end that is not the file's own belongs to one of them
        if end < 0 or end + _END.size > len(tail) or end + _END.size + _comment(tail, end) != len(tail):
            if begins == b"PK\3\4":
                raise self._fault("cut short, its end is missing", "a whole package", _AGAIN)
            raise self._fault("not a zip file", "an avatar package", "choose a file made by `avatar build`")
        _, _, _, _, count, directory, _, _ = _END.unpack_from(tail, end)
        if tail[max(0, end - 20) : end].startswith(b"PK\6\7") or count > MOST_FILES + 1:
            raise self._fault(f"a zip of {count} entries or more", f"at most {MOST_FILES}", _MAKER)
        if directory > _LARGEST_DIRECTORY:
            raise self._fault(
                f"a zip directory of {directory} bytes",
                f"at most {_LARGEST_DIRECTORY}",
                _MAKER,
            )

    def _find_places(self) -> dict[str, tuple[int, int]]:
        """Start and size of every file; folders are passed over."""
        try:
            with zipfile.ZipFile(self._file) as archive:
                entries = archive.infolist()
        except UNREADABLE as error:
            raise self._fault(f"a damaged zip ({error})", "a whole package", _AGAIN) from error
        entries = [entry for entry in entries if entry.file_size or not entry.orig_filename.endswith("/")]
        if len(entries) > MOST_FILES:
            raise self._fault(f"{len(entries)} files", f"at most {MOST_FILES}", _MAKER)
        check_names(str(self.path), [entry.orig_filename for entry in entries])
        places = {}
        used = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            self._check_kind(entry)
            start = self._start(entry)
            if entry.header_offset < used or start + entry.file_size > self._size:
                raise self._fault(
                    f"{entry.filename} lies over another entry or beyond the end",
                    "entries one after the other",
                    _AGAIN,
                )
            used = start + entry.file_size
            places[entry.filename] = (start, entry.file_size)
        return places

    def _check_kind(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename
        if entry.flag_bits & _ENCRYPTED:
            raise self._fault(f"{name} is encrypted", "plain files", _MAKER)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            what = "a link" if kind == stat.S_IFLNK else "a special file"
            raise self._fault(f"{name} is {what}", "plain files", _MAKER)
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            raise self._fault(
                f"{name} is compressed ({entry.compress_size} bytes that claim to be {entry.file_size})",
                "files stored as they are",
                "pack the folder again without compression (zip -0 -r -D)",
            )

    def _start(self, entry: zipfile.ZipInfo) -> int:
        """Where the bytes of an entry begin, from the record before them."""
        self._file.seek(max(0, entry.header_offset))
        record = self._file.read(_LOCAL.size)
        if len(record) == _LOCAL.size:
            mark, _, _, _, _, _, _, _, _, name, extra = _LOCAL.unpack(record)
            if mark == b"PK\3\4" and self._file.read(name) == entry.orig_filename.encode():
                return entry.header_offset + _LOCAL.size + int(name) + int(extra)
        raise self._fault(f"{entry.filename} is not where the zip says", "a whole package", _AGAIN)

    def _fault(self, found: str, expected: str, remedy: str) -> AvatarError:
        return AvatarError(f"{self.path}: {found}; {expected} expected; {remedy}")


class Folder:
    """A package unpacked. Raises AvatarError for links and for names that no package may have."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sizes: dict[str, int] = {}
        self._walk(path)
        check_names(str(path), list(self._sizes))

    def sizes(self) -> dict[str, int]:
        """Bytes of every file, by name."""
        return dict(self._sizes)

    def open(self, name: str) -> BinaryIO:
        """One file. Raises KeyError for a name that was not there when the folder was opened."""
        if name not in self._sizes:
            raise KeyError(name)
        return (self.path / name).open("rb")

    def close(self) -> None:
        """Nothing is held open."""

    def _walk(self, folder: Path) -> None:
        for path in sorted(folder.iterdir()):
            name = path.relative_to(self.path).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise AvatarError(
                    f"{self.path}: {name} is a link or a special file; plain files expected; "
                    "copy what it points to"
                )
            if path.is_dir():
                self._walk(path)
                continue
            self._sizes[name] = path.stat().st_size
            if len(self._sizes) > MOST_FILES:
                raise AvatarError(
                    f"{self.path}: more than {MOST_FILES} files; an unpacked avatar package expected; "
                    f"name the folder that holds its {MANIFEST}"
                )


def _comment(tail: bytes, end: int) -> int:
    """Bytes of the comment behind the zip's last record."""
    return int(_END.unpack_from(tail, end)[-1])


class _View(io.RawIOBase):
    """Some bytes of a file that others read too."""

    def __init__(self, file: BinaryIO, lock: threading.Lock, start: int, size: int) -> None:
        super().__init__()
        self._source, self._guard = file, lock
        self._start, self._size, self._position = start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "a position before the file")  # what files raise
        self._position = base + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        room = memoryview(buffer).cast("B")[: max(0, self._size - self._position)]
        with self._guard:
            self._source.seek(self._start + self._position)
            count = self._source.readinto(room)  # type: ignore[attr-defined]
        self._position += count
        return int(count)
