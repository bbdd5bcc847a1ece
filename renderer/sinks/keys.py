"""What a viewer may ask for at the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

MOST_GESTURES = 9


class WindowEvent(Enum):
    """What the viewer did."""

    CLOSE = "close"
    INTERRUPT = "interrupt"
    PAUSE = "pause"
    TOGGLE_FULLSCREEN = "toggle-fullscreen"
    TOGGLE_RATE = "toggle-rate"
    TOGGLE_HELP = "toggle-help"
    TOGGLE_SUBTITLES = "toggle-subtitles"
    GESTURE_1 = "gesture-1"
    GESTURE_2 = "gesture-2"
    GESTURE_3 = "gesture-3"
    GESTURE_4 = "gesture-4"
    GESTURE_5 = "gesture-5"
    GESTURE_6 = "gesture-6"
    GESTURE_7 = "gesture-7"
    GESTURE_8 = "gesture-8"
    GESTURE_9 = "gesture-9"


GESTURES = tuple(event for event in WindowEvent if event.value.startswith("gesture"))
"""The events of the keys 1 to 9, in their order."""


def key_events(pygame: Any, gestures: int) -> dict[int, WindowEvent]:
    """What each key asks for; so many gestures have one."""
    keys = {
        pygame.K_ESCAPE: WindowEvent.CLOSE,
        pygame.K_q: WindowEvent.CLOSE,
        pygame.K_SPACE: WindowEvent.INTERRUPT,
        pygame.K_p: WindowEvent.PAUSE,
        pygame.K_s: WindowEvent.TOGGLE_SUBTITLES,
        pygame.K_F11: WindowEvent.TOGGLE_FULLSCREEN,
        pygame.K_f: WindowEvent.TOGGLE_RATE,
        pygame.K_h: WindowEvent.TOGGLE_HELP,
    }
    return keys | {pygame.K_1 + number: event for number, event in enumerate(GESTURES[:gestures])}


def help_lines(gestures: Sequence[str]) -> list[str]:
    """What the help overlay says."""
    return [
        "Esc  close",
        "Space  interrupt",
        "P  pause",
        *(f"{number}  {name}" for number, name in enumerate(gestures[:MOST_GESTURES], 1)),
        "S  subtitles",
        "F11  full screen",
        "F  frame rate",
        "H  this help",
    ]
