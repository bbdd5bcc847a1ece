"""What things look like. All textures are procedural, written here; nothing is photographed.

The skin's two masks in texture space (lips, inside of the mouth) come with the CC0 base mesh; all other
regions are mesh attributes that face.py paints from the geometry.
"""

from __future__ import annotations

from typing import Any

import bpy

from .human import human_folder
from .nodes import Colour, Nodes
from .presenter import Look

MOUTH: Colour = (0.34, 0.075, 0.065)
DARK: Colour = (0.05, 0.035, 0.03)
"""What is left of a colour deep inside the mouth."""


def skin(look: Look) -> bpy.types.Material:
    """Mottled, slightly translucent skin with pores, lips, and a close shave's shadow."""
    n = Nodes("skin")
    rest = n.attribute("rest").outputs["Vector"]
    textures = human_folder() / "mpfb2/textures"
    lips = n.ramp(n.picture(str(textures / "mpfb_lips.jpg")), 0.1, 0.95)
    mouth = n.ramp(n.picture(str(textures / "mpfb_inside-mouth.jpg")), 0.2, 0.9)
    red = n.attribute("red").outputs["Fac"]
    stubble = n.attribute("stubble").outputs["Fac"]
    scalp = n.attribute("scalp").outputs["Fac"]
    socket = n.attribute("socket").outputs["Fac"]

    mottle = n.noise(rest, 75.0, 2.0)
    fine = n.noise(rest, 420.0, 1.0)
    colour = n.mix(n.ramp(mottle, 0.36, 0.72, 0.0, 0.34 * look.mottle), look.skin, look.skin_darker)
    colour = n.mix(
        n.math("MULTIPLY", red, n.ramp(mottle, 0.2, 0.8, 0.36 * look.blush, 0.58 * look.blush)),
        colour,
        look.skin_red,
    )
    colour = n.mix(n.ramp(fine, 0.30, 0.70, 0.0, 0.30 * look.mottle), colour, look.skin_darker)
    colour = n.mix(n.math("MULTIPLY", socket, 0.45), colour, look.socket)
    lid = n.attribute("lid").outputs["Fac"]
    colour = n.mix(n.math("MULTIPLY", lid, look.lid_shade), colour, (0.20, 0.095, 0.075))
    blink = n.attribute("blink").outputs["Fac"]  # thin skin, darker and redder; it folds in a crease
    colour = n.mix(n.ramp(blink, 0.35, 0.85, 0.0, 0.20 + 0.35 * look.lid_shade), colour, (0.33, 0.145, 0.11))
    crease = n.math("MULTIPLY", n.ramp(blink, 0.46, 0.60), n.ramp(blink, 0.78, 0.64))
    colour = n.mix(n.math("MULTIPLY", crease, 0.30), colour, (0.20, 0.085, 0.06))
    line = n.attribute("lash line").outputs["Fac"]
    colour = n.mix(
        n.math("MULTIPLY", line, 0.25 + 1.2 * look.lid_shade, clamp=True), colour, (0.05, 0.025, 0.02)
    )
    dots = n.ramp(n.noise(rest, 700.0, 0.0), 0.3, 0.7, 0.72, 1.0)
    shadow = n.math("MULTIPLY", stubble, n.math("MULTIPLY", dots, look.stubble))
    colour = n.mix(shadow, colour, look.stubble_colour)
    colour = n.mix(n.math("MULTIPLY", scalp, 0.85), colour, (0.075, 0.045, 0.03))
    streaks = n.noise(n.scale(rest, (1.0, 0.6, 0.16)), 900.0, 0.0)
    lip_colour = n.mix(n.ramp(streaks, 0.3, 0.7, 0.0, 0.5), look.lips, look.lips_lighter)
    colour = n.mix(n.math("MULTIPLY", lips, 0.82), colour, lip_colour)
    colour = n.mix(mouth, colour, MOUTH)

    rough = n.ramp(mottle, 0.3, 0.7, 0.44, 0.56)
    rough = n.math("SUBTRACT", rough, n.math("MULTIPLY", lips, 0.13))
    rough = n.math("SUBTRACT", rough, n.math("MULTIPLY", mouth, 0.15))
    plain = n.math("SUBTRACT", 1.0, n.math("MAXIMUM", lips, mouth), clamp=True)
    relief = n.math("MULTIPLY", plain, n.noise(rest, 520.0, 1.0))
    relief = n.math("ADD", relief, n.math("MULTIPLY", lips, n.math("MULTIPLY", streaks, 1.6)))
    normal = n.bump(relief, 0.00022, 0.6)
    shader = n.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": colour, "Roughness": rough, "Normal": normal, "IOR": 1.42,
            "Subsurface Weight": 1.0, "Subsurface Radius": (1.0, 0.36, 0.19), "Subsurface Scale": 0.0045,
            "Coat Weight": n.math("MULTIPLY", lips, 0.12), "Coat Roughness": 0.35,
        },
        subsurface_method="BURLEY",
    )  # fmt: skip
    return n.finish(shader)


