"""One HTTP request, and what its reply means for a download."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPMessage, HTTPResponse
from importlib import metadata
from typing import IO, Any

from ..errors import DownloadError

TIMEOUT = 20.0
"""Seconds without a byte before a connection is taken for cut."""

NO_RANGE = 416
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class Unavailable(Exception):
    """Not now; perhaps in `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float | None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer, to be read."""

    status: int
    start: int
    """Position in the file of the first byte that comes."""

    total: int | None
    """Bytes of the whole file, as far as the server says."""

    validator: str | None
    """What names this very content: a strong ETag or a date."""

    response: Any

    def read(self, count: int) -> bytes:
        """At most so many bytes more, none at the end. Raises http.client.IncompleteRead after a cut."""
        return self.response.read(count)  # type: ignore[no-any-return]


@contextmanager
def request(url: str, start: int = 0, validator: str | None = None) -> Iterator[Reply]:
    """Ask for a file from byte `start` on, if it still is the content that `validator` names.

    Without a validator it is the caller who knows. Servers that know no ranges, or have another content,
    begin at 0. Raises Unavailable for what may pass, DownloadError for what will not, and what the network
    raises.
    """
    asked = urllib.request.Request(url, headers={"User-Agent": _agent(), "Accept-Encoding": "identity"})
    if start:
        asked.add_header("Range", f"bytes={start}-")
        if validator:
            asked.add_header("If-Range", validator)
    try:
        with _opener.open(asked, timeout=TIMEOUT) as response:
            yield _reply(url, response)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == NO_RANGE:
                yield Reply(NO_RANGE, 0, None, None, error)
                return
            if error.code in _TRANSIENT:
                raise Unavailable(f"the server answers {error.code} {error.reason}", _pause(error)) from error
            raise DownloadError(
                f"{shown(url)}: the server answers {error.code} {error.reason}; check the address"
            ) from error


def shown(url: str) -> str:
    """An address for messages: without what may be secret in it."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _reply(url: str, response: HTTPResponse) -> Reply:
    headers = response.headers
    if headers.get("Content-Encoding", "identity") != "identity":
        encoding = headers["Content-Encoding"]
        raise DownloadError(f"{shown(url)}: comes encoded as {encoding}; plain bytes expected")
    length = headers.get("Content-Length")
    total = int(length) if length and length.isdecimal() else None
    start = 0
    if response.status == 206:
        match = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
        if match is None:
            raise Unavailable("the server sends a part and does not say which", None)
        start = int(match[1])
        total = None if match[2] == "*" else int(match[2])
    etag = headers.get("ETag")
    validator = etag if etag and not etag.startswith("W/") else headers.get("Last-Modified")
    return Reply(response.status, start, total, validator, response)


def _pause(error: urllib.error.HTTPError) -> float | None:
    asked = error.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else None


def _agent() -> str:
    return f"avatar-renderer/{metadata.version('avatar-renderer')}"


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows, but never from a secured address to an open one."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        allowed = {"https", req.type}
        if urllib.parse.urlsplit(newurl).scheme not in allowed:
            expected = " or ".join(sorted(allowed))
            raise DownloadError(
                f"{shown(req.full_url)}: leads on to {shown(newurl)}; an address with {expected} expected"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_opener = urllib.request.build_opener(_Redirects)
