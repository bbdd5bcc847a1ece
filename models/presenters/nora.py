"""Nora, the default presenter: a friendly woman in her thirties in a blue blazer, at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .arms import Reach
from .coarticulation import Articulation
from .human import Human, Shape
from .layers import Boxes
from .lens import Camera
from .long_hair import HAIRLINE, strands
from .performance import Plan
from .presenter import Body, Look, Presenter

if TYPE_CHECKING:
    from .arms import Arms
    from .clothes import Worn

DESK = 0.222
"""Height of the desk's top, metres."""

SHAPE = Shape(
    sex="female",
    cup=0.15,
    races={"caucasian": 0.72, "asian": 0.16, "african": 0.12},
    ages={"young": 0.86, "old": 0.14},
    muscles={"average": 0.8, "min": 0.2},
    weights={"average": 0.75, "min": 0.25},
    proportions=0.7,
    details={
        "mouth/mouth-scale-horiz-incr": 0.20,
        "mouth/mouth-upperlip-height-incr": 0.15,
        "mouth/mouth-upperlip-volume-incr": 0.35,
        "mouth/mouth-lowerlip-height-incr": 0.15,
        "mouth/mouth-lowerlip-volume-incr": 0.30,
        "mouth/mouth-angles-up": 0.25,
        "mouth/mouth-cupidsbow-incr": 0.20,
        "head/head-oval": 0.35,
        "chin/chin-width-decr": 0.35,
        "chin/chin-jaw-drop-decr": 0.25,
        "cheek/l-cheek-bones-incr": 0.30,
        "nose/nose-scale-horiz-decr": 0.30,
        "nose/nose-hump-decr": 0.35,
        "nose/nose-point-up": 0.20,
        "nose/nose-point-width-decr": 0.25,
        "eyes/l-eye-scale-incr": 0.45,
        "eyes/l-eye-height2-incr": 0.30,
        "eyes/l-eye-corner2-up": 0.20,
        "eyebrows/eyebrows-trans-up": 0.25,
        "neck/neck-scale-horiz-decr": 0.25,
        "neck/neck-scale-vert-decr": 0.45,
    },
)

FRIENDLY = {
    "mouthSmileLeft": 0.40, "mouthSmileRight": 0.38, "browInnerUp": 0.0, "browOuterUpLeft": 0.10,
    "browOuterUpRight": 0.08, "cheekSquintLeft": 0.18, "cheekSquintRight": 0.16, "eyeWideLeft": 0.04,
    "eyeWideRight": 0.02,
}  # fmt: skip
"""Face units of the resting face; everything she does comes on top."""

BROW = np.array([
    # x from the middle, height above the eye, half thickness, lean of the hairs (0 up, 1 outwards); metres
    (0.0115, 0.0168, 0.0010, 0.40), (0.0175, 0.0180, 0.0016, 0.65), (0.0250, 0.0200, 0.0017, 0.95),
    (0.0330, 0.0220, 0.0015, 1.18), (0.0395, 0.0221, 0.0010, 1.38), (0.0460, 0.0196, 0.0006, 1.55),
    (0.0515, 0.0158, 0.0002, 1.65),
])  # fmt: skip
"""The left brow's course."""

