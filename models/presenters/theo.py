"""Theo: a friendly man in his forties in a grey jacket, standing, in portrait: in a bright room, or keyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arms import Reach
from .backdrops import room
from .coarticulation import Articulation
from .cropped_hair import HAIRLINE, strands
from .human import Human, Shape
from .layers import Boxes
from .lens import Camera
from .performance import Plan
from .presenter import Body, Look, Presenter

if TYPE_CHECKING:
    import bpy

    from .arms import Arms
    from .clothes import Worn

SHAPE = Shape(
    sex="male",
    races={"african": 0.58, "caucasian": 0.30, "asian": 0.12},
    ages={"young": 0.72, "old": 0.28},
    muscles={"average": 0.85, "min": 0.15},
    weights={"average": 0.85, "min": 0.15},
    proportions=0.6,
    details={
        "torso/measure-shoulder-dist-decr": 0.60,
        "torso/torso-scale-horiz-decr": 0.40,
        "head/head-rectangular": 0.20,
        "head/head-scale-horiz-incr": 0.15,
        "head/head-scale-vert-incr": 0.15,
        "head/head-scale-depth-incr": 0.15,
        "torso/torso-vshape-incr": 0.25,
        "torso/measure-waist-circ-decr": 0.45,
        "arms/l-upperarm-shoulder-muscle-decr": 0.6,
        "arms/l-upperarm-fat-decr": 0.5,
        "arms/l-upperarm-muscle-decr": 0.4,
        "arms/l-upperarm-scale-horiz-decr": 0.4,
        "arms/l-lowerarm-scale-horiz-decr": 0.3,
        "head/head-age-incr": 0.35,
        "head/head-fat-decr": 0.15,
        "mouth/mouth-laugh-lines-in": 0.45,
        "eyes/l-eye-bag-incr": 0.35,
        "mouth/mouth-angles-up": 0.25,
        "eyes/l-eye-scale-incr": 0.35,
        "eyes/l-eye-height2-incr": 0.20,
        "nose/nose-scale-horiz-decr": 0.20,
    },
)

FRIENDLY = {
    "mouthSmileLeft": 0.42, "mouthSmileRight": 0.45, "browOuterUpLeft": 0.08, "browOuterUpRight": 0.10,
    "cheekSquintLeft": 0.20, "cheekSquintRight": 0.20, "eyeWideLeft": 0.08, "eyeWideRight": 0.10,
}  # fmt: skip
"""Face units of the resting face; everything he does comes on top."""

TEXT = (
    "Good morning, and welcome. I am Theo, and I will be glad to show you how things work around here. "
    "Just ask your question aloud, the way you would ask a colleague: when does the museum close, "
    "how much is a ticket, is there a lift, where may I leave my bag? "
    "If you speak while I am speaking, I shall stop and listen to you. That is only polite. "
    "You need not shout, and you cannot break anything.",
    "My uncle used to keep a small boat in the bay, and every Friday we rowed out before five. "
    "He would fetch a thermos of coffee, a huge loaf of bread, and a jar of plum jam. "
    "We watched the fog move off the water, then the whole valley turned orange and gold. "
    "I have never been a great fisherman, but I do remember how quiet those mornings were.",
    "Here is how to find us. Leave the train at the fourth station and walk over the white bridge. "
    "The museum is the third house on your left, just beyond the bookshop with the yellow door. "
    "Children under twelve pay nothing; for everybody else the usual fee is seven pounds. "
    "The roof garden opens at half past two, and from there you can view most of the town. "
    "Should it rain, there are umbrellas in the box beside the entrance.",
    "Let me finish with a few words that show how I move my mouth: pleasure, beige, judge, church, thought, "
    "weather, youth, bubble, wolf, vivid, mummy, shoes, oil, hour, ear, pure, and goodbye. "
    "Thank you very much for your patience. I look forward to your first question, so please go ahead.",
)
"""Every viseme of English in many contexts; gestures come between the paragraphs."""


def dress(human: Human, arms: Arms | None) -> list[Worn]:
    """A grey jacket over a light blue shirt."""
    from .blazer import Cut, blazer  # Blender
    from .shirt import Fit, shirt

    assert arms is not None
    made = Cut(
        bottom=-0.06, top=0.79, button=(0.004, 0.390), side_of_neck=(0.072, 0.668),
        nape=((-0.06, 0.640), (0.075, 0.700)), neck=0.072, shoulder=(0.195, 0.54, 0.024),
        buttons=(0.352, 0.255), sleeves=0.35, dense=0.014,
    )  # fmt: skip
    fit = Fit(neckline=((-0.088, 0.660), (0.042, 0.724)), notch=0.578, bottom=0.345, half=(0.046, 0.100))
    return [*blazer(human, arms, made=made, look=flannel), *shirt(human, arms, fit)]


def flannel() -> bpy.types.Material:
    """Warm mid-grey suiting."""
    from . import materials  # Blender

    return materials.woven("flannel", (0.056, 0.060, 0.069), 0.82, 0.30)


def light() -> None:
    """Daylight."""
    from .daylight import set_daylight

    set_daylight()


THEO = Presenter(
    name="theo",
    shape=SHAPE,
    look=Look(
        skin=(0.30, 0.155, 0.095),
        skin_darker=(0.235, 0.112, 0.066),
        skin_red=(0.31, 0.115, 0.080),
        lips=(0.225, 0.092, 0.074),
        lips_lighter=(0.28, 0.118, 0.097),
        stubble=0.62,
        stubble_colour=(0.085, 0.058, 0.048),
        socket=(0.20, 0.090, 0.062),
        mottle=0.9,
        hair_melanin=1.0,
        hair_redness=0.05,
        brow_melanin=0.97,
        blush=0.7,
        teeth=((0.80, 0.72, 0.60), (0.94, 0.91, 0.85)),
        teeth_glow=0.05,
        iris=((0.030, 0.016, 0.008), (0.10, 0.055, 0.024)),
    ),
    rest=FRIENDLY,
    brow_raise={"browInnerUp": 0.5, "browOuterUpLeft": 0.6, "browOuterUpRight": 0.6},
    camera=Camera(
        width=720, height=1280, target=(0.0, -0.10, 0.562), distance=3.4, view_width=0.535, above=0.20,
        stop=4.0, focus=-0.02,
    ),
    boxes=Boxes(
        whole=(0, 0, 720, 1280),
        mouth=(268, 316, 452, 474),
        eyes=(276, 226, 444, 318),
        hands=(0, 540, 720, 1280),
    ),
    body=Body(chest=(0.36, 0.55), sway=0.5),
    plan=Plan(
        listen=14.0, cycle=300, tail=2.0, gestures=("open-hands", "nod", "tilt"), sway=1.5,
        pose=(0.0, -1.6, -1.2),
        articulation=Articulation(
            jaw=1.3, pucker=1.05, funnel=1.3, narrowing=0.3, unsmiling=0.35, raising=1.6, thinning=0.4,
            spreading=1.0, sobering=0.4,
        ),
    ),
    text=TEXT,
    voice="en-us",
    words_per_minute=160,
    pitch=36,
    keys=30,
    hair=strands,
    hairline=HAIRLINE,
    dress=dress,
    light=light,
    behind=room,
    neck=(0.55, 0.092),
    reach=Reach(
        wrist=(0.115, -0.235, 0.265), elbow=(0.35, 0.6, -0.5), fingers=(-0.90, -0.28, -0.15),
        palm=(-0.25, 0.85, -0.35), curl=(0.2, 0.2, 0.22, 0.24, 0.26), uneven=(0.0, -0.035, 0.012),
    ),
    opened=Reach(
        wrist=(0.158, -0.285, 0.280), elbow=(0.35, 0.6, -0.5), fingers=(0.22, -0.93, 0.10),
        palm=(-0.42, -0.10, 0.88), curl=(0.12, 0.10, 0.14, 0.18, 0.22), spread=0.05,
        uneven=(-0.004, 0.008, 0.0),
    ),
)  # fmt: skip
