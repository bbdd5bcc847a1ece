"""Whatever the server does, a file has its name only when it is whole and right."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from servers import FileServer, Manners

from renderer.errors import DownloadError
from renderer.store.download import PATIENCE, Wanted, download

CONTENT = np.random.default_rng(1).bytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Fetch:
    """Downloads CONTENT, and remembers what happened."""

    def __init__(self, server: FileServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.target = folder / "anna.avatar"
        self.pauses: list[float] = []
        self.progress: list[tuple[int, int | None]] = []
        server.files["/anna.avatar"] = CONTENT

    def __call__(self, size: int | None = len(CONTENT), sha256: str | None = SHA256) -> None:
        download(
            Wanted(self.server.url + "/anna.avatar", size, sha256),
            self.target,
            progress=lambda have, total: self.progress.append((have, total)),
            wait=self.pauses.append,
        )

    @property
    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def fetch(server: FileServer, tmp_path: Path) -> Fetch:
    return Fetch(server, tmp_path)


def test_a_file_arrives_whole_and_nothing_else_stays(fetch: Fetch) -> None:
    fetch()
    assert fetch.target.read_bytes() == CONTENT
    assert fetch.left == ["anna.avatar"]
    assert fetch.progress[0] == (0, len(CONTENT))
    assert fetch.progress[-1] == (len(CONTENT), len(CONTENT))
    assert fetch.pauses == []


def test_a_cut_connection_is_resumed_where_it_broke(fetch: Fetch) -> None:
    fetch.server.manners += [Manners(cut=100_000), Manners(cut=50_000)]
    fetch()
    assert fetch.target.read_bytes() == CONTENT
    assert fetch.server.ranges == [None, "bytes=100000-", "bytes=150000-"]
    assert all("If-Range" in headers for _, headers in fetch.server.requests[1:])
    assert fetch.left == ["anna.avatar"]


def test_an_earlier_run_is_resumed(fetch: Fetch) -> None:
    fetch.server.always = Manners(cut=0)
    fetch.server.manners += [Manners(cut=100_000)]
    with pytest.raises(DownloadError, match="100000 bytes are kept, try again to go on"):
        fetch()
    assert fetch.left == ["anna.avatar.part", "anna.avatar.part.json"]
    fetch.server.always = Manners()
    fetch.server.requests.clear()
    fetch()
    assert fetch.server.ranges == ["bytes=100000-"]
    assert fetch.target.read_bytes() == CONTENT


def test_control_c_leaves_a_part_to_resume(fetch: Fetch) -> None:
    def press(have: int, _total: int | None) -> None:
        if have:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(Wanted(fetch.server.url + "/anna.avatar"), fetch.target, progress=press)
    assert fetch.left == ["anna.avatar.part", "anna.avatar.part.json"]
    fetch()
    assert fetch.server.ranges[1] is not None
    assert fetch.target.read_bytes() == CONTENT


def test_another_file_behind_the_address_is_fetched_from_its_start(fetch: Fetch) -> None:
    def change() -> None:
        fetch.server.files["/anna.avatar"] = CONTENT[::-1]

    fetch.server.manners += [Manners(cut=100_000, then=change)]
    fetch(size=None, sha256=None)
    assert fetch.target.read_bytes() == CONTENT[::-1]


def test_a_server_without_ranges_sends_it_all_again(fetch: Fetch) -> None:
    fetch.server.manners += [Manners(cut=100_000)]
    fetch.server.always = Manners(ranges=False)
    fetch()
    assert fetch.target.read_bytes() == CONTENT


def test_without_validator_or_hash_nothing_is_resumed(fetch: Fetch) -> None:
    fetch.server.manners += [Manners(cut=100_000, etag=False)]
    fetch(sha256=None)
    assert fetch.server.ranges == [None, None]
    assert fetch.target.read_bytes() == CONTENT


def test_without_validator_the_hash_lets_it_resume(fetch: Fetch) -> None:
    fetch.server.manners += [Manners(cut=100_000, etag=False)]
    fetch()
    assert fetch.server.ranges == [None, "bytes=100000-"]
    assert "If-Range" not in fetch.server.requests[1][1]


def test_a_beginning_of_another_file_is_thrown_away_by_its_hash(fetch: Fetch) -> None:
    (fetch.folder / "anna.avatar.part").write_bytes(b"x" * 1000)
    fetch()
    assert fetch.server.ranges == ["bytes=1000-", None]
    assert fetch.target.read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(fetch: Fetch) -> None:
    (fetch.folder / "anna.avatar.part").write_bytes(b"x" * 400_000)
    fetch()
    assert fetch.target.read_bytes() == CONTENT


def test_a_whole_part_needs_no_request(fetch: Fetch) -> None:
    (fetch.folder / "anna.avatar.part").write_bytes(CONTENT)
    fetch()
    assert fetch.server.requests == []
    assert fetch.left == ["anna.avatar"]


@pytest.mark.parametrize("length", [400_000, 200_000, 10])
def test_a_false_length_is_found_out(fetch: Fetch, length: int) -> None:
    fetch.server.always = Manners(length=length)
    with pytest.raises(DownloadError, match=f"{length} bytes there, 300000 expected"):
        fetch()
    assert fetch.left == []


def test_a_length_too_long_never_ends_it(fetch: Fetch) -> None:
    fetch.server.always = Manners(length=400_000)
    with pytest.raises(DownloadError, match="times in a row"):
        fetch(size=None)
    assert not fetch.target.exists()
    assert len(fetch.server.requests) < 3 * PATIENCE


def test_a_length_too_short_is_found_out_by_the_hash(fetch: Fetch) -> None:
    fetch.server.always = Manners(length=200_000)
    with pytest.raises(DownloadError, match=r"SHA-256 .* expected; nothing was kept"):
        fetch(size=None)
    assert fetch.left == []


def test_a_file_without_length_arrives(fetch: Fetch) -> None:
    fetch.server.always = Manners(length=-1)
    fetch()
    assert fetch.target.read_bytes() == CONTENT


def test_an_endless_file_is_cut_off_at_what_was_expected(fetch: Fetch) -> None:
    fetch.server.always = Manners(length=-1)
    with pytest.raises(DownloadError, match="more than the 1000 bytes expected"):
        fetch(size=1000)
    assert fetch.left == []


def test_wrong_bytes_never_get_the_name(fetch: Fetch) -> None:
    fetch.server.files["/anna.avatar"] = CONTENT[::-1]
    with pytest.raises(DownloadError, match=f"SHA-256 .* {SHA256[:12]}.* expected; nothing was kept"):
        fetch()
    assert fetch.left == []
    assert len(fetch.server.requests) == 1


def test_what_does_not_pass_its_check_never_gets_the_name(fetch: Fetch) -> None:
    def refuse(path: Path) -> None:
        assert path.read_bytes() == CONTENT
        raise ValueError("no avatar")

    with pytest.raises(ValueError, match="no avatar"):
        download(Wanted(fetch.server.url + "/anna.avatar"), fetch.target, check=refuse)
    assert fetch.left == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_final(fetch: Fetch, status: int) -> None:
    fetch.server.always = Manners(status=status)
    with pytest.raises(DownloadError, match=f"{fetch.server.url}/anna.avatar: the server answers {status}"):
        fetch()
    assert len(fetch.server.requests) == 1
    assert fetch.left == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_ever_later(fetch: Fetch, status: int) -> None:
    fetch.server.manners += [Manners(status=status), Manners(status=status)]
    fetch()
    assert fetch.pauses == [0.5, 1.0]
    assert fetch.target.read_bytes() == CONTENT


def test_a_server_says_how_long_to_wait_within_reason(fetch: Fetch) -> None:
    fetch.server.manners += [Manners(status=503, headers={"Retry-After": after}) for after in ("7", "86400")]
    fetch()
    assert fetch.pauses == [7.0, 30.0]


def test_a_server_that_stays_busy_is_given_up(fetch: Fetch) -> None:
    fetch.server.always = Manners(status=503)
    with pytest.raises(DownloadError, match=f"503 .* {PATIENCE} times in a row; try again later"):
        fetch()
    assert len(fetch.server.requests) == PATIENCE
    assert fetch.left == []


def test_nobody_there_is_told(fetch: Fetch) -> None:
    fetch.server.url = "http://127.0.0.1:1"
    with pytest.raises(DownloadError, match="refused, 5 times in a row; try again later"):
        fetch()


def test_redirections_are_followed_to_their_end(fetch: Fetch) -> None:
    fetch.server.manners += [Manners(status=302, headers={"Location": "/anna.avatar"}), Manners(cut=1000)]
    fetch()
    assert fetch.target.read_bytes() == CONTENT


@pytest.mark.parametrize("place", ["/anna.avatar", "ftp://127.0.0.1/x", "file:///etc/passwd"])
def test_redirections_in_circles_or_elsewhere_are_refused(fetch: Fetch, place: str) -> None:
    fetch.server.always = Manners(status=302, headers={"Location": place})
    with pytest.raises(DownloadError):
        fetch()
    assert fetch.left == []


def test_what_comes_compressed_is_refused(fetch: Fetch) -> None:
    fetch.server.always = Manners(headers={"Content-Encoding": "gzip"})
    with pytest.raises(DownloadError, match="encoded as gzip; plain bytes expected"):
        fetch()


def test_messages_hold_no_secrets(fetch: Fetch) -> None:
    fetch.server.always = Manners(status=404)
    with pytest.raises(DownloadError) as error:
        download(Wanted(fetch.server.url + "/anna.avatar?token=secret"), fetch.target)
    assert "secret" not in str(error.value)
