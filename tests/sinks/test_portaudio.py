"""A loudspeaker through the real PortAudio and ALSA, in a process of its own.

ALSA's file device stands for the hardware: it writes what it is given, as fast as it comes.
"""

from __future__ import annotations

import ctypes.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ALSA = """
pcm.!default {{ type plug slave {{ pcm "heard" format FLOAT_LE rate 48000 channels 1 }} }}
pcm.heard {{ type file slave.pcm "nothing" file "{file}" format "raw" }}
pcm.nothing {{ type null }}
ctl.!default {{ type null }}
"""

CODE = """
import time
import numpy as np
from renderer.sinks.sound import open_speaker
speaker = open_speaker(48_000)
for first in range(1, 24_000, 1920):
    while speaker.room < 1920:
        time.sleep(0.001)
    assert speaker.play(np.arange(first, first + 1920, dtype=np.float32) / 2**20) == first - 1
while speaker.position < speaker.accepted:
    speaker.attend()
    time.sleep(0.001)
print(speaker.name, speaker.position)
speaker.close()
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not ctypes.util.find_library("portaudio"),
    reason="needs Linux and libportaudio2",
)
def test_every_sample_reaches_the_device_once_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "asound.conf").write_text(ALSA.format(file=tmp_path / "heard.raw"))
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"ALSA_CONFIG_PATH": str(tmp_path / "asound.conf"), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "PortAudio 24960\n"
    heard = np.fromfile(tmp_path / "heard.raw", np.float32)
    heard = heard[np.flatnonzero(heard)[0] : np.flatnonzero(heard)[-1] + 1]
    spoken = heard[heard != 0]
    assert np.array_equal(spoken, np.arange(1, 24_961, dtype=np.float32) / 2**20)
