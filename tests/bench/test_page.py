"""The page holds every figure, and nothing from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser

from bench_figures import figures

from renderer.bench.page import page_of
from renderer.bench.rows import TABLES
from renderer.bench.verdict import verdict


class Reader(HTMLParser):
    """Collects text, and checks that tags close in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_every_cell_is_on_the_page() -> None:
    told = figures(4.0)
    told["verdict"] = verdict(told)
    reader = Reader()
    reader.feed(page_of(told))
    text = " ".join(reader.text)
    assert not reader.open
    assert not reader.links
    assert told["verdict"]["words"] in text
    assert "Chip & Co <2>" in text, "escaped once"
    for rows in TABLES:
        head, body = rows(told)
        for row in body:
            assert len(row) <= len(head)
            assert all(cell in reader.text for cell in row if cell)
