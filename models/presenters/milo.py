"""Milo, the provisional default presenter: a friendly man in his thirties in a navy pullover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .human import Human, Shape
from .layers import Boxes
from .lens import Camera
from .performance import Plan
from .presenter import Body, Look, Presenter
from .short_hair import HAIRLINE, strands

if TYPE_CHECKING:
    from .arms import Arms
    from .clothes import Worn

SHAPE = Shape(
    races={"caucasian": 0.72, "asian": 0.14, "african": 0.14},
    ages={"young": 0.82, "old": 0.18},
    muscles={"average": 0.75, "min": 0.25},
    weights={"average": 1.0},
    proportions=0.5,
    details={
        "mouth/mouth-scale-horiz-incr": 0.25,
        "mouth/mouth-upperlip-height-incr": 0.25,
        "mouth/mouth-lowerlip-height-incr": 0.2,
        "mouth/mouth-angles-up": 0.25,
        "head/head-oval": 0.25,
        "eyes/l-eye-scale-incr": 0.40,
        "eyes/l-eye-height2-incr": 0.25,
        "nose/nose-scale-horiz-decr": 0.15,
        "neck/neck-scale-horiz-decr": 0.2,
    },
)

FRIENDLY = {
    "mouthSmileLeft": 0.26, "mouthSmileRight": 0.24, "browInnerUp": 0.0, "browOuterUpLeft": 0.10,
    "browOuterUpRight": 0.08, "cheekSquintLeft": 0.10, "cheekSquintRight": 0.10, "eyeWideLeft": 0.22,
    "eyeWideRight": 0.2,
}  # fmt: skip
"""Face units of the resting face; everything he does comes on top."""

TEXT = (
    "Hello, and welcome! My name is Milo, and I would be happy to show you around. "
    "Few people know how much a good voice can change the mood of a room. "
    "So please choose a topic, or simply ask me anything; the answers usually come very quickly. "
    "Thank you for watching."
)
"""Every viseme of English in more than one context."""


def dress(human: Human, _arms: Arms | None) -> list[Worn]:
    """A navy pullover."""
    from .clothes import pullover  # Blender

    return pullover(human)


def light() -> None:
    """The plain newsroom."""
    from .stage import set_backdrop, set_lights

    set_lights()
    set_backdrop()


MILO = Presenter(
    name="milo",
    shape=SHAPE,
    look=Look(),
    rest=FRIENDLY,
    brow_raise={"browInnerUp": 0.5, "browOuterUpLeft": 0.6, "browOuterUpRight": 0.6},
    camera=Camera(),
    boxes=Boxes(whole=(0, 0, 1280, 720), mouth=(530, 288, 750, 486), eyes=(544, 222, 736, 294)),
    body=Body(chest=(0.42, 0.58)),
    plan=Plan(listen=8.4, cycle=150, tail=1.4),
    text=(TEXT,),
    voice="en-us",
    words_per_minute=160,
    pitch=38,
    hair=strands,
    hairline=HAIRLINE,
    dress=dress,
    light=light,
    neck=(0.57, 0.125),
)
