"""A real HTTP server for tests, with the bad manners of real ones."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Manners:
    """How one request is answered."""

    status: int | None = None
    """Instead of the file."""

    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    """Hang up after so many bytes."""

    length: int | None = None
    """Content-Length, whatever the truth; -1 leaves it out."""

    ranges: bool = True
    etag: bool = True
    then: Any = None
    """Called when the answer has been sent."""


class FileServer:
    """Serves `files`; the next requests are answered with the next of `manners`, all later ones well."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.manners: deque[Manners] = deque()
        self.always: Manners = Manners()
        self.requests: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.requests.append((self.path, dict(self.headers)))
                server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._http = _Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    @property
    def ranges(self) -> list[str | None]:
        """What each request asked for."""
        return [headers.get("Range") for _, headers in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        manners = self.manners.popleft() if self.manners else self.always
        content = self.files.get(handler.path.partition("?")[0])
        status = manners.status or (404 if content is None else 200)
        content = b"" if status >= 300 or content is None else content
        etag = f'"{hashlib.sha256(content).hexdigest()[:8]}"'
        asked = handler.headers.get("Range")
        if asked and manners.ranges and status == 200 and handler.headers.get("If-Range", etag) == etag:
            first = int(asked.removeprefix("bytes=").removesuffix("-"))
            if first >= len(content):
                status, content = 416, b""
            else:
                status = 206
                manners.headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
                content = content[first:]
        handler.send_response(status)
        if manners.etag and status in (200, 206):
            handler.send_header("ETag", etag)
        length = len(content) if manners.length is None else manners.length
        if length >= 0:
            handler.send_header("Content-Length", str(length))
        for name, value in manners.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content if manners.cut is None else content[: manners.cut])
        handler.wfile.flush()
        if manners.then is not None:
            manners.then()

    @contextmanager
    def running(self) -> Iterator[FileServer]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that hangs up is its own affair."""
