from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers import FileServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A file server on this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with FileServer().running() as running:
        yield running
