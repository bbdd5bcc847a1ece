"""`python -m benchmarks.latency`: how long a listener waits, in real time, with the player and counted sound.

answer     from the first pushed sample to the picture of it on the screen while it is heard
trickle    the same with sound that comes in real time, 20 ms at a time, as from a microphone
silence    from the call of `interrupt` to the moment nothing more is heard
closed     from the call of `interrupt` to the first picture with a closed mouth
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from renderer import Settings, open_avatar
from renderer.audio import load_sound
from renderer.easing import CLOSING
from renderer.session import Session
from renderer.sinks.keys import WindowEvent
from renderer.sinks.player import play
from renderer.sinks.silent import SilentSpeaker
from renderer.timeline import Timeline
from renderer.types import Picture, VideoFrame

from .machine import machine

SPEECH = Path(__file__).parent.parent / "examples" / "hello.opus"
RATE = 48_000
CHUNK = RATE // 50
LIMIT = 0.200
"""Seconds promised for each of them (sound that trickles in has 120 ms of look-ahead in it)."""


class Stage:
    """The player's screen: it notes what is shown when, and plays the other side of the conversation."""

    def __init__(self, session: Session, speech: Any, trials: int, seed: int) -> None:
        self.session, self.speech, self.trials = session, speech, trials
        self.took: dict[str, list[float]] = {"answer": [], "trickle": [], "silence": [], "closed": []}
        self.speaker = _Speaker(RATE, self)
        self._frames: dict[int, VideoFrame] = {}
        self._script = self._talk(random.Random(seed))
        self._due = next(self._script)
        self._asked: tuple[str, float] | None = None
        self._cut_at: float | None = None
        self._closing = 0

    def frames(self) -> Iterator[VideoFrame]:
        for frame in self.session:
            self._frames = {key: kept for key, kept in self._frames.items() if kept.index > frame.index - 20}
            self._frames[id(frame.pixels)] = frame
            yield frame

    def events(self) -> Iterator[WindowEvent]:
        while time.perf_counter() >= self._due:
            due = next(self._script, None)
            if due is None:
                yield WindowEvent.CLOSE
                return
            self._due = due

    def show(self, pixels: Picture) -> None:
        now, frame = time.perf_counter(), self._frames[id(pixels)]
        if frame.utterance is not None and self._asked is not None:
            self.took[self._asked[0]].append(now - self._asked[1])
            self._asked = None
        elif frame.utterance is None and self._cut_at is not None:
            self._closing += 1
            if self._closing == CLOSING:
                self.took["closed"].append(now - self._cut_at)
                self._cut_at, self._closing = None, 0

    def flushed(self) -> None:
        if self._cut_at is not None:
            self.took["silence"].append(time.perf_counter() - self._cut_at)

    def _talk(self, chance: random.Random) -> Iterator[float]:
        """Does something and gives the time of what is next."""
        for trial in range(self.trials):
            yield time.perf_counter() + chance.uniform(0.3, 0.8)
            self._asked = ("trickle" if trial % 4 == 3 else "answer", time.perf_counter())
            if trial % 4 == 3:
                began = time.perf_counter()
                for number, first in enumerate(range(0, RATE, CHUNK)):
                    self.session.push(self.speech[first : first + CHUNK], RATE)
                    yield began + (number + 1) * CHUNK / RATE
            else:
                self.session.push(self.speech[: 2 * RATE], RATE)
            yield time.perf_counter() + chance.uniform(0.4, 0.9)
            self._cut_at, self._closing = time.perf_counter(), 0
            self.session.interrupt()
            yield time.perf_counter() + 0.4


class _Speaker(SilentSpeaker):
    """Tells the stage when what is queued is thrown away."""

    def __init__(self, sample_rate: int, stage: Stage) -> None:
        super().__init__(sample_rate)
        self._stage = stage

    def flush(self) -> None:
        super().flush()
        self._stage.flushed()


def measure(trials: int, avatar_name: str | None = None, seed: int = 0) -> dict[str, dict[str, float]]:
    """Milliseconds of each: p50, p95 and worst."""
    speech = load_sound(SPEECH, RATE)
    settings = Settings(pixels="bgra")
    with open_avatar(avatar_name) as avatar, avatar.session(settings) as session:
        stage = Stage(session, speech, trials, seed)
        timeline = Timeline(RATE, avatar.manifest.rate)
        play(stage.frames(), stage, stage.speaker, timeline, session=session)
    return {
        name: {
            "p50": float(np.percentile(took, 50)) * 1e3,
            "p95": float(np.percentile(took, 95)) * 1e3,
            "worst": max(took) * 1e3,
            "trials": len(took),
        }
        for name, took in stage.took.items()
        if took
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=main.__doc__)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--avatar", default=None)
    parser.add_argument("--json", type=Path, default=None)
    given = parser.parse_args()
    results = measure(given.trials, given.avatar)
    table = Table(title="Waiting, in real time (ms)")
    for heading in ("", "p50", "p95", "worst", "trials"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, row in results.items():
        table.add_row(name, *(f"{row[key]:.0f}" for key in ("p50", "p95", "worst", "trials")))
    Console(highlight=False).print(table)
    if given.json is not None:
        given.json.write_text(json.dumps({"machine": machine(), "latency": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
