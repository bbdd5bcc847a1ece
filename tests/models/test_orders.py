"""The words of those who order coffee, from their sound alone."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest

from models.mouth.corpus.orders import complete, orders
from models.mouth.corpus.recordings import Recording
from renderer.settings import ANALYSIS_RATE

SAID = "i want a light roast latte with honey"


def spoken(folder: Path, name: str, text: str) -> Recording:
    from models.mouth.corpus.espeak import Reader

    samples, _ = Reader().read(text, "en-us", 150, 50)
    path = folder / f"{name}.wav"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("pcm_s16le", rate=ANALYSIS_RATE, layout="mono")
        pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = ANALYSIS_RATE
        film.mux([*stream.encode(frame), *stream.encode(None)])
    return Recording("orders", path)


def test_an_order_is_heard_and_kept(tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx", reason="it hears the orders")
    pytest.importorskip("espeakng_loader", reason="it says them")
    recordings = [spoken(tmp_path, "first", SAID)]
    kept = tmp_path / "work" / "orders.json"
    assert orders(recordings, kept) == {"first": SAID}
    kept.write_text(json.dumps({"first": "a mocha"}))
    assert orders(recordings, kept) == {"first": "a mocha"}  # heard once


@pytest.mark.parametrize(
    ("heard", "order"),
    [
        ("a latte with cream and", "a latte with cream"),
        ("an iced mocha", "an iced mocha"),
        ("can i get a", ""),
    ],
)
def test_what_comes_after_an_order_is_dropped(heard: str, order: str) -> None:
    assert complete(heard) == order
