"""What makes one presenter: everything that milo.py and nora.py decide, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .human import Shape
from .layers import Boxes
from .lens import Camera
from .performance import Plan

Colour = tuple[float, float, float]

if TYPE_CHECKING:
    from .arms import Arms, Reach
    from .clothes import Worn
    from .hair import Scalp
    from .human import Floats, Human
    from .pictures import Picture
    from .strands import Strands


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, linear RGB, and amounts from 0 to 1."""

    skin: Colour = (0.60, 0.345, 0.235)
    skin_darker: Colour = (0.50, 0.255, 0.165)
    skin_red: Colour = (0.60, 0.195, 0.135)
    lips: Colour = (0.44, 0.165, 0.130)
    lips_lighter: Colour = (0.52, 0.22, 0.175)
    stubble: float = 0.60
    stubble_colour: Colour = (0.30, 0.225, 0.195)
    """Of skin with hair below it."""
    socket: Colour = (0.42, 0.205, 0.165)
    """Around the eyes."""
    mottle: float = 1.0
    """How uneven the skin's colour is."""
    lid_shade: float = 0.0
    """Make-up on the upper lid and along the lashes."""
    hair_melanin: float = 0.92
    hair_redness: float = 0.30
    brow_melanin: float = 0.92
    blush: float = 1.0
    """Times the usual redness of cheeks, nose and chin."""
    teeth: tuple[Colour, Colour] = ((0.66, 0.57, 0.44), (0.84, 0.79, 0.70))
    """At the gum and at the edge."""
    teeth_glow: float = 0.0
    """Light that teeth give off by themselves: few bounces reach the inside of a mouth."""
    iris: tuple[Colour, Colour] = ((0.045, 0.026, 0.012), (0.16, 0.095, 0.042))
    """Dark and light spokes."""


@dataclass(frozen=True, slots=True)
class Body:
    """How breath and sway take the body along."""

    chest: tuple[float, float]
    """Heights between which they set in: still below, moving above; metres."""
    sway: float = 0.0
    """Share of the head's travel that the shoulders join in."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """One person who does not exist."""

    name: str
    shape: Shape
    look: Look
    rest: dict[str, float]
    """Face units of the resting face; everything else comes on top."""
    brow_raise: dict[str, float]
    """What raised brows are; performance.py says how much."""
    camera: Camera
    boxes: Boxes
    body: Body
    plan: Plan
    text: tuple[str, ...]
    """Paragraphs; between them there is room for gestures."""
    voice: str
    words_per_minute: int
    pitch: int
    hair: Callable[[Scalp], Strands]
    hairline: Floats
    dress: Callable[[Human, Arms | None], list[Worn]]
    light: Callable[[], None]
    """Sets lights, and furniture and backdrop unless they come from `behind`."""
    neck: tuple[float, float]
    """Skin below this height or further out than this is under clothes and left out; metres."""
    keys: int = 30
    """Mouths to render."""
    lashes: float = 1.0
    """Thickness."""
    brows: Floats | None = None
    """Course of the left brow; hair.BROW if none."""
    brow_hairs: int = 480
    """On each side."""
    reach: Reach | None = None
    """Where the hands rest; none: arms hang."""
    opened: Reach | None = None
    """Where they are when opened."""
    behind: Callable[[int, int], Picture] | None = None
    """Draws what is behind a person rendered before nothing: width, height -> BGR (h, w, 3)."""
