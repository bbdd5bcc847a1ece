"""A microphone through the real PortAudio and ALSA, in a process of its own.

ALSA's file device stands for the hardware: it gives what is in a file, as fast as it is asked.
"""

from __future__ import annotations

import ctypes.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from renderer.errors import DeviceError
from renderer.sources.microphone import MicrophoneSource

ALSA = """
pcm.!default {{ type plug slave {{ pcm "spoken" format FLOAT_LE rate {rate} channels 1 }} }}
pcm.spoken {{ type file slave.pcm "nothing" file "/dev/null" infile "{file}" format "raw" }}
pcm.nothing {{ type null }}
ctl.!default {{ type null }}
"""

needs_alsa = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not ctypes.util.find_library("portaudio"),
    reason="needs Linux and libportaudio2",
)


def run(tmp_path: Path, code: str, rate: int = 16_000) -> str:
    """What `code` prints where the microphone hears a tone of half full scale."""
    tone = 0.5 * np.sin(np.arange(20 * rate) * 2 * np.pi * 400 / rate)
    (tmp_path / "tone.raw").write_bytes(tone.astype("<f4").tobytes())
    (tmp_path / "asound.conf").write_text(ALSA.format(file=tmp_path / "tone.raw", rate=rate))
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"ALSA_CONFIG_PATH": str(tmp_path / "asound.conf"), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_alsa
def test_a_microphone_is_heard_tick_by_tick(tmp_path: Path) -> None:
    code = """
import numpy as np
from renderer.sources.source import open_source
source = open_source()
ticks = [source.read() for _ in range(20)]
source.close()
assert source.read() is None
print(source.name, {len(tick) for tick in ticks}, round(float(np.abs(np.concatenate(ticks)).max()), 1))
"""
    assert run(tmp_path, code) == "default {640} 0.5\n"


@needs_alsa
def test_close_ends_a_read_in_another_thread(tmp_path: Path) -> None:
    code = """
import threading
from renderer.sources.source import open_source
source = open_source()
def read():
    while source.read() is not None:
        pass
thread = threading.Thread(target=read)
thread.start()
source.close()
thread.join(10)
print(thread.is_alive())
"""
    assert run(tmp_path, code) == "False\n"


@pytest.mark.parametrize("device", [None, "no such microphone", "99"])
def test_a_machine_without_the_microphone_says_so(
    device: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if device is None:
        monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(DeviceError, match=r"no PortAudio|no microphone .*; connect one, or name another"):
        MicrophoneSource(device)
