"""Gestures where they belong: words and gestures come with the sound, at their sample.

python examples/presenter.py speech.wav
"""

import sys
from itertools import islice

from renderer import Cue, open_avatar
from renderer.audio import load_sound

RATE = 16_000

with open_avatar() as avatar, avatar.session(variant="540p") as session:
    speech = load_sound(sys.argv[1], RATE)[: 3 * RATE]
    print("gestures:", ", ".join(session.gestures) or "none recorded")
    cues = [Cue(0, word="Hello!")]
    if session.gestures:
        cues.append(Cue(RATE // 2, gesture=session.gestures[0]))  # half a second in
    session.on("word", lambda text, time: print(f"{time:.2f} s: {text}"))
    session.on("gesture_started", lambda name, time: print(f"{time:.2f} s: {name}"))
    session.push(speech, RATE, cues)
    session.finish()
    for frame in islice(session, 100):
        picture, sound = frame.pixels, frame.sound  # show one while the other is heard
