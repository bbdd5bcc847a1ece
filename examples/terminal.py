"""A conversation in the terminal: listening, speaking, a gesture, an interruption, listening again.

python examples/terminal.py speech.wav [FOLDER]

The avatar is drawn in coloured half blocks, with its sound; a line below says what it does. With a FOLDER a
strip of pictures is written across each change. Piped into a file it only says what happens.
"""

import shutil
import sys
from collections import deque
from itertools import islice
from pathlib import Path

import av
import numpy as np

from renderer import open_avatar
from renderer.audio import load_sound
from renderer.sinks.player import play
from renderer.sinks.sound import open_speaker
from renderer.timeline import Timeline

RATE = 48_000
BEFORE, AFTER = 3, 12  # frames of a strip before a change and from it on
TALL = 240  # pixels of a strip


def conversation(session, speech):
    """The frames to show, and what happens meanwhile."""
    yield from islice(session, 50)
    session.push(speech, RATE)
    yield from islice(session, 75)
    if session.gestures:
        session.gesture(session.gestures[0])
        was_made = False
        for frame in session:
            yield frame
            if was_made and frame.gesture is None:
                break
            was_made = frame.gesture is not None
    yield from islice(session, 25)
    session.interrupt()
    yield from islice(session, 75)


class Terminal:
    """What `renderer.sinks.player.play` shows frames on: anything with `show` and `events`."""

    def __init__(self, folder):
        self.folder = folder
        self.given = deque()  # frames asked for; the player throws some of them away again
        self.last = deque(maxlen=BEFORE)
        self.strips = []  # name, and the pictures so far
        self.doing = None

    def watch(self, frames):
        for frame in frames:
            self.given.append(frame)
            yield frame

    def events(self):
        return iter(())  # nobody presses a key

    def show(self, pixels):
        while (frame := self.given.popleft()).pixels is not pixels:
            pass
        doing = frame.gesture or frame.state.value
        if doing != self.doing:
            if not sys.stdout.isatty():
                print(f"{frame.index / 25:5.2f} s: {doing}")
            if self.doing and self.folder:
                self.strips.append((f"{len(self.strips) + 1}-{self.doing}-to-{doing}", list(self.last)))
            self.doing = doing
        if sys.stdout.isatty():
            sys.stdout.write(drawn(pixels) + f"\x1b[0m {frame.index / 25:5.1f} s  {doing}\x1b[K")
            sys.stdout.flush()
        if self.folder:
            self.remember(pixels)

    def remember(self, pixels):
        height, width, _ = pixels.shape
        step, left = max(1, height // TALL), max(0, (width - height) // 2)
        small = np.ascontiguousarray(pixels[::step, left : width - left : step])
        self.last.append(small)
        for name, pictures in self.strips:
            if len(pictures) < BEFORE + AFTER:
                pictures.append(small)
                if len(pictures) == BEFORE + AFTER:
                    write_png(self.folder / f"{name}.png", np.concatenate(pictures, axis=1))


def drawn(pixels):
    """A picture for a terminal of 24-bit colours: two pixels in each character, the lower one behind it."""
    columns, lines = shutil.get_terminal_size()
    height, width, _ = pixels.shape
    step = max(-(-width // columns), -(-height // (2 * lines - 2)))
    across, down = width // step, height // (2 * step) * 2
    blocks = pixels[: down * step, : across * step].reshape(down, step, across, step, 3)
    colours = blocks[:, ::2, :, ::2].mean(axis=(1, 3)).astype(int)
    rows = []
    for upper, lower in zip(colours[::2], colours[1::2], strict=True):
        cells = zip(upper.tolist(), lower.tolist(), strict=True)
        rows.append(
            "".join(f"\x1b[38;2;{a};{b};{c}m\x1b[48;2;{d};{e};{f}m▀" for (a, b, c), (d, e, f) in cells)
        )
    return "\x1b[H" + "".join(f"{row}\x1b[0m\x1b[K\n" for row in rows)


def write_png(path, picture):
    with av.open(str(path), "w", format="image2") as file:
        stream = file.add_stream("png")
        stream.height, stream.width, _ = picture.shape
        stream.pix_fmt = "rgb24"
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        file.mux([*stream.encode(frame), *stream.encode(None)])


folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
with open_avatar("nora") as avatar, avatar.session(sound_rate=RATE) as session:
    screen, speaker = Terminal(folder), open_speaker(RATE)
    frames = screen.watch(conversation(session, load_sound(sys.argv[1], RATE)))
    if sys.stdout.isatty():
        print("\x1b[?25l\x1b[2J", end="")  # no cursor, nothing else on the screen
    try:
        stats = play(frames, screen, speaker, Timeline(RATE, avatar.manifest.rate), session=session)
    finally:
        speaker.close()
        if sys.stdout.isatty():
            print("\x1b[?25h")
    print(f"{stats.counts.shown} frames shown, {stats.counts.dropped} dropped")
