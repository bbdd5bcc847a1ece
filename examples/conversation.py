"""A live session: speech comes in portions, the listener interrupts, events tell what happens.

python examples/conversation.py speech.wav
"""

import sys
import threading

from renderer import open_avatar
from renderer.audio import read_sound
from renderer.sinks.raw import paced
from renderer.timeline import Timeline

RATE = 48_000


def speak(session, path):
    """As a voice does that makes its speech while it is heard; runs beside the loop that shows frames."""
    for portion in read_sound(path, RATE):
        session.push(portion, RATE)
    session.finish()


with open_avatar() as avatar, avatar.session(variant="540p", sound_rate=RATE) as session:
    session.on("speech_started", lambda: print("speaks"))
    session.on("first_frame", lambda seconds: print(f"after {seconds * 1000:.0f} ms"))
    session.on("speech_ended", lambda interrupted: print("interrupted" if interrupted else "has said it all"))
    session.on("state_changed", lambda state: print("is now", state.value))

    voice = threading.Thread(target=speak, args=(session, sys.argv[1]))
    voice.start()
    spoken = silent = 0
    for frame in paced(session, Timeline(RATE, avatar.manifest.rate)):  # 25 a second
        ...  # show frame.pixels and play frame.sound here
        spoken += frame.utterance is not None
        silent += frame.utterance is None
        if spoken == 50:  # two seconds in, the listener has heard enough
            spoken += 1
            session.interrupt()
        if silent == 50:
            break
    voice.join()
    print(session.statistics)
