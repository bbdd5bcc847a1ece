"""What is asked of the sound."""

from __future__ import annotations

from .rule import Rule

SOUND_RULES = (
    Rule(
        "sound",
        "R-C11 R-F24 L6",
        "Sound",
        "required (studio, 4k); instant needs none (where sources disagree, the kind decides)",
        "lips cannot be learned from pairs of sound and picture",
        "record the voice together with the picture",
    ),
    Rule(
        "level",
        "R-C11",
        "Loudness of the voice",
        "-35 to -6 dB of full scale",
        "quiet speech drowns in coding noise; lip-sync becomes inaccurate",
        "come closer to the microphone, or turn the input up",
    ),
    Rule(
        "noise",
        "R-F21 R-G5",
        "Noise",
        "speech 25 dB over it or more (R-G5 asks 30 of recordings for a voice); under 15 fails",
        "lip-sync becomes inaccurate",
        "a quiet room, the microphone close, fans and music off",
    ),
    Rule(
        "echo",
        "R-G5 R-G6",
        "Echo",
        "clarity C50 of 8 dB or more; under 3 fails",
        "sounds smear into each other: lip-sync becomes inaccurate",
        "a furnished room, curtains, the microphone close",
    ),
    Rule(
        "clipping",
        "R-G5 R-G6",
        "Clipped sound",
        "none",
        "the same distortion stays in the voice, and lips are misread",
        "turn the microphone down",
    ),
    Rule(
        "voices",
        "R-F11 R-C11",
        "One voice",
        "only the person filmed",
        "lip recognition is disturbed",
        "listen to it: no other voice, no radio, no interviewer",
    ),
    Rule(
        "sync",
        "R-C11 R-C14",
        "Sound and lips together",
        "within 2 frames (80 ms); 4 frames fail",
        "the avatar learns lips of the wrong moment",
        "move the sound in an editor, in a project of the camera's own frame rate",
    ),
)
"""In the order of the page."""
