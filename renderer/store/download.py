"""One file over HTTP: resumed where it broke off, and right before it gets its name.

pooch, which does downloads well otherwise, can neither resume one nor keep two processes from downloading
the same file, so this is done here, on the standard library.
"""

from __future__ import annotations

import errno
import http.client
import json
import os
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ..errors import DownloadError
from ..package.hashing import sha256
from .web import NO_RANGE, Reply, Unavailable, request, shown

Progress = Callable[[int, "int | None"], None]
"""Told how many bytes are there, of how many in all (None while nobody says)."""

PATIENCE = 5
"""Tries in a row that bring nothing new before it is given up."""

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each further try."""

LONGEST_PAUSE = 30.0
"""Seconds a server may ask to wait (Retry-After)."""

LARGEST = 2 << 30
"""Bytes of a file whose size nobody says: a package is no larger."""

BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file, and what is known of it beforehand."""

    url: str
    size: int | None = None
    """Bytes."""

    sha256: str | None = None
    """64 hexadecimal digits, small."""

    at_most: int = LARGEST
    """Bytes."""


def download(
    wanted: Wanted,
    target: Path,
    *,
    check: Callable[[Path], None] | None = None,
    progress: Progress | None = None,
    patience: int = PATIENCE,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Fetch a file to `target`, through `target`.part, which stays and is resumed after a cut.

    target    in a folder that exists; must be this process's alone meanwhile (`lock.locked`)
    check     looks into the whole file before it gets its name; what it raises passes on
    patience  tries in a row without a new byte before it is given up

    Raises DownloadError; then there is no `target`, and a .part only if it is worth resuming.
    """
    _Download(wanted, target, progress or (lambda _have, _all: None), patience, wait).run(check)


class _Download:
    def __init__(
        self, wanted: Wanted, target: Path, progress: Progress, patience: int, wait: Callable[[float], None]
    ) -> None:
        self._wanted, self._target, self._progress = wanted, target, progress
        self._patience, self._wait = patience, wait
        self._part = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")
        self._total = wanted.size
        self._where = shown(wanted.url)

    def run(self, check: Callable[[Path], None] | None) -> None:
        try:
            was_resumed = self._collect()
            fault = self._fault()
            if fault is not None and was_resumed:
                self._forget()  # the two halves may be of two files: once more, from the start
                self._collect()
                fault = self._fault()
        except BaseException:
            if not self._may_resume():
                self._forget()
            raise
        if fault is not None:
            self._forget()
            raise DownloadError(f"{self._where}: {fault}; nothing was kept; try another source")
        if check is not None:
            try:
                check(self._part)
            except Exception:
                self._forget()
                raise
        self._part.replace(self._target)
        self._note.unlink(missing_ok=True)

    def _collect(self) -> bool:
        """Get all of it into the .part; whether some of it had been there before."""
        was_resumed = False
        failures, most = 0, self._have()
        while True:
            have = self._have() if self._may_resume() else 0
            if have and have == self._wanted.size:
                return True
            try:
                with request(self._wanted.url, have, self._validator()) as reply:
                    was_resumed |= reply.start > 0
                    self._take(reply)
                return was_resumed
            except Unavailable as error:
                reason, pause = str(error), error.retry_after
            except (http.client.HTTPException, OSError) as error:
                if _is_final(error):
                    raise
                reason, pause = _reason(error), None
            failures = 0 if self._have() > most else failures + 1
            most = max(most, self._have())
            if failures >= self._patience:
                have = self._have() if self._may_resume() else 0
                remedy = f"{have} bytes are kept, try again to go on" if have else "try again later"
                raise DownloadError(f"{self._where}: {reason}, {failures} times in a row; {remedy}")
            usual = PAUSES[min(max(failures, 1), len(PAUSES)) - 1]
            self._wait(min(LONGEST_PAUSE, usual if pause is None else pause))

    def _may_resume(self) -> bool:
        """Whether a beginning can be told from another file's: by the server's word or by the hash."""
        return self._wanted.sha256 is not None or self._validator() is not None

    def _have(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _take(self, reply: Reply) -> None:
        """Append a reply's bytes, or begin anew with them."""
        if reply.status == NO_RANGE:  # what is there is not a beginning of it
            self._forget()
            raise Unavailable("the server has less than is already here", None)
        if reply.total is not None and reply.total > self._wanted.at_most:
            self._forget()
            raise DownloadError(
                f"{self._where}: {reply.total} bytes there, at most {self._wanted.at_most} expected"
            )
        if self._wanted.size is not None and reply.total not in (None, self._wanted.size):
            self._forget()
            raise DownloadError(
                f"{self._where}: {reply.total} bytes there, {self._wanted.size} expected; "
                "the registry is older or newer than the file"
            )
        self._total = self._wanted.size or reply.total
        self._note.write_text(json.dumps({"validator": reply.validator}))
        have = reply.start
        with self._part.open("r+b" if have else "wb") as part:
            part.truncate(have)
            part.seek(have)
            self._progress(have, self._total)
            while block := reply.read(BLOCK):
                have += len(block)
                if have > (self._total or self._wanted.at_most):
                    self._forget_after(part)
                    raise DownloadError(
                        f"{self._where}: more than the {self._total or self._wanted.at_most} bytes expected; "
                        "nothing was kept; try another source"
                    )
                part.write(block)
                self._progress(have, self._total)
            part.flush()
            os.fsync(part.fileno())
        if self._total is not None and have < self._total:
            raise Unavailable(f"broke off after {have} of {self._total} bytes", None)

    def _validator(self) -> str | None:
        """What the server called the file of which the .part is the beginning."""
        try:
            return json.loads(self._note.read_text())["validator"]  # type: ignore[no-any-return]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _fault(self) -> str | None:
        """What is wrong with the whole file."""
        have = self._have()
        if self._wanted.size is not None and have != self._wanted.size:
            return f"{have} bytes came, {self._wanted.size} expected"
        if self._wanted.sha256 is not None:
            with self._part.open("rb") as part:
                found = sha256(part)
            if found != self._wanted.sha256:
                return f"the file that came has SHA-256 {found[:12]}…, {self._wanted.sha256[:12]}… expected"
        return None

    def _forget(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _forget_after(self, part: IO[bytes]) -> None:
        part.close()
        self._forget()


def _is_final(error: Exception) -> bool:
    """Whether no further try mends it: what we raise ourselves, a full disk, a false certificate."""
    if isinstance(error, DownloadError) or isinstance(
        getattr(error, "reason", None), ssl.SSLCertVerificationError
    ):
        return True
    full = (errno.ENOSPC, errno.EROFS, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
    return isinstance(error, OSError) and (error.filename is not None or error.errno in full)


def _reason(error: Any) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return "the connection broke off"
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)
