from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from renderer.store.lock import locked


def test_one_at_a_time(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with locked(tmp_path / "lock", wait=lambda _seconds: None):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_waits_is_told_once_and_gets_it_in_the_end(tmp_path: Path) -> None:
    looks, told = [], []
    with locked(tmp_path / "lock") as _:
        release = threading.Event()

        def wait(seconds: float) -> None:
            looks.append(seconds)
            if len(looks) == 3:
                release.set()
                taken.wait(10)

        taken = threading.Event()

        def other() -> None:
            with locked(tmp_path / "lock", lambda: told.append(1), wait):
                pass

        thread = threading.Thread(target=other)
        thread.start()
        assert release.wait(10)
    taken.set()
    thread.join(10)
    assert not thread.is_alive()
    assert told == [1]


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    """The process is killed while it holds the lock."""
    code = f"""
import os, signal
from pathlib import Path
from renderer.store.lock import locked
with locked(Path({str(tmp_path / "lock")!r})):
    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode != 0
    waits: list[float] = []
    with locked(tmp_path / "lock", wait=waits.append):
        pass
    assert waits == []