TEXT = (
    "Hello, and welcome! My name is Nora, and I am happy that you are here. "
    "You can ask me anything you like: where to find a room, what the weather will do, or which train you "
    "should choose. Most people say their first words quietly, and then we both get used to it. "
    "I hear each word as you speak, so there is no need to push a button or to wait for a beep. "
    "Shall we begin with something easy?",
    "Five boys and a girl were fishing below the old bridge while thick fog moved over the harbour. "
    "Their father brought fresh bread, a jar of honey and half a dozen boiled eggs. "
    "By noon the air was warm enough to swim, though the youth with the yellow cap chose to watch the sheep. "
    "Nobody caught much, but everyone enjoyed the view.",
    "Our shop opens at eight every morning, apart from Thursday and Sunday. "
    "You will find fruit, vegetables and cheese on your left; pasta, rice and good olive oil on your right. "
    "If you would rather have us choose, take one of the wooden boxes by the door. "
    "They hold whatever was picked yesterday, and usually a surprise or two. "
    "Please bring the box back when you have finished with it.",
    "That is about all there is to know for now. "
    "A few more words, so that you know my voice: measure, judge, vision, thirteen, whether, yours, "
    "beautiful, pub, movie, popcorn, ice, usual, azure, and thumb. "
    "Thank you for listening. I am looking forward to our next conversation, and I hope to see you soon.",
)
"""Every viseme of English in many contexts; gestures come between the paragraphs."""


def dress(human: Human, arms: Arms | None) -> list[Worn]:
    """A blue blazer over an ivory top."""
    from .blazer import blazer, silk_top  # Blender

    assert arms is not None
    return [*blazer(human, arms, DESK), silk_top(human, arms)]


def light() -> None:
    """Her studio."""
    from .stage import set_studio

    set_studio(DESK)


NORA = Presenter(
    name="nora",
    shape=SHAPE,
    look=Look(
        skin=(0.62, 0.36, 0.255),
        skin_darker=(0.54, 0.285, 0.19),
        lips=(0.47, 0.112, 0.105),
        lips_lighter=(0.53, 0.165, 0.14),
        stubble=0.0,
        mottle=0.6,
        lid_shade=0.35,
        hair_melanin=0.74,
        hair_redness=0.35,
        brow_melanin=0.66,
        blush=1.25,
        teeth=((0.80, 0.72, 0.60), (0.94, 0.91, 0.85)),
        teeth_glow=0.05,
        iris=((0.030, 0.040, 0.030), (0.13, 0.12, 0.07)),
    ),
    rest=FRIENDLY,
    brow_raise={"browInnerUp": 0.5, "browOuterUpLeft": 0.6, "browOuterUpRight": 0.6},
    camera=Camera(
        target=(0.0, -0.10, 0.487), distance=3.2, view_width=1.12, above=0.16, stop=3.2, focus=-0.02
    ),
    boxes=Boxes(
        whole=(0, 0, 1280, 720),
        mouth=(556, 180, 724, 306),
        eyes=(566, 116, 714, 200),
        hands=(340, 380, 940, 720),
    ),
    body=Body(chest=(0.25, 0.42), sway=0.5),
    plan=Plan(
        listen=14.0,
        cycle=300,
        tail=2.0,
        gestures=("nod", "open-hands", "tilt"),
        sway=1.6,
        pose=(0.0, 1.4, 1.5),
        articulation=Articulation(jaw=1.2, pucker=1.05, funnel=1.5, narrowing=0.5, unsmiling=0.32),
    ),
    text=TEXT,
    voice="en-us+f3",
    words_per_minute=160,
    pitch=52,
    keys=32,
    hair=strands,
    hairline=HAIRLINE,
    dress=dress,
    light=light,
    neck=(0.385, 0.10),
    lashes=2.0,
    brows=BROW,
    brow_hairs=330,
    reach=Reach(
        wrist=(0.128, -0.265, DESK + 0.058), elbow=(0.26, 0.4, -0.7), fingers=(-0.74, -0.62, -0.06),
        palm=(-0.20, -0.10, -1.0), curl=(0.15, 0.09, 0.10, 0.10, 0.11), uneven=(-0.010, 0.018, 0.0),
    ),
    opened=Reach(
        wrist=(0.166, -0.280, DESK + 0.072), elbow=(0.26, 0.4, -0.7), fingers=(0.05, -0.95, 0.22),
        palm=(-0.80, -0.15, 0.60), curl=(0.15, 0.15, 0.2, 0.25, 0.3), spread=0.05,
        uneven=(-0.004, 0.008, 0.0),
    ),
)  # fmt: skip