def eye(look: Look) -> bpy.types.Material:
    """White with a few veins, a limbal ring, a hazel iris and the pupil; wet."""
    n = Nodes("eye")
    local = n.attribute("rest").outputs["Vector"]
    """Millimetres, gaze along -y."""
    flat = n.scale(local, (1.0, 0.0, 1.0))
    radius = n.add("ShaderNodeVectorMath", {0: flat}, operation="LENGTH").outputs["Value"]
    parts = n.add("ShaderNodeSeparateXYZ", {0: local}).outputs
    angle = n.math("ARCTAN2", parts[2], parts[0])
    around = n.add("ShaderNodeCombineXYZ", {0: n.math("COSINE", angle), 1: n.math("SINE", angle)}).outputs[0]
    spokes = n.noise(around, 9.0, 5.0, 0.7)
    iris = n.mix(n.ramp(spokes, 0.3, 0.7), *look.iris)
    iris = n.mix(n.ramp(radius, 4.4, 2.6), iris, (0.085, 0.042, 0.016))
    iris = n.mix(n.ramp(parts[2], -3.0, 6.0), iris, (0.05, 0.03, 0.015))
    iris = n.mix(n.ramp(radius, 5.4, 6.7), iris, (0.018, 0.016, 0.018))
    iris = n.mix(n.ramp(radius, 2.75, 2.45), iris, (0.002, 0.002, 0.002))
    veins = n.ramp(n.noise(local, 0.35, 6.0, 0.75), 0.55, 0.75)
    white = n.mix(n.ramp(radius, 7.5, 13.5), (0.72, 0.69, 0.65), (0.62, 0.42, 0.36))
    white = n.mix(n.math("MULTIPLY", veins, 0.30), white, (0.58, 0.27, 0.22))
    colour = n.mix(n.ramp(radius, 6.5, 7.15), iris, white)
    shader = n.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": colour, "Roughness": 0.06, "IOR": 1.40, "Subsurface Weight": 0.15,
            "Subsurface Radius": (1.0, 0.4, 0.3), "Subsurface Scale": 0.002,
        },
        subsurface_method="BURLEY",
    )  # fmt: skip
    return n.finish(shader)


class Shade:
    """How light it is inside the mouth, 0 to 1: one number in several materials, set for every picture."""

    def __init__(self) -> None:
        self._sockets: list[Any] = []

    def over(self, n: Nodes, colour: Any) -> Any:
        """The colour as it is in that light."""
        value = n.add("ShaderNodeValue").outputs[0]
        value.default_value = 1.0
        self._sockets.append(value)
        return n.mix(value, n.mix(1.0, colour, DARK, blend="MULTIPLY"), colour)

    def set(self, light: float) -> None:
        """For all pictures from now on."""
        for socket in self._sockets:
            socket.default_value = light


def teeth(look: Look, shade: Shade) -> bpy.types.Material:
    """Light ivory, a little darker towards the gum and the back."""
    n = Nodes("teeth")
    height = n.attribute("height").outputs["Fac"]
    depth = n.attribute("depth").outputs["Fac"]
    colour = n.mix(n.ramp(height, 0.0, 0.75), *look.teeth)
    colour = n.mix(n.ramp(depth, 0.1, 1.0), colour, (0.36, 0.25, 0.18))
    colour = shade.over(n, colour)
    shader = n.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": colour, "Roughness": 0.22, "IOR": 1.5, "Subsurface Weight": 0.3,
            "Subsurface Radius": (1.0, 0.8, 0.6), "Subsurface Scale": 0.0015,
            "Emission Color": colour, "Emission Strength": look.teeth_glow,
        },
        subsurface_method="BURLEY",
    )  # fmt: skip
    return n.finish(shader)


