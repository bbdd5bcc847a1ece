"""A recording, frame by frame: the shortest way into a program of your own.

python examples/wav_to_frames.py speech.wav
"""

import sys

from renderer import open_avatar

with open_avatar() as avatar:
    for frame in avatar.render(sys.argv[1], after=0.5):
        height, width, _ = frame.pixels.shape  # uint8, R G B
        print(f"frame {frame.index}: {width}x{height}, {len(frame.sound)} samples, {frame.state.value}")
