"""`python -m benchmarks.soak --minutes 30`: a conversation in real time, as rude as people are.

Speech in portions with stalls, interruptions, gestures, pauses, single words; avatars closed and opened
again. Every sample is checked on its way: none may be lost, doubled or said after it was interrupted.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from renderer import Settings, State, open_avatar
from renderer.audio import load_sound
from renderer.bench.machine import machine
from renderer.memory import keep_large_blocks_apart
from renderer.session import Session
from renderer.sinks.keys import WindowEvent
from renderer.sinks.player import play
from renderer.sinks.silent import SilentSpeaker
from renderer.timeline import Timeline
from renderer.types import Picture, VideoFrame

from .tally import Gaps, Tally

SPEECH = Path(__file__).parent.parent / "examples" / "hello.opus"
RATE = 48_000
RESULTS = Path(__file__).parent / "results" / "soak.json"

WARM = 60.0
"""Seconds in which each avatar is visited once, before the visits that count: nothing may grow afterwards."""

SAMPLED = 0.5
"""Seconds between two looks at the memory, and of quiet before one: a queue of speech is no growth."""


class Conversation:
    """The player's screen, and the person before it. All of it runs in the player's thread."""

    def __init__(
        self,
        session: Session,
        speaker: SilentSpeaker,
        speech: Any,
        seconds: float,
        chance: random.Random,
        tally: Tally,
    ) -> None:
        self._session, self._speech, self._chance, self._tally = session, speech, chance, tally
        self._gaps = Gaps(speaker, tally)
        self._ends = time.perf_counter() + seconds
        self._script = self._talk()
        self._due = 0.0
        self._said = self._heard = 0  # samples, each known by its place in the speech
        self._number = -1
        self._was_interrupted = self._listens = False
        self._answers: deque[bool] = deque()  # whether nothing stood before each utterance not begun yet
        self._looks = _in(seconds / 3)
        self._quiet_since: float | None = None
        self.memory: list[float] = []
        """Megabytes resident, looked at now and then while the avatar listens and nothing waits."""
        session.on("gesture_started", lambda **_: self._count("gestures"))
        session.on("speech_started", lambda: self._count("utterances"))
        session.on("first_frame", self._answer)

    def frames(self) -> Iterator[VideoFrame]:
        for frame in self._session:
            self._check(frame)
            yield frame
            self._gaps.look(frame)

    def show(self, _: Picture) -> None:
        """Nobody looks."""

    def events(self) -> Iterator[WindowEvent]:
        while time.perf_counter() >= self._due:
            self._due = next(self._script)
        self._look()
        if time.perf_counter() > self._ends:
            yield WindowEvent.CLOSE

    def _look(self) -> None:
        now = time.perf_counter()
        if self._heard != self._said or not self._listens:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = now
        elif now > max(self._looks, self._quiet_since + SAMPLED):
            self._looks = now + SAMPLED
            self.memory.append(_resident())

    def _talk(self) -> Iterator[float]:
        chance, session = self._chance, self._session
        while True:
            for _ in range(chance.choice([1, 1, 2, 5])):
                length = chance.choice([0.2, 0.8, 2.0, 4.0])
                portion = chance.choice([0.02, 0.1, 1.0])
                if round(length / portion):
                    self._answers.append(self._heard == self._said)
                for _ in range(round(length / portion)):
                    self._push(round(portion * RATE))
                    if chance.random() < 0.02:
                        yield _in(chance.uniform(0.2, 1.5))  # the voice stalls
                    elif portion < 0.1:
                        yield _in(portion)
                session.finish()
                yield _in(chance.choice([0.0, 0.0, 0.3, length]))
            deed = chance.choice(["interrupt", "interrupt", "gesture", "pause", "think", "wait"])
            if deed == "interrupt":
                session.interrupt()
                self._answers.clear()
                self._heard, self._was_interrupted = self._said, True
            elif deed == "gesture" and session.gestures:
                session.gesture(chance.choice(session.gestures), chance.choice(["now", "next"]))
            elif deed == "pause":
                session.pause()
                yield _in(chance.uniform(0.1, 1.0))
                session.resume()
            elif deed == "think":
                session.think()
            yield _in(chance.uniform(0.0, 2.0))

    def _push(self, samples: int) -> None:
        self._session.push(self._words(self._said, samples), RATE)
        self._said += samples

    def _words(self, first: int, count: int) -> Any:
        return np.take(self._speech, np.arange(first, first + count), mode="wrap")

    def _check(self, frame: VideoFrame) -> None:
        tally = self._tally
        tally.frames += 1
        sound = frame.sound[frame.sound != 0]
        if len(sound):
            tally.wrong_sound += not np.array_equal(sound, self._words(self._heard, len(sound)))
            self._heard += len(sound)
        if self._was_interrupted and frame.state is not State.LISTENING and frame.utterance is None:
            tally.late_states += 1
        if frame.index > self._number + 1:  # a player gives some back, which come again
            tally.jumps_in_number += 1
        self._number, self._was_interrupted = frame.index, False
        self._listens = frame.state is State.LISTENING

    def _answer(self, seconds: float) -> None:
        if self._answers and self._answers.popleft():
            self._tally.answers_ms.append(seconds * 1e3)

    def _count(self, name: str) -> None:
        setattr(self._tally, name, getattr(self._tally, name) + 1)


def _in(seconds: float) -> float:
    return time.perf_counter() + seconds


def visit(name: str, speech: Any, seconds: float, seed: int, tally: Tally) -> list[float]:
    """Open an avatar, talk with it, close it; megabytes that were resident while it listened."""
    with open_avatar(name) as avatar:
        settings = Settings(pixels="bgra", seed=seed)
        timeline = Timeline(RATE, avatar.manifest.rate)
        with avatar.session(settings) as session:
            speaker = SilentSpeaker(RATE)
            talk = Conversation(session, speaker, speech, seconds, random.Random(seed), tally)
            stats = play(talk.frames(), talk, speaker, timeline, session=session)
            tally.interruptions += session.interruptions
            tally.underruns_of_speech += session.statistics.underruns
        tally.shown += stats.counts.shown
        tally.dropped += stats.counts.dropped
        tally.late += stats.counts.held
        tally.worst_skew_ms = max(tally.worst_skew_ms, abs(stats.counts.worst_skew) * 1e3)
    return talk.memory


def soak(minutes: float, avatars: list[str], visits: int, seed: int = 0) -> Iterator[Tally]:
    """Visit the avatars in turn, once each in the first minute and then so many times, for `minutes` in all;
    tells after each visit that counts."""
    speech = load_sound(SPEECH, RATE)
    speech[speech == 0] = 1e-7  # silence would not be told from frames without sound
    tally = Tally()
    for number, name in enumerate(avatars):
        visit(name, speech, WARM / len(avatars), seed - 1 - number, tally)
    seconds = (minutes * 60 - WARM) / visits / len(avatars)
    for number in range(visits * len(avatars)):
        name = avatars[number % len(avatars)]
        memory = visit(name, speech, seconds, seed + number, tally)
        tally.remember(Path(name).stem, memory, _resident())
        yield tally


def _resident() -> float:
    """Megabytes resident now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    """Talk, write down after each visit what happened, and end with 1 if something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=main.__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--visits", type=int, default=4, help="of each avatar")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, default=RESULTS, help="where to write it down")
    parser.add_argument("avatars", nargs="*", help="names or paths; else Milo, Nora and Theo")
    given = parser.parse_args()
    if given.minutes * 60 <= WARM:
        parser.error(
            f"--minutes {given.minutes:g}; more than {WARM / 60:g} expected, the first is not judged"
        )
    keep_large_blocks_apart()  # as `avatar play` does
    threads, on = threading.active_count(), machine()
    facts: dict[str, Any] = {}
    for tally in soak(given.minutes, given.avatars or ["milo", "nora", "theo"], given.visits, given.seed):
        facts = tally.facts(threading.active_count() - threads)
        told = {"machine": on, "minutes": given.minutes, "seed": given.seed, "soak": facts}
        given.json.write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(facts, indent=1))
    if not facts["is_well"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
