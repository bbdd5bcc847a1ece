"""All rules, what only a person can judge, and how contradictions between the sources are settled."""

from __future__ import annotations

from .file_rules import FILE_RULES
from .picture_rules import PICTURE_RULES
from .rule import Rule
from .sound_rules import SOUND_RULES

RULES: dict[str, Rule] = {rule.key: rule for rule in (*FILE_RULES, *PICTURE_RULES, *SOUND_RULES)}
"""By key, in the order of the page."""

UNTOLD = (
    ("R-C13", "phone: cinematic mode, PAL, zoom and front camera (only HDR can be told)"),
    ("R-D3", "cloth that reflects, checks, stripes or fine mesh; hair parting; reflections in glasses"),
    ("R-D4", "1.5 m or more between person and screen"),
    ("R-D6", "after the text, a minute of head and hand movement without speech"),
    ("R-D7", "gestures without a meaning of their own: no numbers, no waving"),
    ("R-D8", "no face slimming"),
    ("R-F5", "no text read twice"),
    ("R-F15 to R-F18", "stray hair, earrings, metal, small gaps under an arm"),
    ("R-F22", "a table that neither shines nor shakes"),
)
"""What only a person can judge: listed on the page, so that it is not forgotten."""

READINGS = (
    ("L1", "studio recordings: one source wants 2 minutes, one 3", "under 2 fails, under 3 warns"),
    (
        "L2",
        "the opening silence is 1 to 3 s, 3 s, or more than 3 s",
        "1 s passes; three seconds satisfy every source",
    ),
    (
        "L3",
        "gestures last 2 s at most, or 2 to 3 s; 5 s or more apart, or 6 to 30 s",
        "over 2 s warns, over 3 s fails; less than 5 s apart warns",
    ),
    (
        "L6",
        "sound is absolutely necessary, or not required",
        "required for studio and 4k, not for instant",
    ),
    ("L7", "3 to 5 minutes are asked of every kind, 1 minute of instant", "the kind's own length counts"),
)
"""Where the sources contradict each other, and what is taken here."""