def flesh(name: str, colour: Colour, roughness: float, shade: Shade) -> bpy.types.Material:
    """Wet flesh: gums and tongue."""
    n = Nodes(name)
    rest = n.attribute("rest").outputs["Vector"]
    tint = n.mix(n.ramp(n.noise(rest, 300.0), 0.3, 0.7, 0.0, 0.4), colour, tuple(c * 0.65 for c in colour))
    tint = shade.over(n, tint)
    shader = n.add(
        "ShaderNodeBsdfPrincipled",
        {"Base Color": tint, "Roughness": roughness, "Normal": n.bump(n.noise(rest, 700.0), 0.0004, 0.6)},
    )
    return n.finish(shader)


def hair(name: str, melanin: float, redness: float = 0.30, roughness: float = 0.34) -> bpy.types.Material:
    """Strands with pigment."""
    n = Nodes(name)
    shader = n.add(
        "ShaderNodeBsdfHairPrincipled",
        {
            "Melanin": melanin, "Melanin Redness": redness, "Roughness": roughness, "Radial Roughness": 0.45,
            "Random Color": 0.25, "Random Roughness": 0.15,
        },
        model="CHIANG", parametrization="MELANIN",
    )  # fmt: skip
    return n.finish(shader)


def knit(name: str, colour: Colour) -> bpy.types.Material:
    """Fine knitted wool: rows of stitches as relief, a faint mottle, and a soft sheen."""
    n = Nodes(name)
    rest = n.attribute("rest").outputs["Vector"]
    parts = n.add("ShaderNodeSeparateXYZ", {0: n.attribute("cloth").outputs["Vector"]}).outputs
    columns = n.math("ABSOLUTE", n.math("SINE", n.math("MULTIPLY", parts[0], 1150.0)))
    slant = n.math("ADD", n.math("MULTIPLY", parts[1], 900.0), n.math("MULTIPLY", columns, 1.1))
    stitches = n.math("MULTIPLY", columns, n.math("ABSOLUTE", n.math("SINE", slant)))
    fuzz = n.noise(rest, 1500.0, 2.0)
    tint = n.mix(n.ramp(stitches, 0.05, 0.7), tuple(c * 0.75 for c in colour), colour)
    tint = n.mix(n.ramp(n.noise(rest, 30.0), 0.35, 0.65, 0.0, 0.25), tint, tuple(c * 0.7 for c in colour))
    normal = n.bump(n.math("ADD", stitches, n.math("MULTIPLY", fuzz, 0.6)), 0.0008, 0.7)
    shader = n.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": tint, "Roughness": 0.85, "Normal": normal, "Specular IOR Level": 0.2,
            "Sheen Weight": 0.25, "Sheen Roughness": 0.4,
        },
    )  # fmt: skip
    return n.finish(shader)


def woven(name: str, colour: Colour, roughness: float, sheen: float) -> bpy.types.Material:
    """Cloth from the loom: threads too fine to see one by one, a mottle, and sheen at grazing angles."""
    n = Nodes(name)
    rest = n.attribute("rest").outputs["Vector"]
    cloth = n.attribute("cloth").outputs["Vector"]
    threads = n.noise(n.scale(cloth, (2600.0, 700.0, 700.0)), 1.0, 1.0)
    mottle = n.noise(rest, 260.0, 3.0)
    tint = n.mix(n.ramp(mottle, 0.3, 0.7, 0.0, 0.35), colour, tuple(c * 0.72 for c in colour))
    relief = n.math("ADD", n.math("MULTIPLY", threads, 0.6), n.noise(rest, 900.0, 2.0))
    shader = n.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": tint, "Roughness": roughness, "Normal": n.bump(relief, 0.0003, 0.35),
            "Specular IOR Level": 0.2, "Sheen Weight": sheen, "Sheen Roughness": 0.4,
        },
    )  # fmt: skip
    return n.finish(shader)


def polished(name: str, colour: Colour, roughness: float) -> bpy.types.Material:
    """A smooth hard surface."""
    n = Nodes(name)
    shader = n.add("ShaderNodeBsdfPrincipled", {"Base Color": colour, "Roughness": roughness})
    return n.finish(shader)
