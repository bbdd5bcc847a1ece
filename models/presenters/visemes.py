"""What the mouth does for each English phoneme, as weights of ARKit face units.

At weight 1 this base mesh's jaw opens the lips by 34 mm, so speech stays far below: an open vowel is
0.3. ``mouthClose`` closes exactly as far as ``jawOpen`` opens; closures are made with it in performance.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SIDES = ("Left", "Right")
PAIRED = {
    "mouthSmile", "mouthStretch", "mouthLowerDown", "mouthUpperUp", "mouthPress", "mouthDimple", "mouthFrown",
}  # fmt: skip
"""Units with a left and a right, named here once."""


@dataclass(frozen=True, slots=True)
class Viseme:
    """A target shape and how strongly it insists against its neighbours."""

    units: dict[str, float] = field(default_factory=dict)
    lips: float = 1.0
    """Dominance over the lips; a closure or rounding hardly yields."""
    jaw: float = 1.0
    """Dominance over the jaw."""
    spread: float = 0.075
    """Seconds within which it colours its neighbours; rounding starts early."""
    closed: bool = False
    """Lips touch."""
    tongue: float = 0.0
    """Tip raised or between the teeth, weight of tongueOut."""


REST = Viseme({"jawOpen": 0.0}, lips=0.8, jaw=0.8, spread=0.10)
CLOSED = Viseme({"jawOpen": 0.045, "mouthPress": 0.14, "mouthRollLower": 0.10}, 9.0, 2.0, 0.050, closed=True)
LIP_TEETH = Viseme(
    {"jawOpen": 0.060, "mouthRollLower": 0.52, "mouthUpperUp": 0.22, "mouthShrugLower": 0.22}, 6.0, 3.0, 0.055
)
BETWEEN_TEETH = Viseme(
    {"jawOpen": 0.105, "mouthLowerDown": 0.22, "mouthUpperUp": 0.10, "mouthStretch": 0.06},
    1.0,
    1.6,
    0.06,
    tongue=0.40,
)
RIDGE = Viseme(
    {"jawOpen": 0.080, "mouthLowerDown": 0.20, "mouthUpperUp": 0.08, "mouthStretch": 0.06}, 0.6, 1.0, 0.055
)
SIDE_AIR = Viseme(
    {"jawOpen": 0.120, "mouthLowerDown": 0.22, "mouthUpperUp": 0.10}, 0.6, 1.0, 0.06, tongue=0.15
)
HISS = Viseme(
    {"jawOpen": 0.035, "mouthLowerDown": 0.34,
     "mouthUpperUp": 0.22, "mouthStretch": 0.20, "mouthSmile": 0.06}, 1.3, 3.0, 0.06,
)  # fmt: skip
HUSH = Viseme(
    {"jawOpen": 0.060, "mouthFunnel": 0.52, "mouthPucker": 0.22, "mouthLowerDown": 0.10,
     "mouthUpperUp": 0.12}, 3.0, 2.5, 0.08,
)  # fmt: skip
BACK = Viseme({"jawOpen": 0.115, "mouthLowerDown": 0.12}, 0.5, 0.8, 0.06)
BREATH = Viseme({"jawOpen": 0.12, "mouthLowerDown": 0.10}, 0.25, 0.4, 0.06)
CURLED = Viseme({"jawOpen": 0.085, "mouthPucker": 0.30, "mouthFunnel": 0.24}, 1.6, 1.0, 0.07)
GLIDE_W = Viseme({"jawOpen": 0.070, "mouthPucker": 0.78, "mouthFunnel": 0.14}, 4.0, 1.6, 0.08)
SPREAD = Viseme(
    {"jawOpen": 0.075, "mouthStretch": 0.26, "mouthSmile": 0.22, "mouthLowerDown": 0.24,
     "mouthUpperUp": 0.12}, 1.4, 1.4, 0.075,
)  # fmt: skip
SHORT_I = Viseme(
    {"jawOpen": 0.115, "mouthStretch": 0.12, "mouthSmile": 0.08, "mouthLowerDown": 0.20}, 0.9, 1.0
)
MID_E = Viseme(
    {"jawOpen": 0.185, "mouthStretch": 0.16, "mouthSmile": 0.08, "mouthLowerDown": 0.22,
     "mouthUpperUp": 0.12}, 1.2, 1.4,
)  # fmt: skip
OPEN_AE = Viseme(
    {"jawOpen": 0.270, "mouthStretch": 0.18, "mouthSmile": 0.08, "mouthLowerDown": 0.24,
     "mouthUpperUp": 0.14}, 1.3, 1.8, 0.085,
)  # fmt: skip
OPEN_A = Viseme({"jawOpen": 0.310, "mouthLowerDown": 0.14, "mouthUpperUp": 0.08}, 1.2, 1.8, 0.085)
NEUTRAL = Viseme({"jawOpen": 0.145, "mouthLowerDown": 0.12, "mouthUpperUp": 0.05}, 0.6, 0.8, 0.06)
TURNED_V = Viseme({"jawOpen": 0.220, "mouthLowerDown": 0.16, "mouthUpperUp": 0.08}, 0.9, 1.3)
ROUND_O = Viseme({"jawOpen": 0.250, "mouthFunnel": 0.40, "mouthPucker": 0.08}, 2.0, 1.6, 0.085)
CLOSE_O = Viseme({"jawOpen": 0.150, "mouthFunnel": 0.34, "mouthPucker": 0.44}, 2.6, 1.4, 0.085)
SHORT_U = Viseme({"jawOpen": 0.100, "mouthFunnel": 0.26, "mouthPucker": 0.46}, 2.2, 1.2, 0.08)
CLOSE_U = Viseme({"jawOpen": 0.088, "mouthFunnel": 0.20, "mouthPucker": 0.78}, 3.4, 1.4, 0.085)

PHONEMES: dict[str, tuple[Viseme, ...]] = {
    "": (REST,),
    "p": (CLOSED,), "b": (CLOSED,), "m": (CLOSED,), "f": (LIP_TEETH,), "v": (LIP_TEETH,),
    "θ": (BETWEEN_TEETH,), "ð": (BETWEEN_TEETH,), "t": (RIDGE,), "d": (RIDGE,), "n": (RIDGE,), "ɾ": (RIDGE,),
    "l": (SIDE_AIR,), "s": (HISS,), "z": (HISS,), "ʃ": (HUSH,), "ʒ": (HUSH,), "tʃ": (HUSH,), "dʒ": (HUSH,),
    "k": (BACK,), "ɡ": (BACK,), "ŋ": (BACK,), "h": (BREATH,), "ʔ": (BACK,), "ɹ": (CURLED,), "w": (GLIDE_W,),
    "j": (SPREAD,), "i": (SPREAD,), "ɪ": (SHORT_I,), "ᵻ": (SHORT_I,), "e": (MID_E,), "ɛ": (MID_E,),
    "æ": (OPEN_AE,), "a": (OPEN_A,), "ɑ": (OPEN_A,), "ɒ": (ROUND_O,), "ɔ": (ROUND_O,), "o": (CLOSE_O,),
    "ʊ": (SHORT_U,), "u": (CLOSE_U,), "ə": (NEUTRAL,), "ɐ": (NEUTRAL,), "ʌ": (TURNED_V,), "ɜ": (CURLED,),
    "ɚ": (CURLED,), "ɝ": (CURLED,), "əl": (NEUTRAL, SIDE_AIR), "n̩": (RIDGE,),
    "aɪ": (OPEN_A, SHORT_I), "aʊ": (OPEN_A, SHORT_U), "eɪ": (MID_E, SPREAD), "ɔɪ": (ROUND_O, SHORT_I),
    "oʊ": (ROUND_O, CLOSE_U), "əʊ": (NEUTRAL, CLOSE_U), "ɪə": (SHORT_I, NEUTRAL), "eə": (MID_E, NEUTRAL),
    "iə": (SPREAD, NEUTRAL), "aɪə": (OPEN_A, SHORT_I, NEUTRAL), "aɪɚ": (OPEN_A, SHORT_I, CURLED),
    "oːɹ": (ROUND_O, CURLED), "ɔːɹ": (ROUND_O, CURLED), "ɑːɹ": (OPEN_A, CURLED), "ɛɹ": (MID_E, CURLED),
    "ɪɹ": (SHORT_I, CURLED), "ʊɹ": (SHORT_U, CURLED),
}  # fmt: skip
"""IPA as espeak-ng writes it -> one or more visemes in turn."""


def visemes_of(phoneme: str) -> tuple[Viseme, ...]:
    """The visemes of a phoneme; unknown ones by their parts."""
    if phoneme in PHONEMES:
        return PHONEMES[phoneme]
    plain = phoneme.replace("ː", "").replace("ʲ", "")
    if plain in PHONEMES:
        return PHONEMES[plain]
    parts = [viseme for sign in plain for viseme in PHONEMES.get(sign, ())]
    return tuple(parts) or (NEUTRAL,)


def expanded(units: dict[str, float]) -> dict[str, float]:
    """Paired units written out for both sides."""
    found: dict[str, float] = {}
    for name, weight in units.items():
        for full in [name + side for side in SIDES] if name in PAIRED else [name]:
            found[full] = weight
    return found
