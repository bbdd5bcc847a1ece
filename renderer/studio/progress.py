"""How far a build is, and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

T = TypeVar("T")


class BuildProgress:
    """Counts the stages of a build against what each was expected to take; shows nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._expected: dict[str, float] = {}
        self._finished: dict[str, float] = {}
        self._stage = ""
        self._began = 0.0
        self._share = 0.0
        self.tell: Callable[[str], None] = lambda _: None
        """Called with a line when a stage begins and ends."""

    def expect(self, stages: dict[str, float]) -> None:
        """Name the stages in their order, with the seconds each may take."""
        self._expected = dict(stages)

    def begin(self, stage: str) -> None:
        """The stage before is finished; `stage` runs now."""
        self._finish()
        self._stage, self._began, self._share = stage, self._clock(), 0.0
        self.tell(f"{stage} ...")
        self.show()

    def advance(self, share: float) -> None:
        """How much of the stage is done, 0 to 1."""
        self._share = min(max(share, 0.0), 1.0)
        self.show()

    def over(self, things: Iterable[T], count: int) -> Iterator[T]:
        """Go through about `count` things, and advance with each."""
        for number, thing in enumerate(things):
            yield thing
            self.advance((number + 1) / max(count, 1))

    def end(self) -> None:
        """All is done."""
        self._finish()
        self._stage = ""
        self.show()

    @property
    def stage(self) -> str:
        """What runs now."""
        return self._stage

    @property
    def took(self) -> dict[str, float]:
        """Seconds each finished stage took."""
        return dict(self._finished)

    def share(self) -> float:
        """How much of the whole is done, 0 to 1, by time."""
        left = self.seconds_left()
        spent = sum(self._finished.values()) + (self._clock() - self._began if self._stage else 0.0)
        return spent / (spent + left) if spent + left > 0 else 0.0

    def seconds_left(self) -> float:
        """Estimate for all that is left: stages not begun go as this machine has gone so far."""
        expected = self._expected.get(self._stage, 0.0)
        names = list(self._expected)
        later = names[names.index(self._stage) + 1 :] if self._stage in names else []
        planned = sum(self._expected.get(name, 0.0) for name in self._finished)
        pace = sum(self._finished.values()) / planned if planned > 0 else 1.0
        if self._stage and self._share > 0.02:
            own = (self._clock() - self._began) / self._share * (1.0 - self._share)
        else:
            own = expected * (1.0 - self._share)
        # a stage that was kept from an earlier build took no time, which says nothing about the next one
        return own + max(pace, 0.5) * sum(self._expected[name] for name in later)

    def show(self) -> None:
        """Called after every change."""

    def _finish(self) -> None:
        if self._stage:
            took = self._clock() - self._began
            self._finished[self._stage] = took
            self.tell(f"{self._stage}: {took:.1f} s")


class ShownProgress(BuildProgress):
    """A bar on the terminal."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._bar = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=1.0, left="")

    def show(self) -> None:
        left = self.seconds_left()
        text = f"{left / 60:.0f} min left" if left >= 90 else f"{left:.0f} s left"
        self._bar.update(self._task, description=self.stage, completed=self.share(), left=text)

    def __enter__(self) -> ShownProgress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
